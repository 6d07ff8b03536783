import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { invoiceCreated } from '../billing/pricing/billing-service';
import { insertInvoiceExpressions } from '../billing/invoices/insert-invoice';
import type { InvoiceDraft, InvoiceDraftLine } from '../billing/invoices/invoice-types';
import type { DomainEvent } from '../events/event-types';
import { reserveStockExpressions } from '../inventory/reserve-stock';
import { insertPayment, type NewPayment } from '../payments/insert-payment';
import type { Initiation } from '../payments/payment-gateway';
import type { CouponUse } from '../promotions/coupon-types';
import { Redeemed, redeemedJson, redeemExpressions } from '../promotions/redeem-coupons';
import type { BundlePart } from './order-line-rules';
import { orderSubject } from './order-number-rules';
import type { PlaceOrderInput, StartedPayment } from './order-types';

/** The invoice of an order, whose lines are the order's items. */
export type OrderDraft = InvoiceDraft<
  InvoiceDraftLine & {
    sku: string;
    bundleItems: BundlePart[] | null;
    /** Where a pricing rule made the price. */
    listPrice: number | null;
    pricingRule: { id: number; name: string } | null;
  }
>;

export interface OrderToWrite {
  input: PlaceOrderInput;
  draft: OrderDraft;
  /** Wanted of each product that has stock, in product order: of bundles their parts. */
  units: { productId: number; quantity: number }[];
  /** Codes that are used, in the order in which they are taken off. */
  uses: CouponUse[];
  payment: StartedPayment;
  initiation: Initiation;
  payBy: Date | null;
  now: Date;
}

const Written = z.object({
  complete: z.boolean(),
  stock: z
    .array(z.object({ productId: z.number(), available: z.number(), reorderLevel: z.number(), taken: z.number() }))
    .nullable(),
  redeemed: Redeemed.optional(),
});

/**
 * One statement for everything (D9): stock held, codes used, order, invoice, payment and their events.
 * @returns `isComplete` false when a line has too little stock, and which codes could be used: the caller must roll back
 *   unless all is well; else the stock left
 */
export async function writeOrder(tx: TenantSql, order: OrderToWrite) {
  const { input, draft, payment, initiation, uses, now } = order;
  const { orderId, customerId } = input;
  const isComplete = Prisma.sql`SELECT 1 FROM complete`;
  const newPayment: NewPayment = {
    ...payment,
    invoiceId: draft.invoiceId,
    orderId: input.orderId,
    subscriptionId: null,
    customerId: input.customerId,
    paymentMethodId: null,
    attempt: 1,
    amount: draft.totalAmount,
    currency: draft.currency,
    initiation,
    now,
  };
  const [row] = await tx.query(
    Written,
    Prisma.sql`
      WITH ${reserveStockExpressions(tx.companyId, input.orderId, order.units, now)},
      new_order AS (
        INSERT INTO ordering.orders (id, company_id, order_number, customer_id, business_model, status, payment_status, payment_method,
          subtotal, tax, discount, total_amount, currency, shipping_address, billing_address, promotion_codes, payment_due_at, created_at, updated_at)
        SELECT ${input.orderId}::bigint, ${tx.companyId}::bigint, ${draft.orderNumber}, ${input.customerId}::bigint, 'retail', 'pending',
          'pending', ${input.paymentMethod}, ${draft.subtotal}::bigint, ${draft.tax}::bigint, ${draft.discount}::bigint,
          ${draft.totalAmount}::bigint, ${draft.currency}, ${input.shippingAddress}, ${input.billingAddress}, ${uses.map(({ code }) => code)}::text[], ${order.payBy}::timestamptz,
          ${now}::timestamptz, ${now}::timestamptz
        FROM complete RETURNING id
      ),
      new_items AS (
        INSERT INTO ordering.order_items (company_id, order_id, line_no, product_id, sku, name, quantity, price, tax_behavior, subtotal, discount, tax, bundle_items,
          list_price, pricing_rule_id, pricing_rule_name)
        SELECT ${tx.companyId}::bigint, o.id, l."lineNo", l."productId", l.sku, l.description, l.quantity, l."unitAmount", l."taxBehavior", l.subtotal, l.discount, l.tax,
          nullif(l."bundleItems", 'null'::jsonb), l."listPrice", (l."pricingRule" ->> 'id')::bigint, l."pricingRule" ->> 'name'
        FROM new_order o, jsonb_to_recordset(${JSON.stringify(draft.lines)}::jsonb) AS l("lineNo" int, "productId" bigint, sku text, description text,
          quantity int, "unitAmount" bigint, "taxBehavior" text, subtotal bigint, discount bigint, tax bigint, "bundleItems" jsonb, "listPrice" bigint, "pricingRule" jsonb)
        RETURNING id
      ),
      ${insertInvoiceExpressions(tx.companyId, draft, now, isComplete)},
      ${uses.length === 0 ? Prisma.empty : Prisma.sql`${redeemExpressions(tx.companyId, { orderId, customerId, currency: draft.currency, uses }, now, isComplete)},`}
      new_payment AS (${insertPayment(tx.companyId, newPayment, isComplete)})
      SELECT EXISTS (SELECT FROM complete) AS complete,
        (SELECT jsonb_agg(jsonb_build_object('productId', product_id, 'available', available, 'reorderLevel', reorder_level, 'taken', taken))
           FROM reserved) AS stock, ${uses.length === 0 ? Prisma.empty : Prisma.sql`${redeemedJson} AS redeemed,`}
        (SELECT platform.append_events(${tx.companyId}::bigint, ${orderSubject(input.orderId)}, ${now}::timestamptz,
           ${JSON.stringify(placementEvents(order))}::jsonb) FROM complete) AS last_seq`,
  );

  return {
    isComplete: row?.complete ?? false,
    stock: row?.stock ?? [],
    redeemed: row?.redeemed ?? { byCode: [], byCustomer: [] },
  };
}

/** An order of nothing to pay is paid at once, and says so like every other. */
function placementEvents({ input, draft, units, uses, payment }: OrderToWrite): DomainEvent[] {
  const money = { totalAmount: draft.totalAmount, currency: draft.currency };

  return [
    {
      type: 'order.created',
      payload: {
        orderId: input.orderId,
        orderNumber: draft.orderNumber,
        customerId: input.customerId,
        status: 'pending',
        items: input.items.map(({ productId, quantity }) => ({ productId, quantity })),
        ...money,
      },
    },
    ...units.map(({ productId, quantity }) => ({
      type: 'inventory.reserved' as const,
      payload: { orderId: input.orderId, productId, quantity },
    })),
    ...uses.map(({ promotionId, code, discount }) => ({
      type: 'promotion.redeemed' as const,
      payload: {
        promotionId,
        code,
        orderId: input.orderId,
        customerId: input.customerId,
        discount,
        currency: draft.currency,
      },
    })),
    invoiceCreated(draft),
    {
      type: 'payment.initiated',
      payload: {
        paymentId: payment.paymentId,
        invoiceId: draft.invoiceId,
        orderId: input.orderId,
        method: payment.method,
        attempt: 1,
        amount: draft.totalAmount,
        currency: draft.currency,
      },
    },
    ...(payment.status === 'success'
      ? [
          {
            type: 'payment.success' as const,
            payload: {
              paymentId: payment.paymentId,
              orderId: input.orderId,
              invoiceId: draft.invoiceId,
              paidAmount: 0,
              currency: draft.currency,
            },
          },
        ]
      : []),
  ];
}
