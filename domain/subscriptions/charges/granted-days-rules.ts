import { advance } from '../../calendar/billing-period-rules';
import { daysBetween, type LocalDate } from '../../calendar/calendar-rules';
import { type ProrationSettings, type ServiceSpan, shareOfPeriod } from '../../billing/pricing/proration-rules';
import {
  addRatios,
  compareRatios,
  divideRatios,
  multiplyRatios,
  ONE,
  type Ratio,
  ratio,
  roundUp,
} from '../../money/ratio-rules';
import type { PlanTerms } from '../lifecycle/plan-change-policy-rules';

/** What the unused part of a price buys days of. */
export interface DaysToBuy {
  /** Of the new plan. */
  readonly to: PlanTerms;
  readonly changeOn: LocalDate;
  /** End of the period that is paid for. */
  readonly end: LocalDate;
}

export interface UnusedService {
  readonly from: PlanTerms;
  readonly to: PlanTerms;
  /** The period that is paid for, and what of it the old plan is not used for. */
  readonly current: ServiceSpan;
  readonly unused: ServiceSpan;
  readonly changeOn: LocalDate;
  readonly proration: ProrationSettings;
}

/** The days that the unused part of a period buys, by the price of that period. */
export function daysBought({ from, to, current, unused, changeOn, proration }: UnusedService): number {
  const value = multiplyRatios(priceOf(from), shareOfPeriod(unused, current, proration));

  return daysFor(value, { to, changeOn, end: current.end });
}

/**
 * Whole days of the new plan that a value in minor units pays for, rounded up in the customer's favour. Where the new plan
 * costs nothing, the days that were left.
 * @param isRounded the value was made from an amount that was rounded before: less than a minor unit buys no day more
 */
export function daysFor(value: Ratio, { to, changeOn, end }: DaysToBuy, isRounded = false): number {
  const priceOfDay = divideRatios(priceOf(to), ratio(daysBetween(changeOn, advance(changeOn, to.period, 1))));

  return priceOfDay.numerator === 0n
    ? daysBetween(changeOn, end)
    : Math.max(0, Number(roundUp(divideRatios(isRounded ? withoutRounding(value, priceOfDay) : value, priceOfDay))));
}

function withoutRounding(value: Ratio, priceOfDay: Ratio): Ratio {
  const half = multiplyRatios(priceOfDay, ratio(1, 2));

  return addRatios(value, multiplyRatios(ratio(-1), compareRatios(half, ONE) < 0 ? half : ONE));
}

const priceOf = ({ price, quantity = 1n }: PlanTerms) => ratio(price * quantity);
