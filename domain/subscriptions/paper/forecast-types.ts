import type { BilledLine } from '../../billing/credit-notes/credit-line-rules';
import type { MeteredCharge } from '../../billing/invoices/metered-charge';
import type { LineBasis } from '../../billing/pricing/line-basis';
import type { Taxation } from '../../billing/taxes/tax-types';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { Ratio } from '../../money/ratio-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import type { AddonTerms, AgreedTerms, CollectionBehavior, Subscription } from '../lifecycle/subscription-types';

/** A line that the future holds, as things stand now. Instants are epoch milliseconds, amounts minor units. */
export interface ForecastLine {
  readonly kind: 'trial' | 'charge' | 'usage' | 'credit';
  /** When its document is issued. */
  readonly at: number;
  /** When that is due; null for a trial, for a credit, and for what nobody is asked for. */
  readonly dueAt: number | null;
  /** Of one that is made while collection is paused: what becomes of it; null: it is asked for. A draft is once it has a due date. */
  readonly uncollected: CollectionBehavior | null;
  /** Of its invoice on paper. */
  readonly invoiceId: number | null;
  readonly service: InstantSpan;
  /** The whole period that measures the service. */
  readonly denominator: InstantSpan;
  /** Of usage: the name of its meter. */
  readonly terms: AgreedTerms | AddonTerms | { readonly meterName: string; readonly billingCycle: null };
  readonly quantity: number;
  /** minor units for one seat and one whole period */
  readonly unitPrice: number;
  /** Whether that holds the tax. */
  readonly taxBehavior: TaxBehavior;
  /** The fee that an add-on begins with. */
  readonly isSetup?: true | undefined;
  /** Part of a whole period. */
  readonly share: Ratio;
  /** Before tax and discount, negative for a credit, as tax and discount are. */
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  /** Whether a document is issued for it: one that comes to nothing is left out. */
  readonly isIssued: boolean;
}

export type ChargeSource = Pick<ForecastLine, 'terms' | 'quantity' | 'unitPrice' | 'taxBehavior' | 'denominator'>;

/** A charge that later changes may give something back of: of the forecast, or billed before it. */
export interface Charge {
  readonly item: string;
  /** 0 the price; above it what a dearer one comes to more (D22). */
  readonly layer: number;
  /** Of all seats for one whole period, minor units. */
  readonly price: number;
  readonly invoiceId: number;
  readonly source: ChargeSource;
  readonly basis: LineBasis;
  /** Days that were granted: what they were made from. */
  readonly granted?: LineBasis | null;
  readonly billed: BilledLine;
  /** Its service as far as nothing of it is given back. */
  readonly startsAt: number;
  readonly endsAt: number;
}

/** What is known of usage that nobody has billed; amounts as its prices have them, minor units. */
export interface UsageForecast {
  /** What the stretches that run now cost so far, by `usageKey`; every other one is taken to use nothing. */
  readonly running: ReadonlyMap<string, bigint>;
  /** What of that an invoice bills before they are over, once it comes to the threshold; likewise. */
  readonly early: ReadonlyMap<string, bigint>;
  /** What came late to periods that are billed: the next invoice of usage or of a renewal has it. */
  readonly late: readonly LateUsage[];
}

export interface LateUsage extends Pick<MeteredCharge, 'meterName' | 'service' | 'owner' | 'taxBehavior'> {
  readonly amount: bigint;
}

/** What was billed in the forecast, and where the subscription stands after it. */
export interface Forecast {
  readonly state: Subscription;
  readonly lines: readonly ForecastLine[];
  readonly usage: UsageForecast;
  readonly charges: readonly Charge[];
  /** What is given up of the units of top-ups already, as shares of what was bought, by item; others are taken to be used up. */
  readonly unitsReturned: ReadonlyMap<string, Ratio>;
  /** What is taxed as today is foreseen to be taxed on its day. */
  readonly taxation: Taxation;
}
