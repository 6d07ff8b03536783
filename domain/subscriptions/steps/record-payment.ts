import type { TenantSql } from '../../../platform/db/database';
import { usableCredit } from '../../billing/account/lock-account';
import type { RecordedMethod } from '../../companies/payment-method-types';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { formatMoney } from '../../money/currency-rules';
import { insertRecordedPayment } from '../../payments/insert-payment';
import { supersedeWaiting } from '../../payments/move-payments';
import type { LockedSubscription } from '../row/lock-subscription';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import { requirePayable } from './pay-invoice';

/**
 * A person records money that came outside of any provider: all or part of what is due of an invoice, also of one that was
 * given up. It is a payment like any other from here on; its owner takes it in in the same transaction. One that waits for
 * the customer asked for another amount, and is superseded (D11).
 * @throws AppError not_found, invoice_state, charge_in_flight, invalid_date_sequence, amount_out_of_range
 */
export async function recordPayment(
  tx: TenantSql,
  input: {
    invoiceId: number;
    paymentId: number;
    /** minor units; what is more than due becomes account credit */
    amount: number;
    method: RecordedMethod;
    /** Of the transfer or receipt, as the bank or the till shows it. */
    reference: string;
    /** ISO 8601; null: now. */
    receivedAt: string | null;
    locked: LockedSubscription;
  },
): Promise<void> {
  const { invoiceId, paymentId, amount, method, reference, locked } = input;
  const { state, now, party } = locked;
  const invoice = await requirePayable(tx, { invoiceId, state });
  const paidAt = input.receivedAt === null ? now : new Date(input.receivedAt);

  if (paidAt > now) {
    throw new AppError('invalid_date_sequence', {
      field: '/receivedAt',
      detail: `It lies after ${now.toISOString()}.`,
    });
  }
  const most = invoice.due_amount + Number.MAX_SAFE_INTEGER - (await usableCredit(tx, { ...party, now }));

  if (amount > Math.min(most, Number.MAX_SAFE_INTEGER)) {
    throw new AppError('amount_out_of_range', {
      field: '/amount',
      detail: `An account holds at most ${formatMoney(Number.MAX_SAFE_INTEGER, invoice.currency)}.`,
      params: { most },
    });
  }
  await tx.write(supersedeWaiting(tx.companyId, invoiceId, now));
  await tx.write(
    insertRecordedPayment(tx.companyId, {
      paymentId,
      invoiceId,
      subscriptionId: state.id,
      customerId: state.customerId,
      method,
      attempt: invoice.next_attempt,
      amount,
      currency: invoice.currency,
      transactionId: reference,
      paidAt,
      now,
    }),
  );
  await appendEvents(tx, {
    subject: subscriptionSubject(state.id),
    events: [
      {
        type: 'payment.success',
        payload: {
          paymentId,
          subscriptionId: state.id,
          invoiceId,
          method,
          paidAmount: amount,
          currency: invoice.currency,
          transactionId: reference,
        },
      },
    ],
    now,
  });
}
