import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { changedFields } from '../change-rules';
import { featurePayload, unitOfBoolean } from './create-feature';
import type { FeatureFields, FeatureRow } from './feature-row';
import { lockFeature, readFeature } from './read-feature';
import { searchTextOf } from '../../search/search-rules';

/** The code is what programs ask for, and what kind it is decides what plans say of it: neither ever changes. */
export type FeatureChanges = Partial<Pick<FeatureFields, 'name' | 'description' | 'unit'> & Pick<FeatureRow, 'status'>>;

/** Renames, describes, archives or brings back a feature. Without a real change nothing is written. @throws AppError not_found; validation_failed on /unit */
export async function updateFeature(
  tx: TenantTransaction,
  input: { id: number; changes: FeatureChanges; now: Date },
): Promise<FeatureRow> {
  const { id, now } = input;
  const before = await lockFeature(tx, id);
  const changes = changedFields<FeatureRow, FeatureChanges>(before, input.changes);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }

  if (before.kind === 'boolean' && changes.unit != null) {
    throw unitOfBoolean();
  }

  await tx.orm.feature.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...changes, searchText: searchTextOf([changes.name ?? before.name, before.code]), updatedAt: now },
  });

  const after = await readFeature(tx, id);
  await appendEvents(tx, {
    subject: `feature/${id}`,
    events: [{ type: 'feature.updated', payload: { ...featurePayload(after), changed } }],
    now,
  });

  return after;
}
