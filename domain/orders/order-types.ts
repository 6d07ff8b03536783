import type { PaymentMethod } from '../payments/payment-gateway';
import type { SerialisedAppError } from '../errors';

export type OrderStatus = 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';

/** What an order is placed with; plain JSON, so that a workflow can carry it. Prices are minor units. */
export interface PlaceOrderInput {
  companyId: number;
  orderId: number;
  customerId: number;
  items: { productId: number; quantity: number; price?: number }[];
  shippingAddress: string;
  billingAddress: string | null;
  paymentMethod: PaymentMethod;
  paymentToken: string | null;
  customerIp: string | null;
  locale: 'vi' | 'en';
  /** That of the billing account where absent; another is refused (D4). */
  currency?: string;
  /** In capitals. One of the two, or neither: histories of before coupons have none. */
  promotionCode?: string;
  promotionCodes?: string[];
}

/** Placed, with the payment that waits for the customer; or refused, with nothing written. */
export type Placement =
  | {
      kind: 'placed';
      status: OrderStatus;
      payment: StartedPayment;
      /** ISO 8601 with the offset of the customer's account. */
      payBy: string | null;
      /** Not in histories from before companies had series of their own. */
      orderNumber?: string;
    }
  | { kind: 'refused'; error: SerialisedAppError };

export interface StartedPayment {
  paymentId: number;
  method: PaymentMethod;
  /** `success` at once where there is nothing to pay. */
  status: 'initiated' | 'success';
  /** The provider charges a token; otherwise the customer acts. */
  isCharged: boolean;
  attempt: number;
}

/** What taking a payment in did to its order. */
export type Settlement =
  | { kind: 'completed' }
  /** The payment failed; the order waits on, and may be paid again (D11). */
  | { kind: 'failed' }
  /** Money that is not wanted (any more): it goes back. */
  | { kind: 'refund_due'; paymentId: number }
  /** Nothing new: a repeat. */
  | { kind: 'unchanged' };

/** What a cancel found. `paid_first`: a payment had been committed first, so the order is completed instead (D5). */
export type Cancellation =
  | { kind: 'cancelled'; refunds: number[] }
  | { kind: 'paid_first'; paymentId: number | null }
  | { kind: 'refused'; error: SerialisedAppError };
