import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { changedFields } from '../change-rules';
import { taxRatePayload } from './create-tax-rate';
import { lockTaxRate, readTaxRate } from './read-tax-rate';
import type { TaxRateFields, TaxRateRow } from './tax-rate-row';
import { assertDaysInOrder, dayColumn, onceADay } from './valid-days';

/** Code, rate and category never change: another rate is another row, from its day on. */
export type TaxRateChanges = Partial<
  Pick<TaxRateFields, 'name' | 'validFrom' | 'validUntil'> & Pick<TaxRateRow, 'status'>
>;

/**
 * Renames a tax rate, moves its days, archives it or brings it back. What was placed or issued keeps its taxes. Without a
 * real change nothing is written and no event is sent.
 * @throws AppError not_found, validation_failed on /validUntil, tax_rate_overlaps
 */
export async function updateTaxRate(
  tx: TenantTransaction,
  input: { id: number; changes: TaxRateChanges; now: Date },
): Promise<TaxRateRow> {
  const { id, now } = input;
  const before = await lockTaxRate(tx, id);
  const changes = changedFields<TaxRateRow, TaxRateChanges>(before, input.changes);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }
  const { name, status, validFrom, validUntil } = { ...before, ...changes };
  assertDaysInOrder({ validFrom, validUntil });
  await onceADay(() =>
    tx.orm.taxRate.update({
      where: { companyId_id: { companyId: tx.companyId, id } },
      data: { name, status, validFrom: dayColumn(validFrom), validUntil: dayColumn(validUntil), updatedAt: now },
      select: { id: true },
    }),
  );
  const after = await readTaxRate(tx, id);
  await appendEvents(tx, {
    subject: `tax_rate/${id}`,
    events: [{ type: 'tax_rate.updated', payload: { ...taxRatePayload(after), changed } }],
    now,
  });

  return after;
}
