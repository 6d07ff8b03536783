import { z } from 'zod';

import { Prisma } from '../../../platform/db/database';
import { noTaxation } from './tax-rules';
import type { TaxedLine } from './tax-summary-rules';
import type { LineTax, Taxation, TaxRate } from './tax-types';

const TaxRateJson = z.object({
  code: z.string(),
  name: z.string(),
  ratePpm: z.number(),
  taxCategory: z.string(),
  validFrom: z.string().nullable(),
  validUntil: z.string().nullable(),
} satisfies Record<keyof TaxRate, z.ZodType>);

/** What a line of a document stores of its taxes; null where it bears the company's rate alone. */
export const LineTaxes = z
  .array(
    z.object({
      code: z.string().nullable(),
      name: z.string().nullable(),
      ratePpm: z.number(),
      base: z.number(),
      amount: z.number(),
    } satisfies Record<keyof LineTax, z.ZodType>),
  )
  .nullable();

/** A line of an invoice as a larger statement reads it. */
export const TaxedLineJson = z.object({
  subtotal: z.number(),
  discount: z.number(),
  tax: z.number(),
  taxRatePpm: z.number(),
  taxes: LineTaxes,
  discountTiming: z.enum(['before_tax', 'after_tax']),
} satisfies Record<keyof TaxedLine, z.ZodType>);

/** Null: none. */
export const TaxRatesJson = z.array(TaxRateJson).nullable();

const Categories = z.record(z.string(), z.string()).nullable();
export const TaxationJson = z
  .object({ rates: TaxRatesJson, plans: Categories, addons: Categories })
  .transform(({ rates, plans, addons }): Taxation => ({
    rates: rates ?? [],
    taxStatus: noTaxation.taxStatus,
    planCategories: plans ?? {},
    addonCategories: addons ?? {},
  }));

/** SQL for the tax rates in use, for a larger statement (D9). */
export function taxRatesJson(companyId: number): Prisma.Sql {
  return Prisma.sql`(SELECT jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name, 'ratePpm', t.rate_ppm, 'taxCategory', t.tax_category,
             'validFrom', t.valid_from, 'validUntil', t.valid_until) ORDER BY t.code, t.id)
        FROM product.tax_rates t WHERE t.company_id = ${companyId}::bigint AND t.status = 'active')`;
}

/** The same, for a buyer who is to be named, with the categories of plans and add-ons that are not in the standard one. */
export function taxationJson(companyId: number): Prisma.Sql {
  return Prisma.sql`jsonb_build_object('rates', ${taxRatesJson(companyId)},
        'plans', (SELECT jsonb_object_agg(p.id, p.tax_category) FROM product.plans p WHERE p.company_id = ${companyId}::bigint AND p.tax_category <> 'standard'),
        'addons', (SELECT jsonb_object_agg(a.id, a.tax_category) FROM product.addons a WHERE a.company_id = ${companyId}::bigint AND a.tax_category <> 'standard'))`;
}
