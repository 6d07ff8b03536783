import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { entryTaken } from '../entry-taken';
import type { FeatureFields, FeatureRow } from './feature-row';
import { findFeature, readFeature } from './read-feature';
import { searchTextOf } from '../../search/search-rules';

export type NewFeature = Pick<FeatureFields, 'code' | 'name'> &
  Partial<FeatureFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
  };

/** Adds something that plans and add-ons can unlock. @throws AppError already_exists on /code */
export async function createFeature(
  tx: TenantTransaction,
  input: { feature: NewFeature; now: Date },
): Promise<FeatureRow> {
  const { feature, now } = input;
  const [created] = await tx.orm.feature.createManyAndReturn({
    data: [
      {
        ...(feature.id === undefined ? {} : { id: feature.id }),
        companyId: tx.companyId,
        code: feature.code,
        name: feature.name,
        description: feature.description ?? null,
        searchText: searchTextOf([feature.name, feature.code]),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return findRepeated(tx, feature);
  }

  const row = await readFeature(tx, Number(created.id));
  await appendEvents(tx, {
    subject: `feature/${row.id}`,
    events: [{ type: 'feature.created', payload: featurePayload(row) }],
    now,
  });

  return row;
}

/** What feature.created and feature.updated tell. */
export function featurePayload(row: FeatureRow): Record<string, unknown> {
  return { id: row.id, code: row.code, name: row.name, status: row.status };
}

async function findRepeated(tx: TenantTransaction, feature: NewFeature): Promise<FeatureRow> {
  const own = feature.id === undefined ? null : await findFeature(tx, feature.id);

  if (own !== null) {
    return own;
  }

  const holder = await tx.orm.feature.findUnique({
    where: { companyId_code: { companyId: tx.companyId, code: feature.code } },
    select: { id: true, status: true },
  });

  throw entryTaken('feature', 'code', holder && { id: holder.id, isArchived: holder.status === 'archived' });
}
