import { formatInstant } from '../../platform/instant';
import { BillingService } from '../billing/pricing/billing-service';
import type { Settings } from '../companies/setting-catalogue';
import type { WantedLine } from './order-line-rules';
import type { PlaceOrderInput } from './order-types';
import type { Buyer, SoldProduct } from './read-placement-context';
import type { OrderDraft } from './write-order';

const billing = new BillingService();

/**
 * The one invoice of an order (S400), not written yet: lines, tax and totals from the server's prices.
 * @param options.matched the items with their products
 * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
 */
export async function draftOrderInvoice(
  input: PlaceOrderInput,
  options: {
    invoiceId: number;
    orderNumber: string;
    buyer: Buyer;
    settings: Settings;
    matched: { line: WantedLine; product: SoldProduct }[];
    now: Date;
  },
): Promise<OrderDraft> {
  const { invoiceId, orderNumber, buyer, settings, matched, now } = options;

  return billing.draftWithStrategy(
    invoiceId,
    {
      billingAccountId: buyer.billingAccountId,
      customerId: buyer.id,
      orderId: input.orderId,
      orderNumber,
      companyBillingMode: settings.billingMode,
      params: {
        currency: buyer.currency,
        taxRatePpm: settings.taxRatePpm,
        billingDate: formatInstant(now, buyer.timeZone).slice(0, 10),
        items: matched.map(({ line, product }) => ({
          product,
          description: product.name,
          quantity: line.quantity,
          unitPrice: BigInt(product.price),
        })),
      },
      describe: ({ product }) => ({ productId: product.id, sku: product.sku }),
    },
    'retail',
  );
}
