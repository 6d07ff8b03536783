import type { TenantSql } from '../../platform/db/database';
import { formatOptionalInstant } from '../../platform/instant';
import { assertBilledIn } from '../billing/account/billing-currency-rules';
import { resolveSettings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import { noticeLowStock } from '../inventory/notice-low-stock';
import { readAvailability } from '../inventory/read-availability';
import type { PaymentGateways } from '../payments/payment-gateway';
import { initiatePayment, isCharged } from '../payments/initiate-payment';
import { askedCodes, couponUses } from '../promotions/coupon-rules';
import { matchCoupons } from '../promotions/coupons-for-customer';
import { assertRedeemed } from '../promotions/redeem-coupons';
import { confirmCashOrder } from './confirm-cash-order';
import { draftOrderInvoice } from './draft-order-invoice';
import { admitOrderCoupons } from './order-coupon-rules';
import {
  type CatalogueProduct,
  matchLines,
  outOfStock,
  soldItems,
  stockLines,
  unitsByProduct,
} from './order-line-rules';
import { orderNumberOf } from './order-number-rules';
import { pricedProducts } from './order-price-rules';
import type { PlaceOrderInput, Placement, StartedPayment } from './order-types';
import { readPlacementContext } from './read-placement-context';
import { writeOrder } from './write-order';

/**
 * Places an order in one transaction that crosses contexts: prices on the server, stock held all or none, order, one
 * draft invoice (S400), one payment with what the customer needs to pay, and their events. Repeating it with the same
 * order id returns what stands.
 * @throws AppError customer_not_found, model_not_accepting, product_not_found, product_archived, price_mismatch,
 *   currency_mismatch, price_not_in_currency, promotion_… (see `admitCoupons`), out_of_stock, payment_method_unavailable, payment_token_required; nothing is written then
 */
export async function placeOrder(
  tx: TenantSql,
  input: PlaceOrderInput,
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<Extract<Placement, { kind: 'placed' }>> {
  const asked = askedCodes(input);
  const context = await readPlacementContext(tx, {
    ...input,
    productIds: [...new Set(input.items.map(({ productId }) => productId))],
    codes: asked.map(({ code }) => code),
    now,
  });
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
      payBy: formatOptionalInstant(earlier.payBy === null ? null : new Date(earlier.payBy), context.customer?.timeZone),
      orderNumber: earlier.orderNumber,
    };
  }

  if (context.status !== 'active' || !context.accepts_orders) {
    throw new AppError('model_not_accepting', {
      detail: 'This company takes no new orders now.',
      params: { businessModel: context.business_model },
    });
  }

  if (context.customer === null || context.order_number === null) {
    throw new AppError('customer_not_found', {
      detail: `There is no customer ${input.customerId}.`,
      field: '/customerId',
    });
  }

  const buyer = context.customer;
  assertBilledIn(buyer.currency, input.currency);
  const orderNumber = orderNumberOf(context.order_number);
  const settings = resolveSettings(context.settings);
  const products = pricedProducts(context.products ?? [], {
    items: input.items,
    rules: context.rules ?? [],
    segment: buyer.segment,
    currency: buyer.currency,
  });
  const matched = matchLines(input.items, products, buyer.currency);
  const units = unitsByProduct(matched.flatMap(({ line, product }) => stockLines(line, product.parts)));
  const sold = soldItems(matched);
  const coupons = admitOrderCoupons(matchCoupons(asked, context.coupons), { sold, currency: buyer.currency, now });
  const draft = await draftOrderInvoice(input, {
    invoiceId: context.invoice_id,
    orderNumber,
    buyer,
    settings,
    taxRates: context.tax_rates ?? [],
    sold,
    coupons,
    now,
  });
  const uses = couponUses(coupons, draft.discounts);
  const payBy =
    input.paymentMethod === 'cod' || draft.totalAmount === 0
      ? null
      : new Date(now.getTime() + settings.orderPaymentWindowMinutes * 60_000);
  const initiation = initiatePayment(gateways, settings, {
    method: input.paymentMethod,
    token: input.paymentToken,
    isOnClock: buyer.isTest,
    paymentId: context.payment_id,
    amount: draft.totalAmount,
    currency: draft.currency,
    description: `Thanh toan don hang ${orderNumber}`,
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
    uses,
    payment,
    initiation,
    payBy,
    now,
  });

  if (!written.isComplete) {
    throw await nameShortLines(tx, units, written.stock, matched);
  }
  assertRedeemed(uses, written.redeemed);

  await noticeLowStock(tx, written.stock, now);
  const isCashOnDelivery = input.paymentMethod === 'cod' && payment.status === 'initiated';

  if (isCashOnDelivery) {
    await confirmCashOrder(tx, { orderId: input.orderId, draft, settings, buyer, now });
  }

  return {
    kind: 'placed',
    status: isCashOnDelivery ? 'confirmed' : 'pending',
    payment,
    payBy: formatOptionalInstant(payBy, buyer.timeZone),
    orderNumber,
  };
}

/** Only lines that could not be held are at fault; what the others hold of this order is undone with the transaction. */
async function nameShortLines(
  tx: TenantSql,
  units: readonly { productId: number; quantity: number }[],
  held: readonly { productId: number }[],
  matched: readonly { product: Pick<CatalogueProduct, 'id' | 'name' | 'parts'> }[],
): Promise<AppError> {
  const short = units.filter(({ productId }) => held.every((line) => line.productId !== productId));
  const ids = short.map(({ productId }) => productId);

  return outOfStock(
    short,
    await readAvailability(tx, ids),
    new Map(
      matched.flatMap(({ product }) => [
        [product.id, product.name] as const,
        ...(product.parts ?? []).map(({ productId, name }) => [productId, name] as const),
      ]),
    ),
  );
}
