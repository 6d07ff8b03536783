import { z } from 'zod';

import { dbInteger, dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { addToTotals } from '../../customers/customer-totals';
import { markRefundDue } from '../../payments/mark-refund-due';
import { settlePayment, supersedeWaiting } from '../../payments/move-payments';
import { enterBalance } from '../account/enter-balance';

export interface ReceivedPayment {
  /** `refund_due`: the invoice was paid by other money already. `to_balance`: it is void or given up (D23). */
  kind: 'paid' | 'partly' | 'to_balance' | 'refund_due' | 'unchanged';
  invoiceId: number;
}

const Row = z.object({
  payment_status: z.string(),
  is_settled: z.boolean(),
  paid_amount: dbInteger,
  invoice_id: dbInteger,
  invoice_status: z.string(),
  due_amount: dbInteger,
  billing_account_id: dbInteger,
  customer_id: dbInteger,
  currency: z.string(),
});

/**
 * Takes money that has come into its invoice, once, in the caller's transaction under the lock of the subject (D5, D8). More
 * than was due, and money for an invoice that is void or uncollectible, becomes account credit and revives nothing (D23);
 * money for one that other money has paid goes back (D11).
 */
export async function receivePayment(
  tx: TenantSql,
  input: { paymentId: number; subject: string; now: Date },
): Promise<ReceivedPayment> {
  const { paymentId, subject, now } = input;
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT p.status AS payment_status, p.settled_at IS NOT NULL AS is_settled, p.paid_amount, i.id AS invoice_id, i.status AS invoice_status, i.due_amount,
             i.billing_account_id, i.customer_id, i.currency
        FROM finance.payments p JOIN finance.invoices i ON i.company_id = p.company_id AND i.id = p.invoice_id
       WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${paymentId}::bigint FOR UPDATE OF i, p`,
  );

  if (row === undefined) {
    throw new Error(`Payment ${paymentId} is gone.`);
  }
  const { invoice_id: invoiceId, invoice_status: status } = row;

  if (row.is_settled || row.payment_status !== 'success') {
    return { kind: 'unchanged', invoiceId };
  }

  if (status === 'paid') {
    await markRefundDue(tx, { paymentId, subject, reason: 'paid_already', now });

    return { kind: 'refund_due', invoiceId };
  }
  const isOpen = status === 'open';
  const used = isOpen ? Math.min(row.paid_amount, row.due_amount) : 0;
  const isPaid = isOpen && used === row.due_amount;
  await tx.query(
    dbNothing,
    Prisma.sql`
      WITH settled AS (${settlePayment(tx.companyId, paymentId, now)}),
      set_aside AS (${supersedeWaiting(tx.companyId, invoiceId, now, isPaid)}),
      spent AS (${addToTotals(tx.companyId, row.customer_id, { spent: used }, now)})
      UPDATE finance.invoices SET paid_amount = paid_amount + ${used}::bigint, due_amount = due_amount - ${used}::bigint,
             status = CASE WHEN ${isPaid} THEN 'paid' ELSE status END, paid_at = CASE WHEN ${isPaid} THEN ${now}::timestamptz ELSE paid_at END,
             updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${invoiceId}::bigint AND ${isOpen}`,
  );
  await enterBalance(tx, {
    party: { billingAccountId: row.billing_account_id },
    kind: 'late_payment',
    amount: row.paid_amount - used,
    invoiceId,
    paymentId,
    now,
  });

  if (isOpen) {
    await appendEvents(tx, {
      subject,
      events: [
        {
          type: 'invoice.updated',
          payload: { invoiceId, paymentId, status: isPaid ? 'paid' : 'open', paidAmount: used, currency: row.currency },
        },
      ],
      now,
    });
  }

  return { kind: isPaid ? 'paid' : isOpen ? 'partly' : 'to_balance', invoiceId };
}
