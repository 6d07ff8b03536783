import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { agreedTaxBehavior } from '../../catalogue/agreed-tax-behavior';
import { PlanPhase, requirePricedPhases } from '../../catalogue/plans/plan-phase-rules';
import { AppError } from '../../errors';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { AgreedMeter } from '../../usage/prices/agreed-meter';
import { agreedMetersJson } from '../../usage/prices/agreed-meters-json';
import { ifInclusive } from '../lifecycle/item-rules';
import { withPlanPhases } from '../lifecycle/phase-rules';
import type { AgreedTerms, Subscription } from '../lifecycle/subscription-types';
import { type Agreement, unbegunSubscription } from './subscription-row';

const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];
const Row = z.object({
  id: dbInteger,
  name: z.string(),
  price: dbInteger,
  tax_behavior: z.enum(taxBehaviors),
  currency: z.string(),
  billing_cycle: z.enum(cycles),
  phases: z.array(PlanPhase),
  trial_days: z.number(),
  status: z.string(),
  meters: z.array(AgreedMeter).nullable(),
});

export interface OfferedPlan extends AgreedTerms {
  currency: string;
  /** Prices that a new subscription begins with; a change to the plan has its own price. */
  phases: readonly PlanPhase[];
  /** 0: no trial */
  trialDays: number;
}

/**
 * A plan that may be subscribed to now, as its snapshot will be (D20).
 * @param field of the request that names it
 * @throws AppError plan_not_found, plan_unavailable
 */
export async function readOfferedPlan(tx: TenantSql, planId: number, field: string): Promise<OfferedPlan> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT id, name, price, ${agreedTaxBehavior(tx.companyId, Prisma.sql`p.tax_behavior`)} AS tax_behavior, currency, billing_cycle, phases, CASE WHEN trial_enabled THEN trial_days ELSE 0 END AS trial_days, status,
                      ${agreedMetersJson(tx.companyId, Prisma.sql`r.plan_id = p.id`)} AS meters
                 FROM product.plans p WHERE company_id = ${tx.companyId}::bigint AND id = ${planId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('plan_not_found', { field, detail: `There is no plan ${planId}.` });
  }

  if (row.status !== 'active') {
    throw new AppError('plan_unavailable', { field, detail: `Plan ${row.name} is ${row.status}.` });
  }

  return {
    planId: row.id,
    planName: row.name,
    amount: row.price,
    ...ifInclusive(row.tax_behavior),
    billingCycle: row.billing_cycle,
    ...(row.meters === null ? {} : { meters: row.meters }),
    currency: row.currency,
    phases: row.phases,
    trialDays: row.trial_days,
  };
}

/**
 * A subscription to it right before its start.
 * @param phases agreed on in place of those of the plan; undefined: the plan's
 * @throws AppError validation_failed on /phases
 */
export function beginningAt(
  plan: OfferedPlan,
  agreement: Agreement,
  phases: readonly PlanPhase[] = plan.phases,
): Subscription {
  requirePricedPhases({ price: plan.amount, phases });

  return withPlanPhases(unbegunSubscription(plan, agreement), phases);
}
