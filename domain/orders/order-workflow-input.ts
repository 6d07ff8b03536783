import type { PaymentMethod } from '../payments/payment-gateway';
import type { OrderRow } from './order-view';
import type { PlaceOrderInput } from './order-types';

/** What an order's workflow was started with, from its row; placing it again finds the row and goes on from there. */
export function orderWorkflowInput(companyId: number, order: OrderRow): PlaceOrderInput {
  return {
    companyId,
    orderId: order.id,
    customerId: order.customerId,
    items: order.items.map(({ productId, quantity }) => ({ productId, quantity })),
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    paymentMethod: order.paymentMethod as PaymentMethod,
    paymentToken: null,
    customerIp: null,
    locale: 'vi',
    ...(order.promotionCodes.length === 0 ? {} : { promotionCodes: order.promotionCodes }),
  };
}
