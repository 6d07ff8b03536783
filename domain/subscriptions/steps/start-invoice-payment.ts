import type { TenantSql } from '../../../platform/db/database';
import type { DomainEvent } from '../../events/event-types';
import { initiatePayment } from '../../payments/initiate-payment';
import { insertPayment } from '../../payments/insert-payment';
import type { Initiation, PaymentGateways, PaymentMethod } from '../../payments/payment-gateway';
import type { LoadedSubscription, LockedSubscription } from '../row/lock-subscription';

export interface InvoicePayment {
  invoiceId: number;
  /** Null while it is a draft. */
  invoiceNumber: string | null;
  paymentId: number;
  /** The ordinal of this payment among those of the invoice. */
  attempt: number;
  /** minor units */
  amount: number;
  currency: string;
  method: PaymentMethod;
  /** Given by the customer, or standing for a saved one. */
  token: string | null;
  /** Of a saved method that is charged off-session. */
  paymentMethodId: number | null;
  /** A saved method is charged, which was agreed on: also one that the company offers to nobody else any more. */
  isOffSession?: boolean;
  customerIp: string | null;
}

/**
 * Enters a payment of a subscription's invoice, with the address to pay at where the method has one. An older payment that
 * waits must be superseded before: an invoice has one at most (D11).
 * @returns payment.initiated, to be told by the caller
 * @throws AppError payment_method_unavailable, payment_token_required, currency_mismatch, amount_out_of_range
 */
export async function startInvoicePayment(
  tx: TenantSql,
  payment: InvoicePayment,
  { locked, gateways }: { locked: LockedSubscription; gateways: PaymentGateways },
): Promise<DomainEvent> {
  return insertInvoicePayment(tx, payment, { locked, initiation: askGateway(payment, { loaded: locked, gateways }) });
}

/** The same with what the gateway has answered. */
export async function insertInvoicePayment(
  tx: TenantSql,
  payment: InvoicePayment,
  { locked: { now, state }, initiation }: { locked: LockedSubscription; initiation: Initiation },
): Promise<DomainEvent> {
  const { invoiceId, paymentId, method, attempt, amount, currency } = payment;
  await tx.write(
    insertPayment(tx.companyId, {
      ...payment,
      orderId: null,
      subscriptionId: state.id,
      customerId: state.customerId,
      status: 'initiated',
      initiation,
      now,
    }),
  );

  return {
    type: 'payment.initiated',
    payload: { paymentId, invoiceId, subscriptionId: state.id, method, attempt, amount, currency },
  };
}

/**
 * What the customer needs in order to pay; local, and nothing is written.
 * @throws AppError payment_method_unavailable, payment_token_required, currency_mismatch, amount_out_of_range
 */
export function askGateway(
  payment: Omit<InvoicePayment, 'paymentMethodId' | 'attempt'>,
  { loaded: { now, party, settings }, gateways }: { loaded: LoadedSubscription; gateways: PaymentGateways },
): Initiation {
  const { invoiceNumber, invoiceId, ...asked } = payment;

  return initiatePayment(gateways, settings, {
    ...asked,
    isOnClock: party.isTest,
    description: `Thanh toan hoa don ${invoiceNumber ?? invoiceId}`,
    now,
    payBy: null,
    locale: party.locale.startsWith('vi') ? 'vi' : 'en',
  });
}
