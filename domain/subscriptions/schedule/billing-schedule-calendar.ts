import {
  advance,
  anchorDayOf,
  BILLING_PERIODS,
  type BillingCycle,
  calendarPeriodContaining,
  isCalendarPeriod,
  nextBillingDateOnOrAfter,
} from '../../calendar/billing-period-rules';
import { addDays, type LocalDate } from '../../calendar/calendar-rules';
import {
  atAnchorTime,
  type InstantSpan,
  localDateAt,
  startOfDay,
  zonedPeriod,
  zonedPeriodAt,
} from '../../calendar/zoned-calendar';
import type { PlanChangePolicy } from '../lifecycle/plan-change-policy-rules';
import type { BillingSchedule, SubscriptionPolicy } from '../lifecycle/subscription-types';

/** What periods of an item are made from: its cycle, the account's zone, and the end of its term, if it has one. */
export interface Service {
  timeZone: string;
  billingCycle: BillingCycle;
  /** Epoch milliseconds: no period goes beyond it. */
  endsAt: number | null;
  /** An instant whose hour its boundaries have, where that is not the anchor's; the first period begins at the anchor all the same. */
  hourOf?: number | undefined;
}

/** Service whose periods are counted from an anchor (D19). */
export type Scheduled = Service & Pick<BillingSchedule, 'anchorAt' | 'anchorDay'>;

/** A stretch to be billed, the whole period that measures it, and the schedule that it belongs to. */
export interface StartedPeriod {
  period: InstantSpan;
  /** Equal to `period` where that is a whole one; longer for a stub. */
  denominator: InstantSpan;
  schedule: BillingSchedule;
}

/**
 * The whole period that measures what is billed of period n. A stub before the first one is measured by the period that
 * ends where it ends: one period back from there, taken plainly and not put back on the anchor day.
 */
export function wholePeriodAt(scheduled: Scheduled, index: number): InstantSpan {
  if (index !== -1) {
    const whole = zonedPeriod(gridOf(scheduled), index);

    return index === 0 && scheduled.hourOf !== undefined ? { ...whole, startsAt: scheduled.anchorAt } : whole;
  }
  const { anchorAt, timeZone } = scheduled;
  const endsAt = atMost(anchorAt, scheduled.endsAt);
  const start = advance(localDateAt(endsAt, timeZone), cycleOf(scheduled), -1);

  return { startsAt: atAnchorTime(start, endsAt, timeZone), endsAt };
}

/** Where period n ends, counted from the anchor: a boundary of the schedule, whatever ends before it. */
export function endOfPeriods(scheduled: Scheduled, index: number): number {
  return wholePeriodAt(scheduled, index).endsAt;
}

/** Service of period n from an instant in it on: to its end, or to the end of the term. */
export function periodFrom(from: number, scheduled: Scheduled, index: number): StartedPeriod {
  const { anchorAt, anchorDay, endsAt } = scheduled;
  const denominator = wholePeriodAt(scheduled, index);

  return {
    period: { startsAt: from, endsAt: atMost(denominator.endsAt, endsAt) },
    denominator,
    schedule: { anchorAt, anchorDay, periodIndex: index },
  };
}

/**
 * The first period of service that begins at an instant. On a given anchor day: a stub up to it, unless the day is right.
 * `calendar`: a stub up to the first of the calendar's periods. `anniversary`: a whole one, anchored there.
 */
export function firstPeriod(
  from: number,
  service: Service,
  wantedAnchorDay: number | null,
  billingTime: SubscriptionPolicy['billingTime'],
): StartedPeriod {
  if (wantedAnchorDay !== null) {
    return untilAnchorDay(from, { ...service, anchorAt: from, anchorDay: wantedAnchorDay });
  }

  return billingTime === 'calendar' ? untilCalendar(from, service) : wholePeriod(from, service);
}

/** Where service goes on in periods of another length (D20): the calendar's, or as the policy of the company has it. */
export function otherSchedule(
  from: number,
  before: Scheduled,
  {
    billingTime,
    otherCycle,
  }: { billingTime: SubscriptionPolicy['billingTime']; otherCycle: PlanChangePolicy['otherCycle'] },
): StartedPeriod {
  if (billingTime === 'calendar' && isCalendarPeriod(cycleOf(before))) {
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

/**
 * What is left of the period that an instant lies in, for service that goes on in the middle of it. Where boundaries have an
 * hour of their own, the period that begins on the instant's day has begun.
 */
export function restOfPeriod(from: number, scheduled: Scheduled): StartedPeriod {
  const { hourOf, timeZone } = scheduled;
  const at = hourOf === undefined ? from : Math.max(from, atAnchorTime(localDateAt(from, timeZone), hourOf, timeZone));

  return periodFrom(from, scheduled, zonedPeriodAt(gridOf(scheduled), at).index);
}

/** A stub up to the next boundary of another schedule of the subscription. */
export function alignedPeriod(from: number, service: Service, to: BillingSchedule): StartedPeriod {
  return untilAnchorDay(from, { ...service, anchorAt: to.anchorAt, anchorDay: to.anchorDay });
}

/** So many local days on, at the same time of day: the end of a trial. */
export function daysOn(from: number, days: number, timeZone: string): number {
  return atAnchorTime(addDays(localDateAt(from, timeZone), days), from, timeZone);
}

/** A whole period anchored at an instant. */
export function wholePeriod(from: number, service: Service): StartedPeriod {
  const anchorDay = anchorDayOf(localDateAt(from, service.timeZone));

  return periodFrom(from, { ...service, anchorAt: from, anchorDay }, 0);
}

/**
 * A stub up to the first of the calendar's periods, from which on the whole ones are counted. Cycles that no calendar has,
 * as two weeks or two years, go by the day they begin on.
 */
function untilCalendar(from: number, service: Service): StartedPeriod {
  const { timeZone } = service;

  if (!isCalendarPeriod(cycleOf(service))) {
    return wholePeriod(from, service);
  }
  const whole = calendarPeriodContaining(localDateAt(from, timeZone), cycleOf(service));
  const anchorAt = startOfDay(whole.end, timeZone);

  return startOfDay(whole.start, timeZone) === from
    ? wholePeriod(from, service)
    : periodFrom(from, { ...service, anchorAt, anchorDay: anchorDayOf(whole.end) }, -1);
}

/** A stub up to the next anchor day at the anchor's hour. Periods of days go on in whole ones from the anchor. */
function untilAnchorDay(from: number, scheduled: Scheduled): StartedPeriod {
  const { anchorAt, anchorDay, timeZone } = scheduled;
  const today = localDateAt(from, timeZone);
  const first = localDateAt(anchorAt, timeZone);
  const onOrAfter = (date: LocalDate) =>
    atAnchorTime(nextBillingDateOnOrAfter(first, anchorDay, cycleOf(scheduled), date), anchorAt, timeZone);
  const at = onOrAfter(today);
  const next = at >= from ? at : onOrAfter(addDays(today, 1));

  return periodFrom(from, { ...scheduled, anchorAt: next }, next === from ? 0 : -1);
}

/** The periods as the calendar counts them: from the anchor's day, at the hour of the boundaries. */
function gridOf(scheduled: Scheduled) {
  const { anchorAt, hourOf, timeZone } = scheduled;
  const from = hourOf === undefined ? anchorAt : atAnchorTime(localDateAt(anchorAt, timeZone), hourOf, timeZone);

  return { ...scheduled, anchorAt: from, period: cycleOf(scheduled) };
}

const cycleOf = ({ billingCycle }: Service) => BILLING_PERIODS[billingCycle];

const atMost = (at: number, endsAt: number | null) => (endsAt === null ? at : Math.min(at, endsAt));
