import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { foldForSearch } from '../../search/search-rules';
import { changedFields } from '../change-rules';
import type { CategoryFields, CategoryRow } from './category-row';
import { categoryPayload } from './create-category';
import { lockCategory, readCategory } from './read-category';
import { setCategoryFeatures } from './set-category-features';

export type CategoryChanges = Partial<CategoryFields & Pick<CategoryRow, 'status'>>;

/**
 * Describes, archives or brings back a category, gives its products features, or writes its name otherwise: pricing rules and
 * promotions know it by that name, so it reads the same. Without a real change nothing is written.
 * @throws AppError not_found; validation_failed on /name and at /features/<index>
 */
export async function updateCategory(
  tx: TenantTransaction,
  input: { id: number; changes: CategoryChanges; now: Date },
): Promise<CategoryRow> {
  const { id, now } = input;
  const before = await lockCategory(tx, id);
  const { features } = input.changes;
  const wanted = features === undefined ? input.changes : { ...input.changes, features: [...new Set(features)].sort() };
  const { features: newFeatures, ...columns } = changedFields<CategoryRow, CategoryChanges>(before, wanted);
  const changed = [...Object.keys(columns), ...(newFeatures === undefined ? [] : ['features'])];

  if (changed.length === 0) {
    return before;
  }
  const { companyId } = tx;

  if (columns.name !== undefined) {
    requireSameName(before, columns.name);
    await tx.orm.product.updateMany({ where: { companyId, categoryId: id }, data: { category: columns.name } });
  }
  await tx.orm.category.update({ where: { companyId_id: { companyId, id } }, data: { ...columns, updatedAt: now } });

  if (newFeatures !== undefined) {
    // As they were asked for, so that a refusal names the one that is meant.
    await setCategoryFeatures(tx, id, features ?? []);
  }
  const after = await readCategory(tx, id);
  await appendEvents(tx, {
    subject: `category/${id}`,
    events: [{ type: 'category.updated', payload: { ...categoryPayload(after), changed } }],
    now,
  });

  return after;
}

function requireSameName({ name, nameText }: CategoryRow, wanted: string): void {
  if (foldForSearch(wanted) !== nameText) {
    throw new AppError('validation_failed', {
      field: '/name',
      detail: `${name} can be written otherwise, with marks and capitals, and keeps its words; make another category.`,
    });
  }
}
