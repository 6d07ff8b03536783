import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { readableEntry } from '../visibility-rules';
import { priceOfProduct } from './product-price-rules';
import { PricingRuleJson, rulesInForce } from './rules-in-force';

const Quoted = z.object({
  id: dbInteger,
  status: z.enum(['active', 'archived']),
  price: dbInteger,
  currency: z.string(),
  category: z.string().nullable(),
  rules: z.array(PricingRuleJson).nullable(),
  segment: z.string().nullable(),
});

/** What so many units of a product cost now, by the rules that an order goes by. Minor units of `currency`. */
export interface PriceQuote {
  productId: number;
  quantity: number;
  currency: string;
  /** For one, by the catalogue. */
  listPrice: number;
  /** For one. */
  price: number;
  pricingRule: { id: number; name: string } | null;
  /** Before tax and codes. */
  subtotal: number;
}

/**
 * The price that an order of one product would have at this moment.
 * @param input.customerId whose segment counts; null: nobody is known, and rules for segments do not hold
 * @throws AppError not_found, also of an archived product unless an employee asks; customer_not_found; amount_out_of_range
 */
export async function quotePrice(
  tx: TenantSql,
  input: { productId: number; quantity: number; customerId: number | null; isEmployee: boolean; now: Date },
): Promise<PriceQuote> {
  const { productId, quantity, customerId, isEmployee, now } = input;
  const [row] = await tx.query(
    Quoted,
    Prisma.sql`
      SELECT p.id, p.status, p.price, p.currency, p.category_text AS category, ${rulesInForce(tx.companyId, [productId], now)} AS rules,
             (SELECT c.segment FROM customer.customers c
               WHERE c.company_id = p.company_id AND c.id = ${customerId}::bigint) AS segment
        FROM product.products p WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${productId}::bigint`,
  );

  if (row === undefined || readableEntry(row, isEmployee) === null) {
    throw new AppError('not_found', { detail: 'There is no such product.' });
  }

  if (customerId !== null && row.segment === null) {
    throw new AppError('customer_not_found', { detail: `There is no customer ${customerId}.`, field: 'customerId' });
  }
  const { listPrice, price, rule } = priceOfProduct(row, row.rules ?? [], { quantity, segment: row.segment });
  const subtotal = price * quantity;

  if (!Number.isSafeInteger(subtotal)) {
    throw new AppError('amount_out_of_range', { field: 'quantity', detail: 'So many cost more than can be billed.' });
  }

  return { productId, quantity, currency: row.currency, listPrice, price, pricingRule: rule, subtotal };
}
