import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import type { PricingRuleRow } from './pricing-rule-row';

/** A pricing rule as the API shows it. @param timeZone of the company */
export function viewPricingRule(row: PricingRuleRow, timeZone: string) {
  return {
    ...row,
    startsAt: formatOptionalInstant(row.startsAt, timeZone),
    endsAt: formatOptionalInstant(row.endsAt, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
