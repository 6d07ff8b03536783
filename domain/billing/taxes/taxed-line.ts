import { z } from 'zod';

import { toNumber } from '../../../platform/db/columns';
import type { TaxedLine } from './tax-summary-rules';
import { LineTaxes } from './taxation-json';

const Timed = z.object({ discountTiming: z.enum(['before_tax', 'after_tax']).optional() }).nullable();

/** A stored line of a document with what its taxes were taken on: by its basis, else by its invoice. */
export function taxedLine(row: {
  subtotal: bigint;
  discount: bigint;
  tax: bigint;
  taxRatePpm: number;
  taxes: unknown;
  basis: unknown;
  invoice: { metadata: unknown };
}): TaxedLine {
  const timing = Timed.parse(row.basis)?.discountTiming ?? Timed.parse(row.invoice.metadata)?.discountTiming;

  return {
    subtotal: toNumber(row.subtotal),
    discount: toNumber(row.discount),
    tax: toNumber(row.tax),
    taxRatePpm: row.taxRatePpm,
    taxes: LineTaxes.parse(row.taxes),
    discountTiming: timing ?? 'after_tax',
  };
}
