import type { Originals } from './seeded-rows';

/** A customer, an order and a subscription of the seed. */
const inTheMiddle = 10_000_500;

/** Lists and searches of the API as screens and integrations ask for them, first pages and a page far back. */
export function listCalls({ orderId, subscriptionId }: Originals): string[] {
  const month = 'from=2026-01-01&to=2026-01-31';

  return [
    '/orders',
    '/orders?status=cancelled',
    '/orders?status=shipped',
    '/orders?paymentStatus=paid&limit=100',
    `/orders?${month}`,
    '/orders?number=ORD-S500000',
    `/orders?customerId=${inTheMiddle}`,
    `/orders/customer/${inTheMiddle}`,
    `/orders/${orderId}`,
    '/invoices',
    '/invoices?status=paid',
    '/invoices?status=open',
    '/invoices?invoiceType=recurring',
    `/invoices?${month}`,
    '/invoices?number=INV-S500000',
    `/invoices?customerId=${inTheMiddle}`,
    `/invoices?orderId=${inTheMiddle}`,
    `/invoices/subscription/${subscriptionId}`,
    '/payments',
    '/payments?status=success',
    '/payments?status=failed',
    '/payments?method=card',
    `/payments?customerId=${inTheMiddle}`,
    '/subscriptions',
    '/subscriptions?status=active',
    '/subscriptions?status=expired',
    '/subscriptions?status=past_due',
    `/subscriptions/customer/${inTheMiddle}`,
    `/subscriptions/${subscriptionId}/history`,
    '/customers',
    '/customers?q=khach hang 777',
    '/customers?q=scale-4242@',
    '/customers?q=khong co ai',
    '/customers?email=scale-4242@example.test',
    '/customers?segment=vip',
    `/customers/${inTheMiddle}/balance`,
    '/credit-notes',
    '/events',
    '/events?type=payment.success',
    '/events?type=order.cancelled',
    `/events?subject=order/${inTheMiddle}`,
    '/products?q=bench',
    '/products?sort=price&inStock=true',
    '/inventory?lowStock=true',
    '/users?q=bench',
  ];
}
