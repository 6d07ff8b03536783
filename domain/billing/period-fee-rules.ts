import { type DateSpan } from './billing-period-rules';
import { type BillingTime, type PeriodRow, periodContaining } from './billing-time-rules';
import { addDays, type LocalDate } from './calendar-rules';
import { prorate, type ProrationSettings, type ServiceSpan, shareOfPeriod } from './proration-rules';

export interface PeriodFee {
  /** minor units for a whole period */
  readonly price: bigint;
  /** seats, 1 when absent */
  readonly quantity?: bigint;
  /** The days billed. */
  readonly billed: ServiceSpan;
  /** The natural period they are measured by; it may differ from the days billed. */
  readonly whole: ServiceSpan;
  /** First day that costs something: the end of a trial. */
  readonly freeUntil?: LocalDate;
  readonly proration: ProrationSettings;
}

/** The fee for days of a period, rounded half up once; nothing when a trial covers them all. Minor units. */
export function feeForPeriod({ price, quantity = 1n, billed, whole, freeUntil, proration }: PeriodFee): bigint {
  if (freeUntil !== undefined && freeUntil >= billed.end) {
    return 0n;
  }

  const paid = freeUntil !== undefined && freeUntil > billed.start ? startingOn(freeUntil, billed) : billed;

  return prorate(price, shareOfPeriod(paid, whole, proration), quantity);
}

/** The first day after a trial of so many days, counted from the first start of the subscription. */
export function trialEnd(start: LocalDate, trialDays: number): LocalDate {
  return addDays(start, trialDays);
}

export interface FirstInvoiceInput extends Omit<PeriodRow, 'anchor'> {
  readonly price: bigint;
  /** First start of the subscription. A change of plan during the trial does not begin it again. */
  readonly start: LocalDate;
  readonly trialDays: number;
  readonly billingTime: BillingTime;
  readonly proration: ProrationSettings;
}

export interface FirstInvoice {
  /** The day the trial ends, or the start when there is none. */
  readonly billedOn: LocalDate;
  readonly billed: DateSpan;
  readonly amount: bigint;
  /** The first day of the next period, which costs the full price. */
  readonly next: { readonly billedOn: LocalDate; readonly amount: bigint };
}

/** In advance, the first invoice comes when the trial ends and is for what is left of the period it ends in. */
export function firstInvoice(input: FirstInvoiceInput): FirstInvoice {
  const { price, start, trialDays, billingTime, period, proration } = input;
  const billedOn = trialEnd(start, trialDays);
  const whole = periodContaining(billedOn, { billingTime, period, anchor: start });
  const billed = { start: billedOn, end: whole.end };

  return {
    billedOn,
    billed,
    amount: feeForPeriod({ price, billed, whole, proration }),
    next: { billedOn: whole.end, amount: price },
  };
}

function startingOn(start: LocalDate, span: ServiceSpan): ServiceSpan {
  return { start, end: span.end, ...(span.endsAt === undefined ? {} : { endsAt: span.endsAt }) };
}
