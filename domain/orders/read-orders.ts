import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { OrderRow } from './order-view';

/** One JSON document per order, with its items, invoice and payments: one statement instead of five (D9). */
const orderDocument = Prisma.sql`jsonb_build_object(
  'id', o.id, 'orderNumber', o.order_number, 'customerId', o.customer_id, 'businessModel', o.business_model, 'status', o.status,
  'paymentStatus', o.payment_status, 'paymentMethod', o.payment_method, 'subtotal', o.subtotal, 'tax', o.tax, 'discount', o.discount,
  'totalAmount', o.total_amount, 'currency', o.currency, 'shippingAddress', o.shipping_address, 'billingAddress', o.billing_address,
  'carrier', o.carrier, 'trackingNumber', o.tracking_number, 'cancelReason', o.cancel_reason, 'promotionCodes', o.promotion_codes, 'paymentDueAt', o.payment_due_at,
  'createdAt', o.created_at, 'confirmedAt', o.confirmed_at, 'shippedAt', o.shipped_at, 'deliveredAt', o.delivered_at,
  'cancelledAt', o.cancelled_at, 'updatedAt', o.updated_at,
  'timeZone', (SELECT a.time_zone FROM finance.billing_accounts a WHERE a.company_id = o.company_id AND a.customer_id = o.customer_id),
  'items', (SELECT jsonb_agg(jsonb_build_object('lineNo', i.line_no, 'productId', i.product_id, 'sku', i.sku, 'name', i.name, 'quantity', i.quantity,
      'price', i.price, 'taxBehavior', i.tax_behavior, 'subtotal', i.subtotal, 'discount', i.discount, 'tax', i.tax, 'bundleItems', i.bundle_items,
      'listPrice', coalesce(i.list_price, i.price), 'pricingRule', CASE WHEN i.pricing_rule_id IS NOT NULL
      THEN jsonb_build_object('id', i.pricing_rule_id, 'name', i.pricing_rule_name) END) ORDER BY i.line_no)
      FROM ordering.order_items i WHERE i.company_id = o.company_id AND i.order_id = o.id),
  'taxes', (SELECT jsonb_agg(jsonb_build_object('subtotal', l.subtotal, 'discount', l.discount, 'tax', l.tax, 'taxRatePpm', l.tax_rate_ppm,
      'taxes', l.taxes, 'discountTiming', coalesce(v.metadata ->> 'discountTiming', 'after_tax')))
      FROM finance.invoices v JOIN finance.invoice_lines l ON l.company_id = v.company_id AND l.invoice_id = v.id
     WHERE v.company_id = o.company_id AND v.order_id = o.id),
  'invoice', (SELECT jsonb_build_object('id', v.id, 'invoiceNumber', v.invoice_number, 'status', v.status, 'totalAmount', v.total_amount,
      'dueAmount', v.due_amount, 'paidAmount', v.paid_amount) FROM finance.invoices v WHERE v.company_id = o.company_id AND v.order_id = o.id),
  'payments', (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'attempt', p.attempt, 'method', p.method, 'status', p.status, 'amount', p.amount,
      'paidAmount', p.paid_amount, 'refundedAmount', p.refunded_amount, 'paymentUrl', p.payment_url, 'expiresAt', p.expires_at,
      'paidAt', p.paid_at, 'failureReason', p.failure_reason, 'transactionId', p.transaction_id) ORDER BY p.attempt)
      FROM finance.payments p WHERE p.company_id = o.company_id AND p.order_id = o.id))`;

const Row = z.object({ document: OrderRow });

/** @param customerId when given, another customer's order is not found */
export async function readOrder(
  tx: TenantSql,
  input: { orderId: number; customerId?: number | null },
): Promise<OrderRow | null> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT ${orderDocument} AS document FROM ordering.orders o
                WHERE o.company_id = ${tx.companyId}::bigint AND o.id = ${input.orderId}::bigint
                  AND (${input.customerId ?? null}::bigint IS NULL OR o.customer_id = ${input.customerId ?? null}::bigint)`,
  );

  return row?.document ?? null;
}

export interface OrderFilter {
  customerId?: number | undefined;
  /** In any case of letters. */
  number?: string | undefined;
  createdFrom?: Date;
  createdBefore?: Date;
  status?: string | undefined;
  paymentStatus?: string | undefined;
  /** Id of the last row of the page before. */
  before: number | null;
  limit: number;
}

/**
 * Orders of the company, newest first: by id, or by their instant where a time is asked for, which clocks of tests may set
 * apart from it.
 */
export async function listOrders(tx: TenantSql, filter: OrderFilter): Promise<OrderRow[]> {
  const { createdFrom, createdBefore, before } = filter;
  const isByTime = createdFrom !== undefined || createdBefore !== undefined;
  const earlier = isByTime
    ? Prisma.sql`(o.created_at, o.id) < (SELECT b.created_at, b.id FROM ordering.orders b WHERE b.company_id = ${tx.companyId}::bigint AND b.id = ${before}::bigint)`
    : Prisma.sql`o.id < ${before}::bigint`;
  const conditions = [
    Prisma.sql`o.company_id = ${tx.companyId}::bigint`,
    ...(filter.customerId === undefined ? [] : [Prisma.sql`o.customer_id = ${filter.customerId}::bigint`]),
    ...(filter.number === undefined ? [] : [Prisma.sql`o.order_number = ${filter.number.toUpperCase()}`]),
    ...(createdFrom === undefined ? [] : [Prisma.sql`o.created_at >= ${createdFrom}::timestamptz`]),
    ...(createdBefore === undefined ? [] : [Prisma.sql`o.created_at < ${createdBefore}::timestamptz`]),
    ...(filter.status === undefined ? [] : [Prisma.sql`o.status = ${filter.status}`]),
    ...(filter.paymentStatus === undefined ? [] : [Prisma.sql`o.payment_status = ${filter.paymentStatus}`]),
    ...(before === null ? [] : [earlier]),
  ];
  const rows = await tx.query(
    Row,
    Prisma.sql`SELECT ${orderDocument} AS document FROM ordering.orders o WHERE ${Prisma.join(conditions, ' AND ')}
                ORDER BY ${isByTime ? Prisma.sql`o.created_at DESC, o.id DESC` : Prisma.sql`o.id DESC`} LIMIT ${filter.limit}::int`,
  );

  return rows.map(({ document }) => document);
}
