import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { RefundCommand } from '../../domain/payments/payment-command-schema';
import type { RefundToSend } from '../../domain/refunds/begin-refund';

/** Messages of `payment/<id>`: plain JSON, parsed by validators. */

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
