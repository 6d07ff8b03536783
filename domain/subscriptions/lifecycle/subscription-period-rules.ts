import {
  advance,
  anchorDayOf,
  BILLING_PERIODS,
  type BillingCycle,
  calendarPeriodContaining,
  nextBillingDateOnOrAfter,
} from '../../calendar/billing-period-rules';
import { addDays } from '../../calendar/calendar-rules';
import {
  atAnchorTime,
  type InstantSpan,
  localDateAt,
  startOfDay,
  zonedPeriod,
  zonedPeriodAt,
} from '../../calendar/zoned-calendar';
import type { PlanChangePolicy } from './plan-change-policy-rules';
import type { SubscriptionPolicy } from './subscription-types';

/** What periods of a subscription are made from: its plan's cycle, its zone, and the end of its term, if it has one. */
export interface Service {
  timeZone: string;
  plan: { billingCycle: BillingCycle };
  /** Epoch milliseconds: no period goes beyond it. */
  endsAt: number | null;
}

/** A row of periods: they are counted from the anchor and keep its day of the month and its hour for ever (D19). */
export interface Row extends Service {
  anchorAt: number;
  anchorDay: number;
}

/** A stretch to be billed, the whole period that measures it, and the row of periods that it belongs to. */
export interface StartedPeriod {
  period: InstantSpan;
  /** Equal to `period` where that is a whole one; longer for a stub. */
  denominator: InstantSpan;
  anchorAt: number;
  anchorDay: number;
  /** Number in the row; -1 is the stub before the first whole period. */
  periodIndex: number;
}

/**
 * The whole period that measures what is billed of period n. A stub before the first one is measured by the period that
 * ends where it ends: one period back from there, taken plainly and not put back on the anchor day.
 */
export function wholePeriodAt(row: Row, index: number): InstantSpan {
  if (index !== -1) {
    return zonedPeriod({ ...row, period: cycleOf(row) }, index);
  }
  const endsAt = atMost(row.anchorAt, row.endsAt);
  const start = advance(localDateAt(endsAt, row.timeZone), cycleOf(row), -1);

  return { startsAt: atAnchorTime(start, endsAt, row.timeZone), endsAt };
}

/** Service of period n from an instant in it on: to its end, or to the end of the term. */
export function periodFrom(from: number, row: Row, index: number): StartedPeriod {
  const denominator = wholePeriodAt(row, index);

  return {
    period: { startsAt: from, endsAt: atMost(denominator.endsAt, row.endsAt) },
    denominator,
    anchorAt: row.anchorAt,
    anchorDay: row.anchorDay,
    periodIndex: index,
  };
}

/**
 * The first period of service that begins at an instant. On a given anchor day: a stub up to it, unless the day is right.
 * `calendar`: a stub up to the first of the calendar's periods. `anniversary`: a whole one, anchored there.
 */
export function firstPeriod(
  from: number,
  service: Service & { anchorDay: number | null },
  billingTime: SubscriptionPolicy['billingTime'],
): StartedPeriod {
  if (service.anchorDay !== null) {
    return untilAnchorDay(from, { ...service, anchorAt: from, anchorDay: service.anchorDay });
  }

  return billingTime === 'calendar' ? untilCalendar(from, service) : wholePeriod(from, service);
}

/** Where service goes on in periods of another length (D20): the calendar's, or as the policy of the company has it. */
export function otherRow(
  from: number,
  before: Row,
  {
    billingTime,
    otherCycle,
  }: { billingTime: SubscriptionPolicy['billingTime']; otherCycle: PlanChangePolicy['otherCycle'] },
): StartedPeriod {
  if (billingTime === 'calendar') {
    return untilCalendar(from, before);
  }

  switch (otherCycle) {
    case 'reset_anchor':
      return wholePeriod(from, before);
    case 'keep_anchor_day':
      return untilAnchorDay(from, before);
    case 'keep_anniversary':
      return restOfPeriod(from, before);
  }
}

/** What is left of the period that an instant lies in, for service that goes on in the middle of it. */
export function restOfPeriod(from: number, row: Row): StartedPeriod {
  return periodFrom(from, row, zonedPeriodAt({ ...row, period: cycleOf(row) }, from).index);
}

/** So many local days on, at the same time of day: the end of a trial. */
export function daysOn(from: number, days: number, timeZone: string): number {
  return atAnchorTime(addDays(localDateAt(from, timeZone), days), from, timeZone);
}

/** A whole period anchored at an instant. */
function wholePeriod(from: number, service: Service): StartedPeriod {
  const anchorDay = anchorDayOf(localDateAt(from, service.timeZone));

  return periodFrom(from, { ...service, anchorAt: from, anchorDay }, 0);
}

/** A stub up to the first of the calendar's periods, from which on the whole ones are counted. */
function untilCalendar(from: number, service: Service): StartedPeriod {
  const { timeZone } = service;
  const whole = calendarPeriodContaining(localDateAt(from, timeZone), cycleOf(service));
  const anchorAt = startOfDay(whole.end, timeZone);

  return startOfDay(whole.start, timeZone) === from
    ? wholePeriod(from, service)
    : periodFrom(from, { ...service, anchorAt, anchorDay: anchorDayOf(whole.end) }, -1);
}

/** A stub up to the next anchor day at the anchor's hour. Periods of days go on in whole ones from the anchor. */
function untilAnchorDay(from: number, row: Row): StartedPeriod {
  const { anchorAt, anchorDay, timeZone } = row;
  const today = localDateAt(from, timeZone);
  const next = [today, addDays(today, 1)]
    .map((date) => nextBillingDateOnOrAfter(localDateAt(anchorAt, timeZone), anchorDay, cycleOf(row), date))
    .map((date) => atAnchorTime(date, anchorAt, timeZone))
    .find((at) => at >= from) as number;

  return periodFrom(from, { ...row, anchorAt: next }, next === from ? 0 : -1);
}

const cycleOf = ({ plan }: Service) => BILLING_PERIODS[plan.billingCycle];

const atMost = (at: number, endsAt: number | null) => (endsAt === null ? at : Math.min(at, endsAt));
