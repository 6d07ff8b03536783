import { formatInstant } from '../../../platform/instant';
import type { PlanRow } from './plan-row';

/** A plan as the API shows it. @param timeZone of the company */
export function viewPlan(row: PlanRow, timeZone: string) {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    price: row.price,
    currency: row.currency,
    taxCategory: row.taxCategory,
    taxBehavior: row.taxBehavior,
    prices: row.prices,
    billingCycle: row.billingCycle,
    phases: row.phases,
    trialEnabled: row.trialEnabled,
    trialDays: row.trialDays,
    features: row.features,
    grants: row.grants,
    status: row.status,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
