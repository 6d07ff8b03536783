import { z } from 'zod';
import {
  advance,
  anniversaryPeriodContaining,
  BILLING_PERIODS,
  type BillingPeriod,
  calendarPeriodContaining,
  type DateSpan,
  spanOfDays,
} from '../../../domain/billing/billing-period-rules';
import { type LocalDate } from '../../../domain/billing/calendar-rules';
import { feeForPeriod, firstInvoice, trialEnd } from '../../../domain/billing/period-fee-rules';
import { type ProrationSettings } from '../../../domain/billing/proration-rules';
import { localDateAt } from '../../../domain/billing/zoned-calendar';
import { adapter } from '../case-adapter';
import { dateIn, readPeriod } from '../read-words';
import { cents, count, date, text } from './field-schemas';

const proration: ProrationSettings = { convention: 'by_day_inclusive' };

/** Days of one week, for starts that name only the day: 2024-01-01 was a Monday. */
const DATES_BY_WEEKDAY: Readonly<Record<string, LocalDate>> = {
  Monday: '2024-01-01',
  Tuesday: '2024-01-02',
  Wednesday: '2024-01-03',
  Thursday: '2024-01-04',
  Friday: '2024-01-05',
  Saturday: '2024-01-06',
  Sunday: '2024-01-07',
};

/** The first fee of a subscription that follows the calendar, with or without a trial. */
const firstCalendarFee = adapter(
  z.object({
    amount_cents: cents,
    interval: text,
    start: text,
    trial_days: count.default(0),
  }),
  ({ amount_cents: price, interval, start: words, trial_days }) => {
    const start = DATES_BY_WEEKDAY[words.trim()] ?? dateIn(words);
    const whole = calendarPeriodContaining(start, readPeriod(interval));
    const billed = { start, end: whole.end };

    return { amount_cents: feeForPeriod({ price, billed, whole, freeUntil: trialEnd(start, trial_days), proration }) };
  },
);

const trialInsidePeriod = adapter(
  z.object({
    amount_cents: cents,
    interval: text,
    days_in_period: count.optional(),
    trial_days: count.optional(),
    trial: z.literal('longer than the period').optional(),
  }),
  ({ amount_cents: price, interval, days_in_period, trial_days, trial }) => {
    const period: BillingPeriod =
      days_in_period === undefined ? readPeriod(interval) : { unit: 'day', count: days_in_period };
    const start = '2022-03-01';
    const whole: DateSpan = { start, end: advance(start, period, 1) };
    const days = trial === undefined ? (trial_days ?? 0) : LONGER_THAN_ANY_PERIOD;

    return { amount_cents: feeForPeriod({ price, billed: whole, whole, freeUntil: trialEnd(start, days), proration }) };
  },
);

const LONGER_THAN_ANY_PERIOD = 1000;

/** The days handed in need not be the natural anniversary period that they are measured by. */
const trialOnAnniversary = adapter(
  z.object({ amount_cents: cents, subscription_at: date, boundaries: z.tuple([text, text]), trial_days: count }),
  ({ amount_cents: price, subscription_at: start, boundaries: [first, last], trial_days }) => {
    const billed = spanOfDays(dateIn(first), dateIn(last));
    const whole = anniversaryPeriodContaining(billed.start, start, BILLING_PERIODS.monthly);

    return { amount_cents: feeForPeriod({ price, billed, whole, freeUntil: trialEnd(start, trial_days), proration }) };
  },
);

/** The invoice that comes when a trial ends, in a calendar month. */
function afterTrial(price: bigint, start: string, trialDays: number) {
  const invoice = firstInvoice({
    price,
    start: start.includes('T') ? localDateAt(toFullInstant(start), 'UTC') : start,
    trialDays,
    billingTime: 'calendar',
    period: BILLING_PERIODS.monthly,
    proration,
  });

  return {
    billed_on: invoice.billedOn,
    amount_cents: invoice.amount,
    then: { [invoice.next.billedOn]: invoice.next.amount },
  };
}

const trialEndInvoice = adapter(
  z.object({ amount_cents: cents, start: text, trial_days: count }),
  ({ amount_cents, start, trial_days }) => afterTrial(amount_cents, start, trial_days),
);

const upgradeDuringTrial = adapter(
  z.object({ new_amount_cents: cents, start: text, trial_days: count }),
  ({ new_amount_cents, start, trial_days }) => afterTrial(new_amount_cents, start, trial_days),
);

/** Texts leave the seconds out. */
export function toFullInstant(words: string): string {
  return words.replace(/T(\d{2}:\d{2})Z$/, 'T$1:00Z');
}

export const periodFeeAdapters = {
  'proration.calendar': firstCalendarFee,
  'proration.calendar_and_trial': firstCalendarFee,
  'proration.weekly_calendar': firstCalendarFee,
  'proration.weekly_trial': firstCalendarFee,
  'proration.yearly_calendar': firstCalendarFee,
  trial_inside_period: trialInsidePeriod,
  trial_anniversary: trialOnAnniversary,
  'trial_end.bills_rest_of_calendar_month': trialEndInvoice,
  trial_longer_than_a_period: trialEndInvoice,
  'upgrade_during_trial.trial_counts_from_first_start': upgradeDuringTrial,
};
