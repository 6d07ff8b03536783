import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { isOwed } from '../../billing/credit-notes/credit-note-rules';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { supersedeWaiting } from '../../payments/move-payments';
import type { PaymentGateways, PaymentMethod } from '../../payments/payment-gateway';
import type { LockedSubscription } from '../row/lock-subscription';
import { startInvoicePayment } from './start-invoice-payment';
import { isInFlight } from '../lifecycle/subscription-invoice-rules';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import type { Subscription } from '../lifecycle/subscription-types';

const Row = z.object({
  status: z.string(),
  due_amount: dbInteger,
  currency: z.string(),
  invoice_number: z.string().nullable(),
  next_attempt: dbInteger,
});

/**
 * A customer pays an open invoice by hand, or late one that was given up, which revives nothing (D23): a payment to complete at the provider's page, or one with a token to charge.
 * An older one that waits is superseded (D11).
 * @returns the payment's id, as given
 * @throws AppError not_found, invoice_state, charge_in_flight, payment_method_unavailable, payment_token_required
 */
export async function payInvoice(
  tx: TenantSql,
  input: {
    invoiceId: number;
    paymentId: number;
    paymentMethod: PaymentMethod | null;
    paymentToken: string | null;
    customerIp: string | null;
    locked: LockedSubscription;
    gateways: PaymentGateways;
  },
): Promise<number> {
  const { invoiceId, paymentId, locked } = input;
  const { state, now, settings } = locked;
  const invoice = await requirePayable(tx, { invoiceId, state });
  const method = input.paymentMethod ?? locked.paymentMethod ?? settings.paymentMethods[0] ?? 'vnpay';
  await tx.write(supersedeWaiting(tx.companyId, invoiceId, now));
  const event = await startInvoicePayment(
    tx,
    {
      invoiceId,
      invoiceNumber: invoice.invoice_number,
      paymentId,
      attempt: invoice.next_attempt,
      amount: invoice.due_amount,
      currency: invoice.currency,
      method,
      token: input.paymentToken,
      paymentMethodId: null,
      customerIp: input.customerIp,
    },
    { locked, gateways: input.gateways },
  );
  await appendEvents(tx, { subject: subscriptionSubject(state.id), events: [event], now });

  return paymentId;
}

/**
 * An invoice of a subscription that somebody may pay now.
 * @throws AppError not_found, invoice_state, charge_in_flight
 */
export async function requirePayable(
  tx: TenantSql,
  { invoiceId, state }: { invoiceId: number; state: Subscription },
): Promise<z.output<typeof Row>> {
  const [invoice] = await tx.query(
    Row,
    Prisma.sql`SELECT i.status, i.due_amount, i.currency, i.invoice_number,
                 (SELECT coalesce(max(p.attempt), 0) + 1 FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id) AS next_attempt
                 FROM finance.invoices i
                WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint AND i.subscription_id = ${state.id}::bigint`,
  );

  if (invoice === undefined) {
    throw new AppError('not_found', { detail: `There is no invoice ${invoiceId}.` });
  }

  if (!isOwed(invoice)) {
    throw new AppError('invoice_state', {
      detail: `The invoice is ${invoice.status}; there is nothing to pay.`,
      params: { state: invoice.status },
    });
  }

  if (isInFlight(state, invoiceId)) {
    throw new AppError('charge_in_flight', { detail: 'The saved method is being charged for it right now.' });
  }

  return invoice;
}
