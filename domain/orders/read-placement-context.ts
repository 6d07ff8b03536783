import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { taxRatesJson, TaxRatesJson } from '../billing/taxes/taxation-json';
import { PricingRuleJson, rulesInForce } from '../catalogue/pricing-rules/rules-in-force';
import { CurrencyPriceRow } from '../catalogue/currency-price-row';
import { otherPrices } from '../catalogue/products/set-product-prices';
import { BuyerTaxData, buyerTaxJson } from '../customers/buyer-tax-data';
import { taxBehaviors } from '../money/tax-behavior-types';
import { CouponJson, couponsForCustomer } from '../promotions/coupons-for-customer';

const SoldProduct = z.object({
  id: z.number().int(),
  sku: z.string(),
  name: z.string(),
  price: z.number().int(),
  currency: z.string(),
  status: z.string(),
  taxCategory: z.string(),
  /** Whether the price holds the tax; null: as the company has it. */
  taxBehavior: z.enum(taxBehaviors).nullable(),
  /** In other currencies. */
  prices: z.array(CurrencyPriceRow),
  /** Of a bundle. */
  parts: z
    .array(
      z.object({
        productId: z.number().int(),
        sku: z.string(),
        name: z.string(),
        quantity: z.number().int(),
        status: z.string(),
      }),
    )
    .nullable(),
  /** Folded for search. */
  category: z.string().nullable(),
});
export type SoldProduct = z.output<typeof SoldProduct>;

const Buyer = z.object({
  id: z.number().int(),
  name: z.string(),
  email: z.string(),
  billingAccountId: z.number().int(),
  currency: z.string(),
  timeZone: z.string(),
  locale: z.string(),
  segment: z.string(),
  isTest: z.boolean(),
  tax: BuyerTaxData,
});
export type Buyer = z.output<typeof Buyer>;

const Context = z.object({
  status: z.string(),
  business_model: z.string(),
  accepts_orders: z.boolean(),
  settings: z.unknown(),
  customer: Buyer.nullable(),
  products: z.array(SoldProduct).nullable(),
  tax_rates: TaxRatesJson,
  /** Pricing rules that can concern them. */
  rules: z.array(PricingRuleJson).nullable(),
  /** Absent without a code. */
  coupons: z.array(CouponJson).nullable().optional(),
  placed_payment: z
    .object({
      id: z.number(),
      method: z.string(),
      status: z.string(),
      attempt: z.number(),
      orderStatus: z.string(),
      payBy: z.string().nullable(),
      orderNumber: z.string(),
    })
    .nullable(),
  order_number: dbInteger.nullable(),
  invoice_id: dbInteger,
  payment_id: dbInteger,
});

/**
 * All that placing an order needs to know, in one statement (D9); of codes only where there are some. The company's flags are read FOR SHARE, so that a
 * switch of the business model closes the door after the placements that saw it open (D29). `placed_payment` is not null
 * when the order exists already, a repeat: the payment that succeeded, else the latest. `order_number`, the next of the
 * company's series, is taken where nothing seen here refuses the order; it is gone then, whatever becomes of it.
 */
export async function readPlacementContext(
  tx: TenantSql,
  input: { orderId: number; customerId: number; productIds: number[]; codes: readonly string[]; now: Date },
) {
  const hasCodes = input.codes.length > 0;
  const [context] = await tx.query(
    Context,
    Prisma.sql`
      WITH company AS (
        SELECT c.id, c.status, c.business_model, c.accepts_orders FROM platform.companies c WHERE c.id = ${tx.companyId}::bigint FOR SHARE
      )
      SELECT f.*, CASE WHEN f.placed_payment IS NULL AND f.customer IS NOT NULL AND f.accepts_orders AND f.status = 'active'
                       THEN nextval(('order_numbers.company_' || f.id)::regclass) END AS order_number
      FROM (SELECT c.id, c.status, c.business_model, c.accepts_orders,
        (SELECT s.values FROM platform.company_settings s WHERE s.company_id = c.id) AS settings,
        (SELECT to_jsonb(b) FROM (
           SELECT u.id, u.name, u.email, a.id AS "billingAccountId", a.currency, a.time_zone AS "timeZone", a.locale, u.segment,
                  u.test_clock_id IS NOT NULL AS "isTest", ${buyerTaxJson('u')} AS tax
             FROM customer.customers u JOIN finance.billing_accounts a ON a.company_id = u.company_id AND a.customer_id = u.id
            WHERE u.company_id = c.id AND u.id = ${input.customerId}::bigint) b) AS customer,
        (SELECT jsonb_agg(to_jsonb(p)) FROM (
           SELECT p.id, p.sku, p.name, p.price, p.currency, ${otherPrices} AS prices, p.status, p.tax_category AS "taxCategory", p.tax_behavior AS "taxBehavior",
                  CASE WHEN p.kind = 'bundle' THEN (
                    SELECT jsonb_agg(jsonb_build_object('productId', q.id, 'sku', q.sku, 'name', q.name, 'quantity', b.quantity, 'status', q.status)
                             ORDER BY b.position)
                      FROM product.bundle_items b JOIN product.products q ON q.company_id = b.company_id AND q.id = b.product_id
                     WHERE b.company_id = p.company_id AND b.bundle_id = p.id) END AS parts, p.category_text AS category FROM product.products p
            WHERE p.company_id = c.id AND p.id = ANY (${input.productIds}::bigint[])) p) AS products,
        ${taxRatesJson(tx.companyId)} AS tax_rates,
        ${rulesInForce(tx.companyId, input.productIds, input.now)} AS rules,
        ${hasCodes ? Prisma.sql`${couponsForCustomer(tx.companyId, input.customerId, input.codes)} AS coupons,` : Prisma.empty}
        (SELECT to_jsonb(x) FROM (
           SELECT p.id, p.method, p.status, p.attempt, o.status AS "orderStatus", o.payment_due_at AS "payBy",
                  o.order_number AS "orderNumber"
             FROM ordering.orders o JOIN finance.payments p ON p.company_id = o.company_id AND p.order_id = o.id
            WHERE o.company_id = c.id AND o.id = ${input.orderId}::bigint
            ORDER BY (p.status = 'success') DESC, p.attempt DESC LIMIT 1) x) AS placed_payment,
        nextval('finance.invoices_id_seq') AS invoice_id, nextval('finance.payments_id_seq') AS payment_id
      FROM company c) f`,
  );

  if (context === undefined) {
    throw new Error(`Company ${tx.companyId} is gone.`);
  }

  return context;
}
