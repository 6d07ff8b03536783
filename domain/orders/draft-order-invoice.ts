import { formatInstant } from '../../platform/instant';
import { BillingService } from '../billing/pricing/billing-service';
import type { InvoiceDraft } from '../billing/invoices/invoice-types';
import type { Settings } from '../companies/setting-catalogue';
import { orderNumberOf } from './order-number-rules';
import type { PlaceOrderInput } from './order-types';
import type { Buyer, SoldProduct } from './read-placement-context';

const billing = new BillingService();

/**
 * The one invoice of an order (S400), not written yet: lines, tax and totals from the server's prices.
 * @param options.products of the items, in their order
 * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
 */
export async function draftOrderInvoice(
  input: PlaceOrderInput,
  options: { invoiceId: number; buyer: Buyer; settings: Settings; products: SoldProduct[]; now: Date },
): Promise<InvoiceDraft> {
  const { invoiceId, buyer, settings, products, now } = options;
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
