import type { Prisma } from '../../platform/db/database';
import { insertNotices } from '../notifications/enqueue-notices';
import type { NoticeKind } from '../notifications/notice-types';
import { orderSubject } from './order-number-rules';

/** Whom the notices of an order go to. */
export interface OrderReader {
  orderId: number;
  currency: string;
  /** minor units */
  total: number;
  paymentMethod: string;
  buyer: { id: number; locale: string; isTest: boolean };
}

export interface OrderNotice {
  kind: Extract<NoticeKind, `order_${string}`>;
  data?: Record<string, unknown>;
  /** A link to pay it follows. */
  invoiceId?: number;
}

/**
 * The statement that notes what the buyer is told of an order, to be a part of the one that brings it about: a round trip
 * counts there. The order's lines and amounts are noted with it.
 */
export function insertOrderNotices(
  companyId: number,
  { orderId, currency, total, paymentMethod, buyer }: OrderReader,
  notices: readonly OrderNotice[],
  now: Date,
): Prisma.Sql {
  return insertNotices(companyId, {
    recipient: { customerId: buyer.id, subject: orderSubject(orderId), locale: buyer.locale, isTest: buyer.isTest },
    notices: notices.map(({ kind, data = {}, invoiceId = null }) => ({
      kind,
      data: { ...data, currency, isCashOnDelivery: paymentMethod === 'cod' && total > 0 },
      invoiceId,
      orderId,
    })),
    now,
  });
}
