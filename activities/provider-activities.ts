import { ApplicationFailure } from '@temporalio/common';

import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { RefundToSend } from '../domain/refunds/begin-refund';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { chargeEffectKey } from '../domain/payments/payment-id-rules';
import { readPayment } from '../domain/payments/read-payment';
import { recordOutcome } from '../domain/payments/record-outcome';
import { noteRefundSent } from '../domain/payments/refund-statements';
import { chargePaymentOnce } from './charge-payment';
import { outcomeOf } from './payment-outcome';

export interface ChargePayment {
  companyId: number;
  paymentId: number;
  /** null: that of the saved method (D24) */
  token: string | null;
}

/** `failed` is definite; anything unclear is thrown and asked again, with the same key (D3). */
export type ChargeAnswer = { outcome: 'success' | 'failed' };
export type QueryAnswer = { outcome: 'success' | 'failed' | 'open' };
export type RefundAnswer = { kind: 'succeeded'; transactionId: string | null } | { kind: 'failed'; reason: string };

/** Calls that leave the process, on payment-svc's queue. Their results enter the payment inbox before they are answered. */
export function createProviderActivities({
  database,
  gateways,
  clock,
  installation,
  allowTestPayments,
}: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  installation: string;
  allowTestPayments: boolean;
}) {
  const load = async (companyId: number, paymentId: number) => {
    const payment = await database.withTenantSql(companyId, (tx) => readPayment(tx, paymentId));

    if (payment === null) {
      throw ApplicationFailure.nonRetryable(`There is no payment ${paymentId}.`, 'not_found');
    }

    return payment;
  };

  return {
    async chargePayment(input: ChargePayment): Promise<ChargeAnswer> {
      const payment = await load(input.companyId, input.paymentId);
      const outcome = await chargePaymentOnce(
        { database, gateways, installation },
        { companyId: input.companyId, payment, token: input.token, now: clock.now() },
      );

      if (outcome === 'unknown') {
        throw new Error(`${payment.method} has not said what became of ${payment.reference}.`);
      }

      return { outcome };
    },

    /** Asks the provider before a window closes for good (D11). A failure to ask is thrown and tried again. */
    async queryPayment({ companyId, paymentId }: { companyId: number; paymentId: number }): Promise<QueryAnswer> {
      const payment = await load(companyId, paymentId);
      const gateway = gateways.get(payment.method);

      if (payment.status === 'success') {
        return { outcome: 'success' };
      }

      const isFailed = payment.status === 'failed';

      // Also of one that failed: a provider may have said so while it was still in doubt.
      if ((payment.status !== 'initiated' && !isFailed) || gateway?.query === undefined) {
        return { outcome: isFailed ? 'failed' : 'open' };
      }

      const answer = await gateway.query({
        reference: payment.reference,
        effectKey:
          gateway.charge === undefined ? null : chargeEffectKey(installation, payment.invoiceId, payment.attempt),
        initiatedAt: payment.createdAt,
        now: clock.now().toISOString(),
      });

      if (answer.outcome === 'unknown') {
        throw new Error(`${payment.method} does not answer about ${payment.reference}: ${answer.reason}`);
      }

      if (answer.outcome !== 'success') {
        return { outcome: isFailed || answer.outcome === 'failed' ? 'failed' : 'open' };
      }

      const told = outcomeOf(payment, answer, { source: 'query' });
      await database.withTenantSql(companyId, (tx) => recordOutcome(tx, told, clock.now()));

      return { outcome: 'success' };
    },

    /** Gives money back, at most once per effect key. An unclear answer is thrown and asked again. */
    async refundAtProvider(refund: RefundToSend): Promise<RefundAnswer> {
      if (refund.status !== 'pending') {
        return { kind: 'succeeded', transactionId: null };
      }

      const gateway = gateways.get(refund.method);

      // A payment settled by the documents' test endpoint was never seen by a provider.
      if (allowTestPayments && refund.transactionId?.startsWith('TEST-') === true) {
        return { kind: 'succeeded', transactionId: `${refund.transactionId}-REFUND-${refund.refundId}` };
      }

      // Cash: a person hands it back; entering the refund is all there is to do.
      if (gateway?.refund === undefined) {
        return { kind: 'succeeded', transactionId: null };
      }

      const now = clock.now();
      // Committed before it is sent: on another day than the first, some providers are asked and not told again.
      const firstSentAt =
        refund.companyId === undefined
          ? refund.firstSentAt
          : await database
              .withTenantSql(refund.companyId, (tx) => noteRefundSent(tx, { ...refund, now }))
              .then((sentAt) => sentAt.toISOString());
      const result = await gateway.refund({
        ...refund,
        firstSentAt,
        requestedBy: 'payment-svc',
        now: now.toISOString(),
      });

      switch (result.outcome) {
        case 'success':
          return { kind: 'succeeded', transactionId: result.refundId };
        case 'declined':
          return { kind: 'failed', reason: result.reason };
        case 'unknown':
          throw new Error(`${refund.method} has not said what became of refund ${refund.refundId}: ${result.reason}`);
      }
    },
  };
}

export type ProviderActivities = ReturnType<typeof createProviderActivities>;
