import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const taxRateStatuses = ['active', 'archived'] as const;

export const TaxRateRow = z.object({
  id: dbInteger,
  code: z.string(),
  name: z.string(),
  /** parts per million */
  ratePpm: z.number().int(),
  taxCategory: z.string(),
  /** First and last day that it holds, local dates of the company; null: without a bound. */
  validFrom: z.string().nullable(),
  validUntil: z.string().nullable(),
  status: z.enum(taxRateStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type TaxRateRow = z.output<typeof TaxRateRow>;

export type TaxRateFields = Omit<TaxRateRow, 'id' | 'status' | 'createdAt' | 'updatedAt'>;

export const selectTaxRates = Prisma.sql`
  SELECT t.id, t.code, t.name, t.rate_ppm AS "ratePpm", t.tax_category AS "taxCategory", t.valid_from::text AS "validFrom",
         t.valid_until::text AS "validUntil", t.status, t.created_at AS "createdAt", t.updated_at AS "updatedAt"
    FROM product.tax_rates t`;
