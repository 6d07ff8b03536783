import type { BuyerTaxData } from '../../customers/buyer-tax-data';
import { type LineBasis } from '../pricing/line-basis';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import type { LineTax } from '../taxes/tax-types';
import { type DiscountTiming, type PromotionDiscount } from '../pricing/pricer-rules';
import { type LineUsage } from './metered-charge';

/** What invoices are for: a retail sale, or a part of a subscription's life. */
export const invoicePurposes = ['sale', 'first', 'addon', 'renewal', 'change', 'resume', 'usage', 'final'] as const;
export type InvoicePurpose = (typeof invoicePurposes)[number];

/** What an invoice is made of before it exists. Amounts are minor units; instants absolute. */
export interface InvoiceDraft<Line extends InvoiceDraftLine = InvoiceDraftLine> {
  invoiceId: number;
  billingAccountId: number;
  customerId: number;
  invoiceType: 'onetime' | 'recurring';
  orderId: number | null;
  orderNumber: string | null;
  subscriptionId: number | null;
  currency: string;
  subtotal: number;
  tax: number;
  discount: number;
  totalAmount: number;
  dueDate: Date | null;
  periodStart: Date | null;
  periodEnd: Date | null;
  notes: string | null;
  /** What it is for; a retail sale when absent. */
  purpose?: InvoicePurpose;
  metadata: InvoiceMetadata;
  /** How its buyer was taxed; a taxable one when absent. */
  taxedAs?: TaxedAs;
  /** What each promotion took off prices as they are shown, in the order in which they did; absent where no adjustment was handed in. */
  discounts?: readonly PromotionDiscount[];
  lines: Line[];
}

/** What a document says of its buyer from its draft on, because its amounts were reckoned by it. */
export interface TaxedAs extends Pick<BuyerTaxData, 'taxStatus' | 'taxExemptReason'> {
  /** One that an order names itself, in place of the customer's. */
  billingAddress?: string;
}

export interface InvoiceMetadata {
  billingMode: string;
  businessModel: string | null;
  addonCharges: readonly number[];
  nextBillingDate: string | null;
  /** Of its discounts (D14); absent without one. */
  discountTiming?: DiscountTiming;
}

export interface InvoiceDraftLine {
  lineNo: number;
  description: string;
  productId: number | null;
  quantity: number;
  /** As the price is shown: with its tax, where it holds it. */
  unitAmount: number;
  /** Exclusive when absent. */
  taxBehavior?: TaxBehavior;
  /** Before tax, as all amounts from here. */
  subtotal: number;
  discount: number;
  taxRatePpm: number;
  tax: number;
  /** Each of its taxes; null where it bears the company's rate alone. */
  taxes?: readonly LineTax[] | null;
  /** Of its discount, what each promotion took off; absent without one. */
  promotionDiscounts?: readonly PromotionDiscount[] | null;
  periodStart: string | null;
  periodEnd: string | null;
  planId?: number | null;
  /** What of a subscription it bills: `plan`, `addon/<id>`, `addon/<id>/setup` (D22). */
  item?: string | null;
  /** What it was made from, for credits. */
  basis?: LineBasis | null;
  /** The same of a line of usage. */
  usage?: LineUsage | null;
}
