import {
  anniversaryPeriodContaining,
  type BillingPeriod,
  calendarPeriodContaining,
  type DateSpan,
} from './billing-period-rules';
import { addDays, type LocalDate } from './calendar-rules';

/** Whether periods follow the calendar (from the 1st, from Monday) or the day the subscription began on. */
export type BillingTime = 'calendar' | 'anniversary';

/** What an invoice made on a day is for: the period that has ended, the one that begins, or the one being broken off. */
export type BillingTiming = 'in_arrears' | 'in_advance' | 'terminated';

export interface PeriodRow {
  readonly billingTime: BillingTime;
  readonly period: BillingPeriod;
  /** First day of the subscription; anniversary periods keep its day. */
  readonly anchor: LocalDate;
}

/** The period of a row that a date lies in. */
export function periodContaining(date: LocalDate, row: PeriodRow): DateSpan {
  return row.billingTime === 'calendar'
    ? calendarPeriodContaining(date, row.period)
    : anniversaryPeriodContaining(date, row.anchor, row.period);
}

/**
 * The period that an invoice made on a day is for. In arrears: the one that ended with the day before. In advance: the
 * one that begins on the day. Terminated: the one the day lies in.
 */
export function billedPeriod(billedOn: LocalDate, timing: BillingTiming, row: PeriodRow): DateSpan {
  return periodContaining(timing === 'in_arrears' ? addDays(billedOn, -1) : billedOn, row);
}

/** So many periods one after the other, the first being the one that a date lies in. */
export function periodsFrom(date: LocalDate, count: number, row: PeriodRow): DateSpan[] {
  const periods: DateSpan[] = [];
  for (let next = date; periods.length < count; next = periods.at(-1)?.end ?? next) {
    periods.push(periodContaining(next, row));
  }

  return periods;
}
