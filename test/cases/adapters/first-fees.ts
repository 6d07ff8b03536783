import { z } from 'zod';
import {
  advance,
  BILLING_PERIODS,
  type BillingCycle,
  calendarPeriodContaining,
} from '../../../domain/calendar/billing-period-rules';
import { daysBetween, type LocalDate } from '../../../domain/calendar/calendar-rules';
import { adapter } from '../case-adapter';
import { PaperSubscription } from '../paper-subscription';
import { dateIn, readCycle, toFullInstant } from '../read-words';
import { cents, count, text } from './field-schemas';

const settings = { prorationConvention: 'by_day_inclusive', billingTime: 'calendar' } as const;

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

/** The fee of the calendar period that a subscription begins in, with or without a trial; none when that covers it. */
function feeOfFirstPeriod(price: bigint, cycle: BillingCycle, start: LocalDate, trialDays: number): bigint {
  const { end } = calendarPeriodContaining(start, BILLING_PERIODS[cycle]);
  const { charges } = new PaperSubscription({ start, price, cycle, trialDays, settings }).until(end);

  return charges.find(({ from }) => from < end)?.amount ?? 0n;
}

const firstCalendarFee = adapter(
  z.object({ amount_cents: cents, interval: text, start: text, trial_days: count.default(0) }),
  ({ amount_cents: price, interval, start: words, trial_days }) => {
    const start = DATES_BY_WEEKDAY[words.trim()] ?? dateIn(words);

    return { amount_cents: feeOfFirstPeriod(price, readCycle(interval), start, trial_days) };
  },
);

const LONGER_THAN_ANY_PERIOD = 1000;

const trialInsidePeriod = adapter(
  z.object({
    amount_cents: cents,
    interval: text,
    days_in_period: count.optional(),
    trial_days: count.optional(),
    trial: z.literal('longer than the period').optional(),
  }),
  ({ amount_cents: price, interval, days_in_period, trial_days, trial }) => {
    const cycle = readCycle(interval);
    const days = trial === undefined ? (trial_days ?? 0) : LONGER_THAN_ANY_PERIOD;

    return { amount_cents: feeOfFirstPeriod(price, cycle, startOfPeriodOf(days_in_period, cycle), days) };
  },
);

/** The first day of a calendar period that has so many days. */
function startOfPeriodOf(days: number | undefined, cycle: BillingCycle): LocalDate {
  const period = BILLING_PERIODS[cycle];
  let candidate = calendarPeriodContaining('2022-03-01', period);
  for (let tries = 0; days !== undefined && daysBetween(candidate.start, candidate.end) !== days; tries += 1) {
    if (tries > 100) {
      throw new Error(`No ${cycle} period of the calendar has ${days} days.`);
    }
    candidate = calendarPeriodContaining(candidate.end, period);
  }

  return candidate.start;
}

/** The first two invoices of a subscription that begins with a trial and follows the calendar's months. */
function firstInvoices(subscription: PaperSubscription, start: LocalDate) {
  const [first, second] = subscription.until(advance(dateIn(start), BILLING_PERIODS.yearly, 1)).charges;

  return {
    billed_on: first?.on,
    amount_cents: first?.amount,
    then: second && { [second.on]: second.amount },
  };
}

const trialEndInvoice = adapter(
  z.object({ amount_cents: cents, start: text, trial_days: count }),
  ({ amount_cents: price, start, trial_days: trialDays }) =>
    firstInvoices(
      new PaperSubscription({ start: toFullInstant(start), price, cycle: 'monthly', trialDays, settings }),
      start,
    ),
);

/** The plan before costs something else. */
const ANOTHER_PRICE = 1n;

const upgradeDuringTrial = adapter(
  z.object({ new_amount_cents: cents, start: text, trial_days: count }),
  ({ new_amount_cents, start, trial_days: trialDays }) => {
    const terms = { start: toFullInstant(start), price: ANOTHER_PRICE, cycle: 'monthly', trialDays, settings } as const;
    const dayAfter = advance(dateIn(start), BILLING_PERIODS.daily, 1);

    return firstInvoices(new PaperSubscription(terms).until(dayAfter).changePlan(new_amount_cents, 'monthly'), start);
  },
);

export const firstFeeAdapters = {
  'proration.calendar': firstCalendarFee,
  'proration.calendar_and_trial': firstCalendarFee,
  'proration.weekly_calendar': firstCalendarFee,
  'proration.weekly_trial': firstCalendarFee,
  'proration.yearly_calendar': firstCalendarFee,
  trial_inside_period: trialInsidePeriod,
  'trial_end.bills_rest_of_calendar_month': trialEndInvoice,
  trial_longer_than_a_period: trialEndInvoice,
  'upgrade_during_trial.trial_counts_from_first_start': upgradeDuringTrial,
};
