import { Prisma } from '../../platform/db/database';
import type { RecordedMethod } from '../companies/payment-method-types';
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

/** Money that a person says has come, without a provider. */
export interface RecordedPayment {
  paymentId: number;
  invoiceId: number;
  subscriptionId: number;
  customerId: number;
  method: RecordedMethod;
  attempt: number;
  /** minor units */
  amount: number;
  currency: string;
  /** What the bank or the till knows it by. */
  transactionId: string;
  paidAt: Date;
  now: Date;
}

/** Writes it as received; its owner has still to take it in. */
export function insertRecordedPayment(companyId: number, payment: RecordedPayment): Prisma.Sql {
  const { paymentId, amount, now } = payment;

  return Prisma.sql`
    INSERT INTO finance.payments (id, company_id, invoice_id, subscription_id, customer_id, method, status, attempt, amount, currency, reference,
      transaction_id, paid_amount, paid_at, created_at, updated_at)
    VALUES (${paymentId}::bigint, ${companyId}::bigint, ${payment.invoiceId}::bigint, ${payment.subscriptionId}::bigint, ${payment.customerId}::bigint,
      ${payment.method}, 'success', ${payment.attempt}::int, ${amount}::bigint, ${payment.currency}, ${`recorded/${paymentId}`},
      ${payment.transactionId}, ${amount}::bigint, ${payment.paidAt}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)`;
}
