import { type BillingCycle } from '../../calendar/billing-period-rules';
import { type LocalDate } from '../../calendar/calendar-rules';
import { type DiscountBasis } from './discount-rules';
import { type DiscountTiming } from './line-pricing-rules';

/** Something sold once. */
export interface BillingItem {
  readonly reference?: string;
  readonly description?: string;
  readonly quantity: number;
  /** minor units */
  readonly unitPrice: number;
  readonly currency?: string;
  /** parts per million; the company's rate when absent */
  readonly taxRatePpm?: number;
}

/** A plan that is billed once in every cycle. */
export interface BillingPlan {
  readonly reference?: string;
  readonly description?: string;
  /** minor units for one seat and one cycle */
  readonly price: number;
  readonly billingCycle: BillingCycle;
  /** seats, 1 when absent */
  readonly quantity?: number;
  readonly currency?: string;
  readonly taxRatePpm?: number;
}

/** A paid add-on with a cycle of its own. */
export interface BillingAddon {
  readonly key?: string;
  readonly description?: string;
  /** minor units for one cycle */
  readonly price: number;
  readonly billingPeriod: BillingCycle;
  /** Anchor day of its own, where that is not the subscription's (D27). */
  readonly anchorDay?: number;
  readonly quantity?: number;
  readonly currency?: string;
  readonly taxRatePpm?: number;
}

export type BillingDiscount =
  { readonly kind: 'percent'; readonly ratePpm: number } | { readonly kind: 'amount'; readonly amount: number };

/** What is billed and the settings it is billed under. Dates are local dates of the billing account (D1, D19). */
export interface BillingParams {
  readonly currency: string;
  /** parts per million: TAX_RATE=0.1 is 100,000 */
  readonly taxRatePpm: number;
  /** The day the billed period begins; for a one-off sale the day of the sale. */
  readonly billingDate: LocalDate;
  /** Anchor day of the month, 1 to 31; the day of `billingDate` when absent. */
  readonly anchorDay?: number;
  readonly items?: readonly BillingItem[];
  readonly plan?: BillingPlan;
  readonly addons?: readonly BillingAddon[];
  readonly discount?: BillingDiscount | null;
  readonly discountTiming?: DiscountTiming;
  readonly discountBasis?: DiscountBasis;
  readonly metadata?: { readonly businessModel?: string | null };
}

export type BillingMode = 'onetime' | 'recurring' | 'addon_only';

export interface BillingResultLine {
  readonly kind: 'item' | 'plan' | 'addon';
  readonly reference: string | null;
  readonly description: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  /** quantity × unit price */
  readonly amount: number;
  readonly taxRatePpm: number;
  readonly tax: number;
  readonly discount: number;
  /** amount + tax − discount */
  readonly totalAmount: number;
  /** First day after the billed period, null for what is sold once. */
  readonly nextBillingDate: LocalDate | null;
}

/** Amounts are safe integers in minor units of `currency`. */
export interface BillingResult {
  readonly currency: string;
  readonly subtotal: number;
  readonly tax: number;
  readonly discount: number;
  readonly totalAmount: number;
  readonly billingMode: BillingMode;
  /** The earliest next billing date of the lines; null for a one-off sale. */
  readonly nextBillingDate: LocalDate | null;
  /** Price of each add-on before tax, in the order given; absent when there is none. */
  readonly addonCharges?: readonly number[];
  readonly lines: readonly BillingResultLine[];
}
