import { type BillingCycle } from '../../calendar/billing-period-rules';
import { type LocalDate } from '../../calendar/calendar-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import type { TaxOfLine } from '../taxes/tax-types';
import { type Adjustment, type PricedLine, type Totals } from './pricer-rules';

/**
 * Something that is billed: an item sold once, a plan or an add-on for a cycle. Callers hand in what they sell with these
 * fields and find it again as the `source` of its priced line.
 */
export interface SoldLine {
  /** Key of an add-on, SKU of an item; written where there is no description. */
  readonly reference?: string;
  readonly description?: string;
  /** minor units for one (a seat, a unit) and one cycle */
  readonly unitPrice: bigint;
  /** 1 when absent */
  readonly quantity?: number;
  /** Minor units that the line comes to, where that is not quantity × price: part of a period, or a price without its tax. */
  readonly amount?: bigint;
  /** Whether price and amount hold the taxes; exclusive when absent. */
  readonly taxBehavior?: TaxBehavior | undefined;
  /** Of plans and add-ons. */
  readonly billingCycle?: BillingCycle;
  /** Anchor day of its own, where that is not the subscription's (D27). */
  readonly anchorDay?: number;
  readonly currency?: string;
  /** The company's rate alone when absent; none when empty. */
  readonly taxes?: readonly TaxOfLine[];
}

/** What is billed and the settings it is billed under. Dates are local dates of the billing account (D1, D19). */
export interface BillingParams<Sold extends SoldLine = SoldLine> {
  readonly currency: string;
  /** The company's rate, of what names no taxes. Parts per million: TAX_RATE=0.1 is 100,000. */
  readonly taxRatePpm: number;
  /** The day the billed period begins; for a one-off sale the day of the sale. */
  readonly billingDate: LocalDate;
  /** Anchor day of the month, 1 to 31; the day of `billingDate` when absent. */
  readonly anchorDay?: number;
  readonly items?: readonly Sold[];
  readonly plan?: Sold;
  readonly addons?: readonly Sold[];
  /** What was used, each with its amount. */
  readonly usage?: readonly Sold[];
  readonly adjustments?: readonly Adjustment<Sold>[];
  readonly metadata?: { readonly businessModel?: string | null };
}

export type BillingMode = 'onetime' | 'recurring' | 'addon_only';

export interface BillingResultLine<Sold extends SoldLine = SoldLine> extends Omit<PricedLine<Sold>, 'taxes'> {
  readonly quantity: number;
  /** All of its taxes together. */
  readonly taxRatePpm: number;
  readonly taxes: readonly (TaxOfLine & { readonly base: bigint; readonly amount: bigint })[];
  /** First day after the billed period, null for what is sold once. */
  readonly nextBillingDate: LocalDate | null;
}

/** Amounts are minor units of `currency`. */
export interface BillingResult<Sold extends SoldLine = SoldLine> {
  readonly currency: string;
  readonly subtotal: bigint;
  readonly tax: bigint;
  readonly discount: bigint;
  readonly totalAmount: Totals['total'];
  readonly billingMode: BillingMode;
  /** The earliest next billing date of the lines; null for a one-off sale. */
  readonly nextBillingDate: LocalDate | null;
  /** Price of each add-on before tax, in the order given; absent when there is none. */
  readonly addonCharges?: readonly bigint[];
  readonly lines: readonly BillingResultLine<Sold>[];
}

/** How one kind of business prices what it sells. A new kind of business is one more class and one line in the service. */
export interface IBillingStrategy {
  /**
   * Subtotal, tax, discount, total and next billing date of what is billed.
   * @throws AppError strategy_mismatch when the items are not of this kind of business (D15), currency_mismatch,
   *   amount_out_of_range
   */
  calculateAmount<Sold extends SoldLine>(params: BillingParams<Sold>): Promise<BillingResult<Sold>>;

  canHandle(businessModel: string): boolean;

  getStrategyName(): string;
}
