import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { SerialisedAppError } from '../../domain/errors';
import type { OrderCommand } from '../../domain/orders/order-command-schema';
import type { PlaceOrderInput, Placement, StartedPayment } from '../../domain/orders/order-types';

/** Updates, signals and queries of `order/<id>`, with their payloads: plain JSON, parsed by validators. */

/** An order's workflow is started with what it places; a restarted one finds its row and goes on from there. */
export type OrderWorkflowInput = PlaceOrderInput;

export type PayOrder = OrderCommand<'pay'>;

/** What `temporal workflow query --type status` shows. */
export interface OrderStatusView {
  status: string;
  paymentStatus: string;
  payBy: string | null;
  paymentId: number | null;
  /** Messages that were refused, newest last; a signal has no other way to be told. */
  rejected: { message: string; reason: string }[];
  /** Why the order was not placed; a repeat of the request is answered with it. */
  refusal: SerialisedAppError | null;
}

export const placeOrderUpdate = defineUpdate<Placement, []>('placeOrder');
export const payOrderUpdate = defineUpdate<StartedPayment, [PayOrder]>('pay');
export const cancelOrderUpdate = defineUpdate<void, [OrderCommand<'cancelOrder'>]>('cancelOrder');
export const shipOrderUpdate = defineUpdate<void, [OrderCommand<'ship'>]>('ship');
export const deliverOrderUpdate = defineUpdate<void, []>('deliver');
/** A payment of this order was moved in the database; the answer comes when the order has taken it in. */
export const settlePaymentUpdate = defineUpdate<void, [{ paymentId: number }]>('settlePayment');

/** For relays: the same, without an answer. */
export const paymentSettledSignal = defineSignal<[unknown?]>('paymentSettled');
/** For people at a terminal: `temporal workflow signal --name cancel --input '{"reason":"…"}'`. */
export const cancelSignal = defineSignal<[unknown?]>('cancel');

export const orderStatusQuery = defineQuery<OrderStatusView>('status');
