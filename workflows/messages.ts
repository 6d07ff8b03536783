import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { SerialisedAppError } from '../domain/errors';
import type { OrderCommand } from '../domain/orders/order-command-schema';
import type { RefundCommand } from '../domain/payments/payment-command-schema';
import type { PlaceOrderInput, Placement, StartedPayment } from '../domain/orders/order-types';
import type { RefundToSend } from '../domain/refunds/begin-refund';

/** Updates, signals and queries of every workflow, with their payloads: plain JSON, parsed by validators. */

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

export interface PaymentWorkflowInput {
  companyId: number;
  paymentId: number;
  /** Set when its owner started it to give the money back; otherwise a refund request follows. */
  reconcile: boolean;
  /** Set when a subscription started it to charge its saved method, or a token of a payment by hand (D24). */
  charge?: { subscriptionId: number; token: string | null };
  /** Refunds on request that were entered and whose workflow was lost: sent under their own keys. */
  refunds?: RefundCommand[];
}

/** Enters the refund and answers once it is entered; the money follows. */
export const requestRefundUpdate = defineUpdate<RefundToSend, [RefundCommand]>('refund');
/** A payment whose owner is over was moved: take it in, give it back. */
export const reconcilePaymentSignal = defineSignal('reconcile');
