import { z } from 'zod';

import { taxRateStatuses } from '../../domain/catalogue/tax-rates/tax-rate-row';
import { instant, line, localDay, taxCategory } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_-]{0,19}$/, 'takes capitals, digits, _ and -, at most 20, and begins with a letter')
  .describe('Which tax it is. Taxes of one category stand side by side; one tax has one rate on a day.')
  .meta({ example: 'VAT' });
const ratePpm = z.int().min(0).max(1_000_000).describe('Parts per million: 80000 is 8 %.').meta({ example: 80_000 });
const date = localDay.meta({ example: '2026-12-31' });
const validFrom = date.nullable().describe("First day that it holds, in the company's zone; null: always so far.");
const validUntil = date.nullable().describe('Last day that it holds, that day included; null: until further notice.');

export const CreateTaxRateRequest = z.strictObject({
  code,
  name: line(100).meta({ example: 'Thuế GTGT 8 %' }),
  ratePpm,
  taxCategory: taxCategory.optional(),
  validFrom: validFrom.optional(),
  validUntil: validUntil.optional(),
});

export const UpdateTaxRateRequest = z.strictObject({
  name: line(100).optional(),
  validFrom: validFrom.optional(),
  validUntil: validUntil.optional(),
  status: z.enum(taxRateStatuses).optional(),
});

export const ListTaxRatesQuery = z.strictObject({
  ...pageParameters,
  code: code.optional(),
  taxCategory: taxCategory.optional(),
  validOn: date.optional().describe('Those that hold on this day.'),
  status: z.enum([...taxRateStatuses, 'all']).optional(),
});

export const TaxRateSchema = z
  .strictObject({
    id: z.int(),
    code: z.string(),
    name: z.string(),
    ratePpm: z.int(),
    taxCategory: z.string(),
    validFrom: z.string().nullable(),
    validUntil: z.string().nullable(),
    status: z.enum(taxRateStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'TaxRate' });
