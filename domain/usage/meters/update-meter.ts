import type { TenantTransaction } from '../../../platform/db/database';
import { changedFields } from '../../catalogue/change-rules';
import { appendEvents } from '../../events/append-events';
import { meterPayload, meterSearchText } from './create-meter';
import type { MeterRow } from './meter-row';
import { lockMeter, readMeter } from './read-meters';

/** What a meter counts never changes: the usage that was read, and billed, would be another. */
export type MeterChanges = Partial<Pick<MeterRow, 'name' | 'description' | 'status'>>;

/** Renames, describes, archives or brings back a meter. Without a real change nothing is written. @throws AppError not_found */
export async function updateMeter(
  tx: TenantTransaction,
  { id, changes: given, now }: { id: number; changes: MeterChanges; now: Date },
): Promise<MeterRow> {
  const before = await lockMeter(tx, id);
  const changes = changedFields<MeterRow, MeterChanges>(before, given);

  if (Object.keys(changes).length === 0) {
    return before;
  }

  await tx.orm.meter.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...changes, searchText: meterSearchText({ ...before, ...changes }), updatedAt: now },
  });

  const after = await readMeter(tx, id);
  await appendEvents(tx, {
    subject: `meter/${id}`,
    events: [{ type: 'meter.updated', payload: { ...meterPayload(after), changed: Object.keys(changes) } }],
    now,
  });

  return after;
}
