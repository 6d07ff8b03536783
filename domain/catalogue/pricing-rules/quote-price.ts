import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { assertBilledIn } from '../../billing/account/billing-currency-rules';
import { AppError } from '../../errors';
import { type TaxBehavior, taxBehaviors } from '../../money/tax-behavior-types';
import { agreedTaxBehavior } from '../agreed-tax-behavior';
import { noPriceIn, priceIn } from '../currency-price-rules';
import { CurrencyPriceRow } from '../currency-price-row';
import { otherPrices } from '../products/set-product-prices';
import { readableEntry } from '../visibility-rules';
import { priceOfProduct } from './product-price-rules';
import { PricingRuleJson, rulesInForce } from './rules-in-force';

const Quoted = z.object({
  id: dbInteger,
  status: z.enum(['active', 'archived']),
  price: dbInteger,
  currency: z.string(),
  name: z.string(),
  taxBehavior: z.enum(taxBehaviors),
  prices: z.array(CurrencyPriceRow),
  category: z.string().nullable(),
  rules: z.array(PricingRuleJson).nullable(),
  /** Of a bundle, the name of a part that is no longer sold. */
  gone: z.object({ id: z.int(), name: z.string() }).nullable(),
  buyer: z.object({ segment: z.string(), currency: z.string() }).nullable(),
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
  /** Whether prices and subtotal hold the tax. */
  taxBehavior: TaxBehavior;
  /** Before codes, as the price has it. */
  subtotal: number;
}

/**
 * The price that an order of one product would have at this moment.
 * @param input.currency that of the customer's billing account where absent, else the product's own
 * @param input.customerId whose segment counts; null: nobody is known, and rules for segments do not hold
 * @throws AppError not_found, also of an archived product, and product_archived of a bundle of one, unless an employee asks;
 *   customer_not_found; currency_mismatch, price_not_in_currency at currency; amount_out_of_range
 */
export async function quotePrice(
  tx: TenantSql,
  input: {
    productId: number;
    quantity: number;
    customerId: number | null;
    currency?: string | undefined;
    isEmployee: boolean;
    now: Date;
  },
): Promise<PriceQuote> {
  const { productId, quantity, customerId, isEmployee, now } = input;
  const [row] = await tx.query(
    Quoted,
    Prisma.sql`
      SELECT p.id, p.status, p.name, p.price, p.currency, ${agreedTaxBehavior(tx.companyId, Prisma.sql`p.tax_behavior`)} AS "taxBehavior", ${otherPrices} AS prices, p.category_text AS category, ${rulesInForce(tx.companyId, [productId], now)} AS rules,
             (SELECT jsonb_build_object('id', q.id, 'name', q.name) FROM product.bundle_items b
                JOIN product.products q ON q.company_id = b.company_id AND q.id = b.product_id
               WHERE b.company_id = p.company_id AND b.bundle_id = p.id AND q.status <> 'active' ORDER BY b.position LIMIT 1) AS gone,
             (SELECT jsonb_build_object('segment', c.segment, 'currency', a.currency) FROM customer.customers c
                JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
               WHERE c.company_id = p.company_id AND c.id = ${customerId}::bigint) AS buyer
        FROM product.products p WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${productId}::bigint`,
  );

  if (row === undefined || readableEntry(row, isEmployee) === null) {
    throw new AppError('not_found', { detail: 'There is no such product.' });
  }

  if (row.gone !== null && !isEmployee) {
    throw new AppError('product_archived', {
      detail: `${row.gone.name} is no longer sold, so ${row.name} cannot be.`,
      params: { productId, partId: row.gone.id },
    });
  }

  if (customerId !== null && row.buyer === null) {
    throw new AppError('customer_not_found', { detail: `There is no customer ${customerId}.`, field: 'customerId' });
  }
  const currency = input.currency ?? row.buyer?.currency ?? row.currency;

  if (row.buyer !== null) {
    assertBilledIn(row.buyer.currency, currency, 'currency');
  }
  const listed = priceIn(row, currency);

  if (listed === null) {
    throw noPriceIn(row.name, currency, 'currency');
  }
  const wanted = { quantity, segment: row.buyer?.segment ?? null };
  const { listPrice, price, rule } = priceOfProduct({ ...row, ...listed }, row.rules ?? [], wanted);
  const subtotal = price * quantity;

  if (!Number.isSafeInteger(subtotal)) {
    throw new AppError('amount_out_of_range', { field: 'quantity', detail: 'So many cost more than can be billed.' });
  }

  const taxBehavior = listed.taxBehavior ?? row.taxBehavior;

  return { productId, quantity, currency, listPrice, price, taxBehavior, pricingRule: rule, subtotal };
}
