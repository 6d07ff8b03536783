import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { ErrorCode } from '../../error-codes';
import { AppError } from '../../errors';
import type { DomainEvent } from '../../events/event-types';
import { supersedeWaiting } from '../../payments/move-payments';
import type { Initiation, PaymentGateways, PaymentMethod } from '../../payments/payment-gateway';
import type { LoadedSubscription, LockedSubscription } from '../row/lock-subscription';
import { isChargedByUs } from '../lifecycle/dunning-decider';
import { askGateway, insertInvoicePayment } from './start-invoice-payment';
import type { Subscription } from '../lifecycle/subscription-types';

/** A payment that is under way for an invoice. */
export interface StartedCollection {
  paymentId: number;
  /** The saved method is charged by ourselves (D24); otherwise the customer pays. */
  isOffSession: boolean;
  event: DomainEvent;
}

/** @property isAsked somebody waits for the answer, and is told why a provider refuses; time just goes on without it */
export interface WaysToPay {
  gateways: PaymentGateways;
  isAsked: boolean;
}

const Wanted = z.object({
  due_amount: dbInteger,
  currency: z.string(),
  invoice_number: z.string().nullable(),
  next_attempt: dbInteger,
  payment_id: dbInteger,
});

/**
 * Asks for what is due of an open invoice: by a charge of the saved method, or by a payment that the customer completes,
 * with a fresh address to pay at (D16). An older payment of the invoice that waits for its customer is superseded (D11).
 * @returns null when nothing is due, or the customer has no way to pay that needs preparing, or it takes no such amount:
 *   the invoice is due all the same, to be paid another way
 */
export async function collectInvoice(
  tx: TenantSql,
  input: { invoiceId: number; locked: LockedSubscription; state: Subscription; payments: WaysToPay },
): Promise<StartedCollection | null> {
  const { invoiceId, locked, state, payments } = input;
  const way = wayToAsk(state, locked, payments.gateways);

  if (way === null) {
    return null;
  }
  const [wanted] = await tx.query(
    Wanted,
    Prisma.sql`
      WITH set_aside AS (${supersedeWaiting(tx.companyId, invoiceId, locked.now)})
      SELECT i.due_amount, i.currency, i.invoice_number, nextval('finance.payments_id_seq') AS payment_id,
             (SELECT coalesce(max(p.attempt), 0) + 1 FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id) AS next_attempt
        FROM finance.invoices i
       WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint AND i.status = 'open' AND i.due_amount > 0`,
  );

  if (wanted === undefined) {
    return null;
  }
  const payment = {
    invoiceId,
    invoiceNumber: wanted.invoice_number,
    paymentId: wanted.payment_id,
    attempt: wanted.next_attempt,
    amount: wanted.due_amount,
    currency: wanted.currency,
    ...way,
    paymentMethodId: way.isOffSession ? locked.paymentMethodId : null,
    customerIp: null,
  };
  const initiation = prepare(payment, { loaded: locked, payments });

  if (initiation === null) {
    return null;
  }
  const event = await insertInvoicePayment(tx, payment, { locked, initiation });

  return { paymentId: wanted.payment_id, isOffSession: way.isOffSession, event };
}

/**
 * How an invoice is asked for: by a charge of the saved method, or at an address. Null when the customer has no way to pay
 * that needs preparing.
 */
export function wayToAsk(
  state: Subscription,
  { paymentMethod: method }: Pick<LoadedSubscription, 'paymentMethod'>,
  gateways: PaymentGateways,
): { method: PaymentMethod; isOffSession: boolean; token: string | null } | null {
  const isOffSession = isChargedByUs(state);

  return method === null || (!isOffSession && gateways.get(method)?.charge !== undefined)
    ? null
    : { method, isOffSession, token: isOffSession ? 'saved' : null };
}

/** @returns null for what the provider does not take, unless somebody is to be told so */
export function prepare(
  payment: Parameters<typeof askGateway>[0],
  { loaded, payments: { gateways, isAsked } }: { loaded: LoadedSubscription; payments: WaysToPay },
): Initiation | null {
  try {
    return askGateway(payment, { loaded, gateways });
  } catch (error) {
    if (!isAsked && payment.isOffSession !== true && error instanceof AppError && notTaken.has(error.code)) {
      return null;
    }

    throw error;
  }
}

const notTaken: ReadonlySet<string> = new Set<ErrorCode>([
  'payment_method_unavailable',
  'currency_mismatch',
  'amount_out_of_range',
]);
