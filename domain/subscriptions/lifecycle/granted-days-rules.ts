import { advance } from '../../calendar/billing-period-rules';
import { daysBetween, type LocalDate } from '../../calendar/calendar-rules';
import { type ProrationSettings, type ServiceSpan, shareOfPeriod } from '../../billing/pricing/proration-rules';
import { divideRatios, multiplyRatios, ratio, roundUp } from '../../money/ratio-rules';
import type { PlanTerms } from './plan-change-policy-rules';

export interface UnusedService {
  readonly from: PlanTerms;
  readonly to: PlanTerms;
  /** The period that is paid for, and what of it the old plan is not used for. */
  readonly current: ServiceSpan;
  readonly unused: ServiceSpan;
  readonly changeOn: LocalDate;
  readonly proration: ProrationSettings;
}

/**
 * Whole days of the new plan that the unused part of the old price pays for, rounded up in the customer's favour. Where
 * the new plan costs nothing, the days that were left.
 */
export function daysBought({ from, to, current, unused, changeOn, proration }: UnusedService): number {
  const unusedValue = multiplyRatios(priceOf(from), shareOfPeriod(unused, current, proration));
  const priceOfDay = divideRatios(priceOf(to), ratio(daysBetween(changeOn, advance(changeOn, to.period, 1))));

  return priceOfDay.numerator === 0n
    ? daysBetween(changeOn, current.end)
    : Number(roundUp(divideRatios(unusedValue, priceOfDay)));
}

const priceOf = ({ price, quantity = 1n }: PlanTerms) => ratio(price * quantity);
