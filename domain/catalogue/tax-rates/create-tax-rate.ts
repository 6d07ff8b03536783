import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { findTaxRate, readTaxRate } from './read-tax-rate';
import type { TaxRateFields, TaxRateRow } from './tax-rate-row';
import { assertDaysInOrder, dayColumn, onceADay } from './valid-days';

export type NewTaxRate = Pick<TaxRateFields, 'code' | 'name' | 'ratePpm'> &
  Partial<TaxRateFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id: number;
  };

/**
 * Adds a tax of a category of what is sold. Two taxes, by code, of one category stand side by side; one tax has one rate
 * on a day.
 * @param input.taxRate rate in parts per million; days are local dates of the company, both included
 * @throws AppError validation_failed on /validUntil, tax_rate_overlaps
 */
export async function createTaxRate(
  tx: TenantTransaction,
  input: { taxRate: NewTaxRate; now: Date },
): Promise<TaxRateRow> {
  const { taxRate, now } = input;
  const own = await findTaxRate(tx, taxRate.id);

  if (own !== null) {
    return own;
  }
  const { validFrom = null, validUntil = null, ...fields } = taxRate;
  assertDaysInOrder({ validFrom, validUntil });
  await onceADay(() =>
    tx.orm.taxRate.create({
      data: {
        ...fields,
        companyId: tx.companyId,
        validFrom: dayColumn(validFrom),
        validUntil: dayColumn(validUntil),
        createdAt: now,
        updatedAt: now,
      },
      select: { id: true },
    }),
  );
  const row = await readTaxRate(tx, taxRate.id);
  await appendEvents(tx, {
    subject: `tax_rate/${row.id}`,
    events: [{ type: 'tax_rate.created', payload: taxRatePayload(row) }],
    now,
  });

  return row;
}

/** What tax_rate.created and tax_rate.updated tell. */
export function taxRatePayload(row: TaxRateRow): Record<string, unknown> {
  const { createdAt: _made, updatedAt: _changed, ...told } = row;

  return told;
}
