import { formatInstant } from '../../platform/instant';
import { amountOf } from '../billing/pricing/billing-amount-rules';
import { BillingService } from '../billing/pricing/billing-service';
import { taxPointAt } from '../billing/taxes/tax-point-calendar';
import { chargeOf } from '../billing/taxes/tax-rules';
import type { TaxRate } from '../billing/taxes/tax-types';
import type { Settings } from '../companies/setting-catalogue';
import { type AdmittedCoupon, couponAdjustments } from '../promotions/coupon-rules';
import { couponItemOf } from './order-coupon-rules';
import type { SoldItem } from './order-line-rules';
import type { PlaceOrderInput } from './order-types';
import type { AppliedPrice } from './order-price-rules';
import type { Buyer, SoldProduct } from './read-placement-context';
import type { OrderDraft } from './write-order';

type OrderedProduct = SoldProduct & AppliedPrice;

const billing = new BillingService();

/**
 * The one invoice of an order (S400), not written yet: lines, tax and totals from the server's prices.
 * @param options.sold the items with their products
 * @param options.coupons in the order in which they are taken off
 * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
 */
export async function draftOrderInvoice(
  input: PlaceOrderInput,
  options: {
    invoiceId: number;
    orderNumber: string;
    buyer: Buyer;
    settings: Settings;
    taxRates: readonly TaxRate[];
    sold: SoldItem<OrderedProduct>[];
    coupons: readonly AdmittedCoupon[];
    now: Date;
  },
): Promise<OrderDraft> {
  const { invoiceId, orderNumber, buyer, settings, taxRates, sold, coupons, now } = options;
  const { taxStatus, taxExemptReason } = buyer.tax;
  const taxPoint = taxPointAt(now.getTime(), { rates: taxRates, taxStatus }, settings);

  return billing.draftWithStrategy(
    invoiceId,
    {
      billingAccountId: buyer.billingAccountId,
      customerId: buyer.id,
      orderId: input.orderId,
      orderNumber,
      taxedAs: {
        taxStatus,
        taxExemptReason,
        ...(input.billingAddress === null ? {} : { billingAddress: input.billingAddress }),
      },
      companyBillingMode: settings.billingMode,
      params: {
        currency: buyer.currency,
        taxRatePpm: settings.taxRatePpm,
        billingDate: formatInstant(now, buyer.timeZone).slice(0, 10),
        items: sold.map((item) => ({
          ...item,
          ...chargeOf(
            {
              amount: amountOf(item),
              taxCategory: item.product.taxCategory,
              taxBehavior: item.product.taxBehavior ?? settings.taxBehavior,
            },
            taxPoint,
          ),
        })),
        adjustments: couponAdjustments<SoldItem<OrderedProduct>>(coupons, {
          itemOf: couponItemOf,
          timing: settings.discountTiming,
        }),
      },
      describe: ({ product }) => ({
        productId: product.id,
        sku: product.sku,
        listPrice: product.pricingRule === null ? null : product.listPrice,
        pricingRule: product.pricingRule,
        bundleItems: product.parts?.map(({ status: _now, ...part }) => part) ?? null,
      }),
    },
    'retail',
  );
}
