import { type BillingPeriod } from '../../calendar/billing-period-rules';
import { type ProrationSettings } from '../../billing/pricing/proration-rules';
import { PPM } from '../../money/money-rules';
import { compareRatios, multiplyRatios, type Ratio, ratio } from '../../money/ratio-rules';

/** What a subscription costs: a price for one seat and one period. */
export interface PlanTerms {
  /** minor units */
  readonly price: bigint;
  /** seats, 1 when absent */
  readonly quantity?: bigint;
  /** Of the taxes that the price holds, parts per million, where it is compared with one that holds none. */
  readonly includedTaxPpm?: number | undefined;
  readonly period: BillingPeriod;
}

/** How plan changes are billed. Company settings; the defaults are D20's. */
export interface PlanChangePolicy {
  readonly upgrade: ChangeTiming;
  readonly downgrade: ChangeTiming;
  /**
   * What a change at once costs now. `prorate`: a credit line for the unused part and a line for the new plan.
   * `charge_difference`: one line for the difference of the prices. `grant_days`: nothing, what is unused buys days of
   * the new plan. `none`: nothing, the new price holds from the next billing date.
   */
  readonly billing: 'prorate' | 'charge_difference' | 'grant_days' | 'none';
  /**
   * Where periods of another length begin. `reset_anchor`: on the day of the change, with a full period.
   * `keep_anchor_day`: on the next anchor day, with a stub up to it. `keep_anniversary`: on the anniversary of the
   * subscription's first day, with the rest of that period.
   */
  readonly otherCycle: 'reset_anchor' | 'keep_anchor_day' | 'keep_anniversary';
  /** Which plan the day of the change is charged to. */
  readonly dayOfChange: 'new_plan' | 'old_plan';
  readonly proration: ProrationSettings;
}

/** Where a change costs what the new price is more than what is billed, or buys days of it. */
export const dependsOnBilled = ({ billing }: PlanChangePolicy): boolean =>
  billing === 'charge_difference' || billing === 'grant_days';

export type ChangeTiming = 'at_once' | 'at_period_end';

export type ChangeDirection = 'upgrade' | 'downgrade';

/** What a plan costs over a year, to compare plans of different periods: exact minor units. */
export function yearlyPrice({ price, quantity = 1n, includedTaxPpm = 0, period }: PlanTerms): Ratio {
  return multiplyRatios(
    ratio(price * quantity),
    ratio(PPM, PPM + BigInt(includedTaxPpm)),
    ratio(period.unit === 'month' ? 12 : 365, period.count),
  );
}

/** A change is a downgrade when the new plan costs less over a year. */
export function directionOfChange(from: PlanTerms, to: PlanTerms): ChangeDirection {
  return compareRatios(yearlyPrice(to), yearlyPrice(from)) < 0 ? 'downgrade' : 'upgrade';
}
