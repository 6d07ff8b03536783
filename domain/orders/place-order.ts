import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { formatInstant } from '../../platform/instant';
import { BillingService, invoiceCreated } from '../billing/billing-service';
import { insertInvoiceExpressions } from '../billing/insert-invoice';
import type { InvoiceDraft } from '../billing/invoice-types';
import { resolveSettings, type Settings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import type { DomainEvent } from '../events/event-types';
import { noticeLowStock } from '../inventory/notice-low-stock';
import { readAvailability } from '../inventory/read-availability';
import { reserveStockExpressions } from '../inventory/reserve-stock';
import type { Initiation, PaymentGateways } from '../payments/payment-gateway';
import { initiatePayment, isCharged } from '../payments/initiate-payment';
import { confirmCashOrder } from './confirm-cash-order';
import { matchLines, outOfStock, unitsByProduct } from './order-line-rules';
import { orderNumberOf, orderSubject } from './order-number-rules';
import type { PlaceOrderInput, Placement, StartedPayment } from './order-types';
import { type Buyer, readPlacementContext, type SoldProduct } from './read-placement-context';

const billing = new BillingService();

/**
 * Places an order in one transaction that crosses contexts: prices on the server, stock held all or none, order, one
 * draft invoice (S400), one payment with what the customer needs to pay, and their events. Repeating it with the same
 * order id returns what stands.
 * @throws AppError customer_not_found, model_not_accepting, product_not_found, product_archived, price_mismatch,
 *   currency_mismatch, out_of_stock, payment_method_unavailable, payment_token_required; nothing is written then
 */
export async function placeOrder(
  tx: TenantSql,
  input: PlaceOrderInput,
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<Extract<Placement, { kind: 'placed' }>> {
  const units = unitsByProduct(input.items);
  const context = await readPlacementContext(tx, { ...input, productIds: units.map(({ productId }) => productId) });
  const earlier = context.placed_payment;

  if (earlier !== null) {
    const payment = {
      paymentId: earlier.id,
      method: earlier.method,
      status: earlier.status,
      attempt: earlier.attempt,
      isCharged: isCharged(gateways, earlier.method),
    } as StartedPayment;

    return {
      kind: 'placed',
      status: earlier.orderStatus as 'pending',
      payment,
      payBy: earlier.payBy && new Date(earlier.payBy).toISOString(),
    };
  }

  if (context.status !== 'active' || !context.accepts_orders) {
    throw new AppError('model_not_accepting', {
      detail: 'This company takes no new orders now.',
      params: { businessModel: context.business_model },
    });
  }

  if (context.customer === null) {
    throw new AppError('customer_not_found', {
      detail: `There is no customer ${input.customerId}.`,
      field: '/customerId',
    });
  }

  const buyer = context.customer;
  const settings = resolveSettings(context.settings);
  const matched = matchLines(input.items, context.products ?? [], buyer.currency);
  const draft = await draftInvoice(input, {
    invoiceId: context.invoice_id,
    buyer,
    settings,
    products: matched.map(({ product }) => product),
    now,
  });
  const payBy =
    input.paymentMethod === 'cod' || draft.totalAmount === 0
      ? null
      : new Date(now.getTime() + settings.orderPaymentWindowMinutes * 60_000);
  const initiation = initiatePayment(gateways, settings, {
    method: input.paymentMethod,
    token: input.paymentToken,
    paymentId: context.payment_id,
    amount: draft.totalAmount,
    currency: draft.currency,
    description: `Thanh toan don hang ${orderNumberOf(input.orderId)}`,
    now,
    payBy,
    customerIp: input.customerIp,
    locale: input.locale,
  });
  const payment: StartedPayment = {
    paymentId: context.payment_id,
    method: input.paymentMethod,
    status: draft.totalAmount === 0 ? 'success' : 'initiated',
    isCharged: isCharged(gateways, input.paymentMethod),
    attempt: 1,
  };
  const written = await writeOrder(tx, {
    input,
    draft,
    units,
    payment,
    initiation,
    payBy,
    products: matched.map(({ product }) => product),
    now,
  });

  if (!written.isComplete) {
    const names = new Map(matched.map(({ product }) => [product.id, product.name]));
    throw outOfStock(
      units,
      await readAvailability(
        tx,
        units.map(({ productId }) => productId),
      ),
      names,
    );
  }

  await noticeLowStock(tx, written.stock, now);

  if (input.paymentMethod === 'cod' && payment.status === 'initiated') {
    await confirmCashOrder(tx, { orderId: input.orderId, draft, settings, buyer, now });
  }

  return {
    kind: 'placed',
    status: input.paymentMethod === 'cod' && payment.status === 'initiated' ? 'confirmed' : 'pending',
    payment,
    payBy: payBy?.toISOString() ?? null,
  };
}

async function draftInvoice(
  input: PlaceOrderInput,
  {
    invoiceId,
    buyer,
    settings,
    products,
    now,
  }: { invoiceId: number; buyer: Buyer; settings: Settings; products: SoldProduct[]; now: Date },
): Promise<InvoiceDraft> {
  const { draft } = await billing.draftWithStrategy(
    invoiceId,
    {
      billingAccountId: buyer.billingAccountId,
      customerId: buyer.id,
      orderId: input.orderId,
      orderNumber: orderNumberOf(input.orderId),
      productIds: products.map(({ id }) => id),
      companyBillingMode: settings.billingMode,
      params: {
        currency: buyer.currency,
        taxRatePpm: settings.taxRatePpm,
        billingDate: formatInstant(now, buyer.timeZone).slice(0, 10),
        discountTiming: settings.discountTiming,
        items: input.items.map((item, index) => ({
          reference: products[index]?.sku,
          description: products[index]?.name,
          quantity: item.quantity,
          unitPrice: products[index]?.price ?? 0,
        })),
      },
    },
    'retail',
  );

  return draft;
}

const Written = z.object({
  complete: z.boolean(),
  stock: z
    .array(z.object({ productId: z.number(), available: z.number(), reorderLevel: z.number(), taken: z.number() }))
    .nullable(),
});

/** One statement for everything: it either writes all of it or, when a line has too little stock, is rolled back. */
async function writeOrder(
  tx: TenantSql,
  order: {
    input: PlaceOrderInput;
    draft: InvoiceDraft;
    units: { productId: number; quantity: number }[];
    payment: StartedPayment;
    initiation: Initiation;
    payBy: Date | null;
    products: SoldProduct[];
    now: Date;
  },
) {
  const { input, draft, payment, initiation, now } = order;
  const items = draft.lines.map((line, index) => ({
    ...line,
    sku: order.products[index]?.sku,
    name: order.products[index]?.name,
  }));
  const [row] = await tx.query(
    Written,
    Prisma.sql`
      WITH ${reserveStockExpressions(tx.companyId, input.orderId, order.units, now)},
      new_order AS (
        INSERT INTO ordering.orders (id, company_id, order_number, customer_id, business_model, status, payment_status, payment_method,
          subtotal, tax, discount, total_amount, currency, shipping_address, billing_address, payment_due_at, created_at, updated_at)
        SELECT ${input.orderId}::bigint, ${tx.companyId}::bigint, ${draft.orderNumber}, ${input.customerId}::bigint, 'retail', 'pending',
          'pending', ${input.paymentMethod}, ${draft.subtotal}::bigint, ${draft.tax}::bigint, ${draft.discount}::bigint,
          ${draft.totalAmount}::bigint, ${draft.currency}, ${input.shippingAddress}, ${input.billingAddress}, ${order.payBy}::timestamptz,
          ${now}::timestamptz, ${now}::timestamptz
        FROM complete RETURNING id
      ),
      new_items AS (
        INSERT INTO ordering.order_items (company_id, order_id, line_no, product_id, sku, name, quantity, price, subtotal, discount, tax)
        SELECT ${tx.companyId}::bigint, o.id, l."lineNo", l."productId", l.sku, l.name, l.quantity, l."unitAmount", l.subtotal, l.discount, l.tax
        FROM new_order o, jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS l("lineNo" int, "productId" bigint, sku text, name text,
          quantity int, "unitAmount" bigint, subtotal bigint, discount bigint, tax bigint)
        RETURNING id
      ),
      ${insertInvoiceExpressions(tx.companyId, draft, now, Prisma.sql`SELECT 1 FROM complete`)},
      new_payment AS (
        INSERT INTO finance.payments (id, company_id, invoice_id, order_id, customer_id, method, status, attempt, amount, currency,
          reference, payment_url, expires_at, paid_at, created_at, updated_at)
        SELECT ${payment.paymentId}::bigint, ${tx.companyId}::bigint, ${draft.invoiceId}::bigint, ${input.orderId}::bigint,
          ${input.customerId}::bigint, ${payment.method}, ${payment.status}, 1, ${draft.totalAmount}::bigint, ${draft.currency},
          ${initiation.reference}, ${initiation.paymentUrl}, ${initiation.expiresAt}::timestamptz,
          CASE WHEN ${payment.status} = 'success' THEN ${now}::timestamptz END, ${now}::timestamptz, ${now}::timestamptz
        FROM complete RETURNING id
      )
      SELECT EXISTS (SELECT FROM complete) AS complete,
        (SELECT jsonb_agg(jsonb_build_object('productId', product_id, 'available', available, 'reorderLevel', reorder_level, 'taken', taken))
           FROM reserved) AS stock,
        (SELECT platform.append_events(${tx.companyId}::bigint, ${orderSubject(input.orderId)}, ${now}::timestamptz,
           ${JSON.stringify(placementEvents(order))}::jsonb) FROM complete) AS last_seq`,
  );

  return { isComplete: row?.complete ?? false, stock: row?.stock ?? [] };
}

function placementEvents(order: {
  input: PlaceOrderInput;
  draft: InvoiceDraft;
  units: { productId: number; quantity: number }[];
  payment: StartedPayment;
}): DomainEvent[] {
  const { input, draft, payment } = order;
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
    ...order.units.map(({ productId, quantity }) => ({
      type: 'inventory.reserved' as const,
      payload: { orderId: input.orderId, productId, quantity },
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
  ];
}
