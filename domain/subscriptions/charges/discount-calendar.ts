import { type LastingDiscount, periodsOf } from '../../promotions/coupon-duration-rules';
import { endOfPeriods, wholePeriod } from '../schedule/billing-schedule-calendar';
import { isFree, isInPeriod, planOf } from '../lifecycle/item-rules';
import type { PlanItem, Subscription } from '../lifecycle/subscription-types';

/**
 * Discounts that last so many periods get their end: that of the last of so many periods of the plan. A stub counts as one;
 * the current period does where it is not billed yet. Of a plan that is free they are counted from `now`. In a trial, and
 * before service begins, the end is not known.
 */
export function withDiscountEnds(state: Subscription, now: number, isCurrentBilled: boolean): Subscription {
  const isUnknown = (one: LastingDiscount) => one.endsAt === null && periodsOf(one) !== null;

  return state.status !== 'scheduled' && state.discounts.some(isUnknown)
    ? {
        ...state,
        discounts: state.discounts.map((one) =>
          isUnknown(one) ? { ...one, endsAt: endOf(state, periodsOf(one) ?? 0, now, isCurrentBilled) } : one,
        ),
      }
    : state;
}

function endOf(state: Subscription, periods: number, now: number, isCurrentBilled: boolean): number | null {
  const plan = planOf(state);
  const service = { timeZone: state.timeZone, billingCycle: plan.terms.billingCycle, endsAt: null };

  if (isFree(plan)) {
    return endOfPeriods({ ...service, ...wholePeriod(now, service).schedule }, periods - 1);
  }

  return plan.schedule === null
    ? null
    : endOfPeriods({ ...service, ...plan.schedule }, plan.schedule.periodIndex + periods - (isCurrentBilled ? 0 : 1));
}

/**
 * Where the plan goes on in other periods, discounts hold for no more of those than they had left, and no longer than they
 * did: a code for one period of a month is none for four weeks of a weekly plan. After a pause they hold for as many periods
 * as they had left, the one that service goes on in being the first: a pause of an hour is worth no period.
 */
export function withDiscountsFollowing(before: Subscription, after: Subscription): Subscription {
  const [old, next] = [planOf(before), planOf(after)];
  const isSame = isSameRhythm(old, next);
  const isResumed = before.pausedAt !== null && after.pausedAt === null;

  if (after.discounts.length === 0 || !isInPeriod(next) || (isSame && !isResumed)) {
    return after;
  }
  const { schedule, period, terms } = next;
  const service = { timeZone: after.timeZone, billingCycle: terms.billingCycle, endsAt: null, ...schedule };
  const from = before.pausedAt ?? period.startsAt;

  return {
    ...after,
    discounts: after.discounts.map((one) => {
      const was = before.discounts.find(({ promotionId }) => promotionId === one.promotionId) ?? one;
      const left = was.endsAt === null || periodsOf(one) === null ? 0 : periodsLeft(before, was, was.endsAt, from);

      if (left === 0 || one.endsAt === null) {
        return one;
      }
      const endsAt = endOfPeriods(service, schedule.periodIndex + left - 1);

      return { ...one, endsAt: isSame ? endsAt : Math.min(one.endsAt, endsAt) };
    }),
  };
}

const isSameRhythm = (old: PlanItem, next: PlanItem): boolean =>
  old.terms.billingCycle === next.terms.billingCycle && old.schedule?.anchorAt === next.schedule?.anchorAt;

/** Periods before the end of a discount that were not over at an instant; of a plan without any, those of its cycle since it was applied. */
function periodsLeft(state: Subscription, { appliedAt }: LastingDiscount, endsAt: number, from: number): number {
  const { terms, schedule } = planOf(state);
  const service = { timeZone: state.timeZone, billingCycle: terms.billingCycle, endsAt: null };
  const periods = { ...service, ...(schedule ?? wholePeriod(appliedAt, service).schedule) };
  let left = 0;

  for (let index = periods.periodIndex, end = -Infinity; end < endsAt; index += 1) {
    end = endOfPeriods(periods, index);
    left += end > from ? 1 : 0;
  }

  return left;
}
