import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { PaymentRow } from './payment-view';

const paymentDocument = Prisma.sql`jsonb_build_object(
  'id', p.id, 'invoiceId', p.invoice_id, 'orderId', p.order_id, 'subscriptionId', p.subscription_id, 'customerId', p.customer_id, 'method', p.method, 'status', p.status,
  'attempt', p.attempt, 'amount', p.amount, 'currency', p.currency, 'reference', p.reference, 'paymentUrl', p.payment_url,
  'expiresAt', p.expires_at, 'transactionId', p.transaction_id, 'paidAmount', p.paid_amount, 'refundedAmount', p.refunded_amount,
  'paidAt', p.paid_at, 'failureReason', p.failure_reason, 'createdAt', p.created_at, 'updatedAt', p.updated_at,
  'timeZone', (SELECT a.time_zone FROM finance.billing_accounts a WHERE a.company_id = p.company_id AND a.customer_id = p.customer_id),
  'refunds', (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'amount', r.amount, 'status', r.status, 'reason', r.reason,
      'transactionId', r.transaction_id, 'failureReason', r.failure_reason, 'createdAt', r.created_at, 'completedAt', r.completed_at) ORDER BY r.id)
      FROM finance.refunds r WHERE r.company_id = p.company_id AND r.payment_id = p.id))`;

const Row = z.object({ document: PaymentRow });

export interface PaymentFilter {
  customerId?: number | undefined;
  orderId?: number | undefined;
  invoiceId?: number | undefined;
  /** `pending` is the documents' other word for `initiated` (S401). */
  status?: string | undefined;
  method?: string | undefined;
  before: number | null;
  limit: number;
}

/** Payments of the company, newest first. */
export async function listPayments(tx: TenantSql, filter: PaymentFilter): Promise<PaymentRow[]> {
  const { customerId, orderId, invoiceId, status, method, before, limit } = filter;
  const conditions = [
    Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
    ...(customerId === undefined ? [] : [Prisma.sql`p.customer_id = ${customerId}::bigint`]),
    ...(orderId === undefined ? [] : [Prisma.sql`p.order_id = ${orderId}::bigint`]),
    ...(invoiceId === undefined ? [] : [Prisma.sql`p.invoice_id = ${invoiceId}::bigint`]),
    ...(status === undefined ? [] : [Prisma.sql`p.status = ${status === 'pending' ? 'initiated' : status}`]),
    ...(method === undefined ? [] : [Prisma.sql`p.method = ${method}`]),
    ...(before === null ? [] : [Prisma.sql`p.id < ${before}::bigint`]),
  ];
  const rows = await tx.query(
    Row,
    Prisma.sql`SELECT ${paymentDocument} AS document FROM finance.payments p WHERE ${Prisma.join(conditions, ' AND ')}
                ORDER BY p.id DESC LIMIT ${limit}::int`,
  );

  return rows.map(({ document }) => document);
}

/** @param customerId when given, another customer's payment is not found */
export async function readPaymentRow(
  tx: TenantSql,
  input: { paymentId: number; customerId?: number | null },
): Promise<PaymentRow | null> {
  const customerId = input.customerId ?? null;
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT ${paymentDocument} AS document FROM finance.payments p
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${input.paymentId}::bigint
                  AND (${customerId}::bigint IS NULL OR p.customer_id = ${customerId}::bigint)`,
  );

  return row?.document ?? null;
}
