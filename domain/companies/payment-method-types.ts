/** Every way to pay that a company may offer. Providers of ours stand in `gateways/registry.ts`. */
export const paymentMethodNames = ['vnpay', 'card', 'cod', 'stripe', 'paypal'] as const;
export type PaymentMethod = (typeof paymentMethodNames)[number];
