export type PaymentStatus =
  'initiated' | 'success' | 'failed' | 'superseded' | 'cancelled' | 'refund_due' | 'partially_refunded' | 'refunded';

/** The life of a payment as data: from each state, the states it may move to and what moves it there. */
export const paymentTransitions = {
  initiated: {
    success: 'money came',
    failed: 'declined, or nobody paid',
    superseded: 'another payment takes its place, or less is due than it asks',
    cancelled: 'its order or invoice is over',
  },
  failed: { success: 'the provider took the money after all' },
  superseded: { success: 'the customer paid at the older address' },
  cancelled: { refund_due: 'the customer paid for what is over' },
  success: {
    refund_due: 'it pays for nothing, or its order was cancelled',
    partially_refunded: 'part of it went back',
    refunded: 'all of it went back',
    cancelled: 'nothing was to pay, and its order was cancelled',
  },
  partially_refunded: {
    partially_refunded: 'more of it went back',
    refunded: 'the rest of it went back',
    refund_due: 'its order was cancelled',
  },
  refund_due: {
    refund_due: 'part of it went back, and the rest has to',
    refunded: 'all of it went back',
  },
  refunded: {},
} as const satisfies Record<PaymentStatus, Partial<Record<PaymentStatus, string>>>;

/** The states that a payment may be in to move to another one. */
export function sourcesOf(target: PaymentStatus): PaymentStatus[] {
  return (Object.keys(paymentTransitions) as PaymentStatus[]).filter((state) => target in paymentTransitions[state]);
}

/** A person may ask for money of a payment in these states to go back. */
export function isRefundable(status: string): boolean {
  return status === 'success' || status === 'partially_refunded' || status === 'refund_due';
}
