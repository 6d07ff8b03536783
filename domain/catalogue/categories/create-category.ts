import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { foldForSearch } from '../../search/search-rules';
import { entryTaken } from '../entry-taken';
import type { CategoryFields, CategoryRow } from './category-row';
import { findCategory, findCategoryOfName, readCategory } from './read-category';
import { setCategoryFeatures } from './set-category-features';

export type NewCategory = Pick<CategoryFields, 'name'> &
  Partial<CategoryFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
  };

/**
 * Adds a category of products.
 * @throws AppError already_exists on /name, however it is written; validation_failed at /features/<index>
 */
export async function createCategory(
  tx: TenantTransaction,
  { category, now }: { category: NewCategory; now: Date },
): Promise<CategoryRow> {
  const created = await insertCategory(tx, category, now);

  if (created === null) {
    const own = category.id === undefined ? null : await findCategory(tx, category.id);
    const holder = own === null ? await findCategoryOfName(tx, foldForSearch(category.name)) : null;

    if (own !== null) {
      return own;
    }
    throw entryTaken('category', 'name', holder && { id: BigInt(holder.id), isArchived: holder.status === 'archived' });
  }
  await setCategoryFeatures(tx, created, category.features ?? []);

  return told(tx, created, now);
}

/**
 * The category that a product names, made where there is none yet.
 * @throws AppError validation_failed on /category for one that is archived
 */
export async function categoryOfName(tx: TenantTransaction, name: string, now: Date): Promise<CategoryRow> {
  const nameText = foldForSearch(name);
  const known = await findCategoryOfName(tx, nameText);
  const created = known === null ? await insertCategory(tx, { name }, now) : null;
  const category =
    created === null ? (known ?? (await findCategoryOfName(tx, nameText))) : await told(tx, created, now);

  if (category === null) {
    throw new Error(`Category ${name} is gone.`);
  }

  if (category.status === 'archived') {
    throw new AppError('validation_failed', {
      field: '/category',
      detail: `The category ${category.name} is archived; bring it back, or choose another one.`,
    });
  }

  return category;
}

/** What category.created and category.updated tell. */
export function categoryPayload({ id, name, description, features, status }: CategoryRow): Record<string, unknown> {
  return { id, name, description, features, status };
}

/** @returns its id; null where there is one of that name or id */
async function insertCategory(tx: TenantTransaction, category: NewCategory, now: Date): Promise<number | null> {
  const [created] = await tx.orm.category.createManyAndReturn({
    data: [
      {
        ...(category.id === undefined ? {} : { id: category.id }),
        companyId: tx.companyId,
        name: category.name,
        nameText: foldForSearch(category.name),
        description: category.description ?? null,
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  return created === undefined ? null : Number(created.id);
}

async function told(tx: TenantTransaction, id: number, now: Date): Promise<CategoryRow> {
  const row = await readCategory(tx, id);
  await appendEvents(tx, {
    subject: `category/${id}`,
    events: [{ type: 'category.created', payload: categoryPayload(row) }],
    now,
  });

  return row;
}
