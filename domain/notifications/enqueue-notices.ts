import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { noticePriority } from './notice-rules';
import type { NewNotice, NoticeRecipient } from './notice-types';

/**
 * The statement that notes what a customer is to be told; also a part of larger statements, where a round trip counts.
 * An invoice is noted with its number and amounts as the statement finds them, an order with its lines; the link to pay is
 * made when it is sent.
 * @param companyId of the transaction
 * @param now the customer's time, a test clock's included (D26); when it is sent is the machine's
 */
export function insertNotices(
  companyId: number,
  { recipient, notices, now }: { recipient: NoticeRecipient; notices: readonly NewNotice[]; now: Date },
): Prisma.Sql {
  const rows = notices.map((notice) => ({ ...notice, priority: noticePriority(notice.kind) }));

  return Prisma.sql`
    INSERT INTO platform.notices (company_id, customer_id, subject, kind, priority, locale, data, is_test, created_at)
    SELECT ${companyId}::bigint, ${recipient.customerId}::bigint, ${recipient.subject}, n.kind, n.priority, ${recipient.locale},
           n.data
           || CASE WHEN n."invoiceId" IS NULL THEN '{}' ELSE jsonb_build_object('invoice', (
             SELECT jsonb_build_object('id', i.id, 'number', i.invoice_number, 'total', i.total_amount, 'due', i.due_amount, 'dueDate', i.due_date)
               FROM finance.invoices i WHERE i.company_id = ${companyId}::bigint AND i.id = n."invoiceId")) END
           || CASE WHEN n."orderId" IS NULL THEN '{}' ELSE jsonb_build_object('order', (
             SELECT jsonb_build_object('id', o.id, 'number', o.order_number, 'subtotal', o.subtotal, 'discount', o.discount, 'tax', o.tax,
                    'total', o.total_amount, 'shippingAddress', o.shipping_address, 'lines', (
                      SELECT jsonb_agg(jsonb_build_object('name', l.name, 'quantity', l.quantity, 'subtotal', l.subtotal) ORDER BY l.line_no)
                        FROM ordering.order_items l WHERE l.company_id = o.company_id AND l.order_id = o.id))
               FROM ordering.orders o WHERE o.company_id = ${companyId}::bigint AND o.id = n."orderId")) END,
           ${recipient.isTest}, ${now}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n(kind text, priority text, data jsonb, "invoiceId" bigint, "orderId" bigint)
    RETURNING id`;
}

/** Notes what a customer is to be told, in the caller's transaction: it is sent only if that commits, and then it is. */
export async function enqueueNotices(
  tx: TenantSql,
  input: { recipient: NoticeRecipient; notices: readonly NewNotice[]; now: Date },
): Promise<void> {
  if (input.notices.length > 0) {
    await tx.query(z.unknown(), insertNotices(tx.companyId, input));
  }
}
