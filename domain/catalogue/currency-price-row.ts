import { z } from 'zod';

import { taxBehaviors } from '../money/tax-behavior-types';
import { Prisma } from '../../platform/db/database';
import type { CurrencyPrice } from './currency-price-rules';

/** A price in another currency as it is read. */
export const CurrencyPriceRow = z.object({
  currency: z.string(),
  price: z.number().int(),
  taxBehavior: z.enum(taxBehaviors).nullable().optional(),
} satisfies Record<keyof CurrencyPrice, z.ZodType>);

/**
 * SQL of one value: what something costs in other currencies, as a JSON array; empty where there are none.
 * @param from its rows: `FROM product.… x WHERE …`
 * @param more members of each beside those of every price
 */
export const pricesJson = (from: Prisma.Sql, more: Prisma.Sql = Prisma.empty): Prisma.Sql => Prisma.sql`coalesce(
  (SELECT jsonb_agg(jsonb_build_object('currency', x.currency, 'price', x.price, 'taxBehavior', x.tax_behavior${more}) ORDER BY x.currency)
     ${from}), '[]')`;
