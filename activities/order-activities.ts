import type { Database } from '../platform/db/database';
import type { Clock } from '../platform/clock';
import { cancelOrder, type CancelOrder } from '../domain/orders/cancel-order';
import { deliverOrder } from '../domain/orders/deliver-order';
import type {
  Cancellation,
  PlaceOrderInput,
  Placement,
  Settlement,
  StartedPayment,
} from '../domain/orders/order-types';
import { placeOrder } from '../domain/orders/place-order';
import { settleOrder } from '../domain/orders/settle-order';
import { shipOrder } from '../domain/orders/ship-order';
import { startPayment, type StartPayment } from '../domain/orders/start-payment';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { answerOutcome, type Refused, type StepResult } from './answer-outcome';

type OfCompany<Input> = Omit<Input, 'now'> & { companyId: number };

/** Database steps of the order workflow, run as local activities. Thin: unpack, call the domain, map errors. */
export function createOrderActivities({
  database,
  gateways,
  clock,
}: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
}) {
  const step = <Value>(work: () => Promise<Value>): Promise<StepResult<Value>> => answerOutcome(work);

  return {
    async placeOrder(input: PlaceOrderInput): Promise<Placement> {
      const placed = await step(() =>
        database.withTenantSql(input.companyId, (tx) => placeOrder(tx, input, { gateways, now: clock.now() })),
      );

      return placed.kind === 'done' ? placed.value : placed;
    },

    async settleOrder({
      companyId,
      ...input
    }: {
      companyId: number;
      orderId: number;
      paymentId: number;
    }): Promise<Settlement | Refused> {
      const settled = await step(() =>
        database.withTenantSql(companyId, (tx) => settleOrder(tx, { ...input, now: clock.now() })),
      );

      return settled.kind === 'done' ? settled.value : settled;
    },

    async cancelOrder({ companyId, ...input }: OfCompany<CancelOrder>): Promise<Cancellation> {
      const cancelled = await step(() =>
        database.withTenantSql(companyId, (tx) => cancelOrder(tx, { ...input, now: clock.now() })),
      );

      return cancelled.kind === 'done' ? cancelled.value : cancelled;
    },

    startPayment: ({ companyId, ...input }: OfCompany<StartPayment>): Promise<StepResult<StartedPayment>> =>
      step(() => database.withTenantSql(companyId, (tx) => startPayment(tx, input, { gateways, now: clock.now() }))),

    shipOrder: ({
      companyId,
      ...input
    }: {
      companyId: number;
      orderId: number;
      carrier: string | null;
      trackingNumber: string | null;
    }) => step(() => database.withTenantSql(companyId, (tx) => shipOrder(tx, { ...input, now: clock.now() }))),

    deliverOrder: ({ companyId, orderId }: { companyId: number; orderId: number }) =>
      step(() => database.withTenantSql(companyId, (tx) => deliverOrder(tx, { orderId, now: clock.now() }))),
  };
}

export type OrderActivities = ReturnType<typeof createOrderActivities>;
