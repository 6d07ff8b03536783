import { Prisma } from '../../platform/db/database';
import type { Initiation, PaymentMethod } from './payment-gateway';

export interface NewPayment {
  paymentId: number;
  invoiceId: number;
  orderId: number | null;
  subscriptionId: number | null;
  customerId: number;
  method: PaymentMethod;
  /** Of a saved method that is charged off-session (D24). */
  paymentMethodId: number | null;
  /** `success`: there was nothing to pay. */
  status: 'initiated' | 'success';
  /** The ordinal of this payment among those of the invoice. */
  attempt: number;
  /** minor units */
  amount: number;
  currency: string;
  initiation: Initiation;
  now: Date;
}

/**
 * Writes a payment, by itself or as a common table expression of a larger statement (D9). What waits for the same invoice
 * must be superseded before: one is under way at most (D11).
 * @param onlyIf SQL that yields at most one row; nothing is written when it yields none
 */
export function insertPayment(companyId: number, payment: NewPayment, onlyIf = Prisma.sql`SELECT 1`): Prisma.Sql {
  const { initiation, now } = payment;

  return Prisma.sql`
    INSERT INTO finance.payments (id, company_id, invoice_id, order_id, subscription_id, customer_id, method, payment_method_id, status, attempt, amount,
      currency, reference, payment_url, expires_at, paid_at, created_at, updated_at)
    SELECT ${payment.paymentId}::bigint, ${companyId}::bigint, ${payment.invoiceId}::bigint, ${payment.orderId}::bigint,
      ${payment.subscriptionId}::bigint, ${payment.customerId}::bigint, ${payment.method}, ${payment.paymentMethodId}::bigint, ${payment.status},
      ${payment.attempt}::int, ${payment.amount}::bigint, ${payment.currency}, ${initiation.reference}, ${initiation.paymentUrl},
      ${initiation.expiresAt}::timestamptz, ${payment.status === 'success' ? now : null}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      FROM (${onlyIf}) AS permitted
    RETURNING id`;
}
