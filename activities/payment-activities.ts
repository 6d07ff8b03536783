import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { completeRefund } from '../domain/refunds/complete-refund';
import { settleOrder } from '../domain/orders/settle-order';
import { beginRefund, type BeginRefund, type RefundToSend } from '../domain/refunds/begin-refund';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { refundEffectKey } from '../domain/payments/payment-id-rules';
import { readPayment } from '../domain/payments/read-payment';
import { runSubscription } from '../domain/subscriptions/steps/run-subscription';
import { answerOutcome, failForGood, type StepResult } from './answer-outcome';

/** Database steps of the payment workflow, run as local activities. */
export function createPaymentActivities({
  database,
  gateways,
  clock,
  installation,
}: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  installation: string;
}) {
  return {
    beginRefund: ({
      companyId,
      ...input
    }: Omit<BeginRefund, 'now' | 'effectKey'> & { companyId: number }): Promise<StepResult<RefundToSend>> => {
      const effectKey = refundEffectKey(installation, input.paymentId, input.refundId);

      return answerOutcome(() =>
        database.withTenantSql(companyId, (tx) => beginRefund(tx, { ...input, effectKey, now: clock.now() })),
      );
    },

    completeRefund: (input: {
      companyId: number;
      refundId: number;
      outcome: { kind: 'succeeded'; transactionId: string | null } | { kind: 'failed'; reason: string };
    }): Promise<void> =>
      failForGood(() =>
        database.withTenantSql(input.companyId, (tx) => completeRefund(tx, { ...input, now: clock.now() })),
      ),

    /** Takes in a payment whose order is over; answers whether its money has to go back. */
    async reconcilePayment({
      companyId,
      paymentId,
    }: {
      companyId: number;
      paymentId: number;
    }): Promise<{ refundDue: boolean }> {
      return failForGood(() =>
        database.withTenantSql(companyId, async (tx) => {
          const payment = await readPayment(tx, paymentId);

          if (payment?.subscriptionId != null) {
            const { subscriptionId } = payment;
            const run = await runSubscription(
              tx,
              { subscriptionId, work: { kind: 'payment', paymentId } },
              { gateways, now: clock.now() },
            );

            return { refundDue: run.refundDue !== null };
          }

          if (payment?.orderId == null) {
            return { refundDue: payment?.status === 'refund_due' };
          }

          const settlement = await settleOrder(tx, { orderId: payment.orderId, paymentId, now: clock.now() });

          return { refundDue: settlement.kind === 'refund_due' };
        }),
      );
    },
  };
}

export type PaymentActivities = ReturnType<typeof createPaymentActivities>;
