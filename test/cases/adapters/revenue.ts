import { z } from 'zod';
import { advance, BILLING_PERIODS, calendarPeriodContaining } from '../../../domain/billing/billing-period-rules';
import { chargeAmount } from '../../../domain/billing/invoice-line-rules';
import {
  type RevenueMode,
  revenueOfMonth,
  type RevenueOfMonth,
  revenueSchedule,
  serviceDays,
} from '../../../domain/billing/revenue-schedule-rules';
import { adapter } from '../case-adapter';
import { isRecord, matches } from '../compare';
import { amountIn, countIn, dateIn, monthNameOf, readDate, readDateAfter, readMoney, writeMoney } from '../read-words';
import { money, text } from './field-schemas';

const monthlySplit = adapter(
  z.object({ amount: money, period: z.tuple([text, text]), mode: z.literal('per day') }),
  ({ amount, period: [from, to] }) => {
    const start = readDate(from);
    const days = serviceDays(start, readDateAfter(to, start));
    const schedule = revenueSchedule({ amount: readMoney(amount), ...days, mode: 'by_day' });

    return Object.fromEntries(
      schedule.flatMap(({ month, recognised, deferred }) => [
        [longMonthName(month), writeMoney(recognised)],
        [`deferred_end_of_${longMonthName(month)}`, writeMoney(deferred)],
      ]),
    ) as Record<string, string>;
  },
);

/** Each plan's line is for the days it applied in the month; the day of the upgrade is the new one's. */
const upgradeMidMonth = adapter(
  z.object({ first: text, upgrade: text }),
  ({ first, upgrade }) => {
    const start = readDate(first.slice(first.indexOf('from ')));
    const changed = readDate(upgrade.slice(upgrade.indexOf('on ')));
    const month = calendarPeriodContaining(changed, BILLING_PERIODS.monthly);
    const schedules = [
      { price: readMoney(amountIn(first)), service: { start, end: changed } },
      { price: readMoney(amountIn(upgrade)), service: { start: changed, end: month.end } },
    ].map(({ price, service }) => {
      const amount = chargeAmount({
        price,
        service,
        denominator: month,
        proration: { convention: 'by_day_inclusive' },
      });
      return revenueSchedule({ amount, ...serviceDays(service.start, service.end), mode: 'by_day' });
    });
    const name = longMonthName(month.start);

    return {
      [name]: schedules.map((schedule) => writeMoney(revenueOfMonth(month.start, [schedule]))),
      [`${name}_total`]: writeMoney(revenueOfMonth(month.start, schedules)),
    };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected).every(([key, value]) =>
      // '60 (20/30 of 90)': the number that begins the text.
      Array.isArray(value)
        ? matches(
            actual[key],
            value.map((words) => amountIn(String(words))),
          )
        : matches(actual[key], value),
    ),
);

const MODES: Readonly<Record<string, RevenueMode>> = {
  'by second': 'by_second',
  'by day': 'by_day',
  'evenly by month': 'evenly_by_month',
};

const amortisation = adapter(
  z.object({ amount: money, start: text, end: text, mode: text }),
  ({ amount, start, end, mode: words }) => {
    const [, mode] = Object.entries(MODES).find(([name]) => words.startsWith(name)) ?? [];
    if (!mode) {
      throw new Error(`No revenue mode for ${JSON.stringify(words)}.`);
    }
    const schedule = revenueSchedule({
      amount: readMoney(amount),
      startsAt: Date.parse(start),
      endsAt: Date.parse(end),
      mode,
    });

    return { by_month: schedule.map(({ recognised }) => writeMoney(recognised)) };
  },
);

const creditNote = adapter(
  z.object({ amount: text, pre_payment_credit_note: money }),
  ({ amount, pre_payment_credit_note }) => {
    const start = dateIn(amount);
    const months = countIn(amount.slice(amount.indexOf('for ')));
    const schedule = revenueSchedule({
      amount: readMoney(amountIn(amount)),
      credited: readMoney(pre_payment_credit_note),
      ...serviceDays(start, advance(start, BILLING_PERIODS.monthly, months)),
      mode: 'by_day',
    });

    return {
      recognised: Object.fromEntries(schedule.map((entry) => [monthNameOf(entry.month), recognisedIn(entry)])),
      deferred_change: schedule.map(({ deferredChange }) => writeMoney(deferredChange)),
    };
  },
);

function recognisedIn({ recognised }: RevenueOfMonth): string {
  return writeMoney(recognised);
}

const LONG_MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function longMonthName(month: string): string {
  return LONG_MONTH_NAMES.find((name) => name.startsWith(monthNameOf(month).toLowerCase())) ?? '';
}

export const revenueAdapters = {
  'revenue.monthly_split': monthlySplit,
  'revenue.upgrade_mid_month': upgradeMidMonth,
  'revenue.amortisation_mode': amortisation,
  'revenue.credit_note': creditNote,
};
