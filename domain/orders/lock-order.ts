import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { BuyerTaxData, buyerTaxJson } from '../customers/buyer-tax-data';
import { AppError } from '../errors';
import type { OrderReader } from './order-notices';

const Row = z.object({
  order_number: z.string(),
  customer_id: dbInteger,
  status: z.enum(['pending', 'confirmed', 'shipped', 'delivered', 'cancelled']),
  payment_status: z.string(),
  payment_method: z.string(),
  payment_due_at: dbInstant.nullable(),
  total_amount: dbInteger,
  currency: z.string(),
  promotion_codes: z.array(z.string()),
  settings: z.unknown(),
  invoice: z.object({
    id: z.number(),
    status: z.string(),
    finalised_at: z.string().nullable(),
    total_amount: z.number(),
    paid_amount: z.number(),
    returned_amount: z.number(),
    currency: z.string(),
  }),
  payments: z.array(
    z.object({
      id: z.number(),
      method: z.string(),
      status: z.string(),
      attempt: z.number(),
      amount: z.number(),
      paid_amount: z.number(),
      refunded_amount: z.number(),
      settled_at: z.string().nullable(),
    }),
  ),
  buyer: z.object({
    id: z.number(),
    name: z.string(),
    email: z.string(),
    locale: z.string(),
    timeZone: z.string(),
    billingAccountId: z.number(),
    currency: z.string(),
    isTest: z.boolean(),
    tax: BuyerTaxData,
  }),
});

export type LockedOrder = z.output<typeof Row>;

/**
 * Locks an order's row, the subject of every change to it (lock order of D8), then reads what belongs to it. Two
 * statements, because a statement that waits for a lock still sees the other rows as they were before it waited.
 * @throws AppError not_found
 */
export async function lockOrder(tx: TenantSql, orderId: number): Promise<LockedOrder> {
  await tx.write(
    Prisma.sql`SELECT 1 FROM ordering.orders WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint FOR UPDATE`,
  );
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT o.order_number, o.customer_id, o.status, o.payment_status, o.payment_method, o.payment_due_at, o.total_amount, o.currency, o.promotion_codes,
        (SELECT s.values FROM platform.company_settings s WHERE s.company_id = o.company_id) AS settings,
        (SELECT to_jsonb(x) FROM (SELECT i.id, i.status, i.finalised_at, i.total_amount, i.paid_amount, i.returned_amount, i.currency FROM finance.invoices i
           WHERE i.company_id = o.company_id AND i.order_id = o.id) x) AS invoice,
        (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.attempt) FROM (
           SELECT p.id, p.method, p.status, p.attempt, p.amount, p.paid_amount, p.refunded_amount, p.settled_at FROM finance.payments p
            WHERE p.company_id = o.company_id AND p.order_id = o.id) x) AS payments,
        (SELECT to_jsonb(x) FROM (SELECT c.id, c.name, c.email, a.locale, a.time_zone AS "timeZone", a.id AS "billingAccountId", a.currency,
           c.test_clock_id IS NOT NULL AS "isTest", ${buyerTaxJson('c')} AS tax
           FROM customer.customers c JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
           WHERE c.company_id = o.company_id AND c.id = o.customer_id) x) AS buyer
      FROM ordering.orders o WHERE o.company_id = ${tx.companyId}::bigint AND o.id = ${orderId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: `There is no order ${orderId}.` });
  }

  return row;
}

/** Whom the notices of a locked order go to. */
export function readerOf({ currency, total_amount, payment_method, buyer }: LockedOrder, orderId: number): OrderReader {
  return { orderId, currency, total: total_amount, paymentMethod: payment_method, buyer };
}
