import { advance, anchorDayOf, BILLING_PERIODS, firstBillingDate } from '../billing/billing-period-rules';
import { calendarPeriodContaining } from '../billing/billing-period-rules';
import {
  atAnchorTime,
  type InstantSpan,
  localDateAt,
  startOfDay,
  zonedPeriod,
  zonedPeriodAt,
} from '../billing/zoned-calendar';
import type { AgreedPlan, Subscription, SubscriptionPolicy } from './subscription-types';

/** A stretch to be billed, the whole period that measures it, and the row of periods that follows. */
export interface StartedPeriod {
  period: InstantSpan;
  /** Equal to `period` where that is a whole one; longer for a stub. */
  denominator: InstantSpan;
  anchorAt: number;
  periodIndex: number;
}

const rowOf = ({ anchorAt, timeZone, plan }: { anchorAt: number; timeZone: string; plan: AgreedPlan }) => ({
  anchorAt,
  timeZone,
  period: BILLING_PERIODS[plan.billingCycle],
});

/** Period n of a subscription, always counted from its anchor (D19). */
export function periodAt(
  state: Pick<Subscription, 'timeZone'> & { anchorAt: number; plan: AgreedPlan },
  index: number,
): InstantSpan {
  return zonedPeriod(rowOf(state), index);
}

/**
 * The first period of service that begins at an instant. `anniversary`: a whole one, anchored there. `calendar`: a stub
 * up to the first of the calendar's periods, from which on the whole ones are counted.
 */
export function firstPeriod(
  from: number,
  { timeZone, plan }: { timeZone: string; plan: AgreedPlan },
  billingTime: SubscriptionPolicy['billingTime'],
): StartedPeriod {
  const cycle = BILLING_PERIODS[plan.billingCycle];

  if (billingTime === 'anniversary') {
    return wholePeriod(from, { timeZone, plan });
  }
  const whole = calendarPeriodContaining(localDateAt(from, timeZone), cycle);
  const startsAt = startOfDay(whole.start, timeZone);
  const anchorAt = startOfDay(whole.end, timeZone);

  return startsAt === from
    ? wholePeriod(from, { timeZone, plan })
    : {
        period: { startsAt: from, endsAt: anchorAt },
        denominator: { startsAt, endsAt: anchorAt },
        anchorAt,
        periodIndex: -1,
      };
}

/** A whole period anchored at an instant. */
export function wholePeriod(from: number, { timeZone, plan }: { timeZone: string; plan: AgreedPlan }): StartedPeriod {
  const period = periodAt({ anchorAt: from, timeZone, plan }, 0);

  return { period, denominator: period, anchorAt: from, periodIndex: 0 };
}

/** What is left of the period that an instant lies in, for service that goes on in the middle of it. */
export function restOfPeriod(
  from: number,
  state: { anchorAt: number; timeZone: string; plan: AgreedPlan },
): StartedPeriod {
  const { index, ...whole } = zonedPeriodAt(rowOf(state), from);

  return {
    period: { startsAt: from, endsAt: whole.endsAt },
    denominator: whole,
    anchorAt: state.anchorAt,
    periodIndex: index,
  };
}

/** A stub from an instant to the next anchor day, for a plan of another cycle that keeps the day (D20). */
export function stubToAnchorDay(
  from: number,
  { anchorAt, timeZone, plan }: { anchorAt: number; timeZone: string; plan: AgreedPlan },
): StartedPeriod {
  const cycle = BILLING_PERIODS[plan.billingCycle];
  const day = anchorDayOf(localDateAt(anchorAt, timeZone));
  const first = firstBillingDate(localDateAt(from, timeZone), day, cycle);
  const next = atAnchorTime(first, anchorAt, timeZone);

  if (next <= from) {
    return wholePeriod(from, { timeZone, plan });
  }
  const startsAt = atAnchorTime(advance(first, cycle, -1), anchorAt, timeZone);

  return {
    period: { startsAt: from, endsAt: next },
    denominator: { startsAt, endsAt: next },
    anchorAt: next,
    periodIndex: -1,
  };
}

/** So many local days on, at the same time of day: the end of a trial. */
export function daysOn(from: number, days: number, timeZone: string): number {
  return zonedPeriod({ anchorAt: from, timeZone, period: { unit: 'day', count: days } }, 0).endsAt;
}
