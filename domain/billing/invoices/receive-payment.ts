import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { addToTotals } from '../../customers/customer-totals';
import { markRefundDue } from '../../payments/mark-refund-due';
import { settlePayment, supersedeWaiting } from '../../payments/move-payments';
import { enterBalance } from '../account/enter-balance';
import { payInvoicePart } from './settle-invoice';

export interface ReceivedPayment {
  /**
   * `paid_late`: the invoice had been given up; it is paid, and revives nothing (D23). `refund_due`: it was paid by other
   * money already. `to_balance`: it is void.
   */
  kind: 'paid' | 'paid_late' | 'partly' | 'to_balance' | 'refund_due' | 'unchanged';
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
 * Takes money that has come into its invoice, once, in the caller's transaction under the lock of the subject (D5, D8), also
 * into one that was given up, which revives nothing (D23). More than was due, and money for an invoice that is void, becomes
 * account credit; money for one that other money has paid goes back (D11).
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
  const isLate = status === 'uncollectible';
  const isOwed = status === 'open' || isLate;
  const used = isOwed ? Math.min(row.paid_amount, row.due_amount) : 0;
  const isPaid = isOwed && used === row.due_amount;
  await tx.write(Prisma.sql`
      WITH settled AS (${settlePayment(tx.companyId, { paymentId, applied: used }, now)}),
      set_aside AS (${supersedeWaiting(tx.companyId, invoiceId, now, used > 0)}),
      spent AS (${addToTotals(tx.companyId, row.customer_id, { spent: used }, now)})
      ${payInvoicePart(tx.companyId, invoiceId, used, now)}`);
  await enterBalance(tx, {
    party: { billingAccountId: row.billing_account_id },
    kind: 'late_payment',
    amount: row.paid_amount - used,
    invoiceId,
    paymentId,
    now,
  });

  if (isOwed) {
    await appendEvents(tx, {
      subject,
      events: [
        {
          type: 'invoice.updated',
          payload: {
            invoiceId,
            paymentId,
            status: isPaid ? 'paid' : status,
            paidAmount: used,
            dueAmount: row.due_amount - used,
            currency: row.currency,
          },
        },
      ],
      now,
    });
  }

  return { kind: isPaid ? (isLate ? 'paid_late' : 'paid') : isOwed ? 'partly' : 'to_balance', invoiceId };
}
