/** Every way to pay that a company may offer. Providers of ours stand in `gateways/registry.ts`. */
export const paymentMethodNames = ['vnpay', 'card', 'cod', 'stripe', 'paypal'] as const;
export type PaymentMethod = (typeof paymentMethodNames)[number];

/** How money comes that a person records: no company offers these, and no gateway stands behind them. */
export const recordedMethodNames = ['bank_transfer', 'cash'] as const;
export type RecordedMethod = (typeof recordedMethodNames)[number];

/** Every way that a payment may have come. */
export const receivedMethodNames = [...paymentMethodNames, ...recordedMethodNames] as const;
