import { periodsOf, type LastingDiscount } from '../../promotions/coupon-duration-rules';
import { endOfPeriods, wholePeriod } from '../lifecycle/billing-schedule-calendar';
import { isFree, planOf } from '../lifecycle/item-rules';
import type { Subscription } from '../lifecycle/subscription-types';

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
