import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { agreedTaxBehavior } from '../../catalogue/agreed-tax-behavior';
import { noPriceIn } from '../../catalogue/currency-price-rules';
import { PlanPhase, requirePricedPhases } from '../../catalogue/plans/plan-phase-rules';
import { planPriceIn } from '../../catalogue/plans/plan-price-rules';
import { otherPlanPrices, PlanPriceRow } from '../../catalogue/plans/set-plan-prices';
import { AppError } from '../../errors';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { PricedMeter, pricedMetersJson } from '../../usage/prices/agreed-meters-json';
import { meteredIn } from '../../usage/prices/metered-in-rules';
import { ifInclusive } from '../lifecycle/item-rules';
import { withPlanPhases } from '../schedule/phase-rules';
import type { AgreedTerms, Subscription } from '../lifecycle/subscription-types';
import { type Agreement, unbegunSubscription } from './subscription-row';

const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];
const Row = z.object({
  id: dbInteger,
  name: z.string(),
  price: dbInteger,
  taxBehavior: z.enum(taxBehaviors),
  currency: z.string(),
  prices: z.array(PlanPriceRow),
  billing_cycle: z.enum(cycles),
  phases: z.array(PlanPhase),
  trial_days: z.number(),
  status: z.string(),
  meters: z.array(PricedMeter).nullable(),
});

export interface OfferedPlan extends AgreedTerms {
  /** Of its price, as of all amounts here. */
  currency: string;
  /** Prices that a new subscription begins with; a change to the plan has its own price. */
  phases: readonly PlanPhase[];
  /** 0: no trial */
  trialDays: number;
}

/**
 * A plan that may be subscribed to now, as its snapshot will be (D20).
 * @param options.currency that it is to be paid in; null: the plan's own
 * @param options.field of the request that names it
 * @throws AppError plan_not_found, plan_unavailable, price_not_in_currency
 */
export async function readOfferedPlan(
  tx: TenantSql,
  planId: number,
  { currency: wanted, field }: { currency: string | null; field: string },
): Promise<OfferedPlan> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT id, name, price, ${agreedTaxBehavior(tx.companyId, Prisma.sql`p.tax_behavior`)} AS "taxBehavior", currency, ${otherPlanPrices} AS prices, billing_cycle, phases, CASE WHEN trial_enabled THEN trial_days ELSE 0 END AS trial_days, status,
                      ${pricedMetersJson(tx.companyId, Prisma.sql`r.plan_id = p.id`)} AS meters
                 FROM product.plans p WHERE company_id = ${tx.companyId}::bigint AND id = ${planId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('plan_not_found', { field, detail: `There is no plan ${planId}.` });
  }

  if (row.status !== 'active') {
    throw new AppError('plan_unavailable', { field, detail: `Plan ${row.name} is ${row.status}.` });
  }

  const currency = wanted ?? row.currency;
  const price = planPriceIn(row, currency);

  if (price === null) {
    throw noPriceIn(row.name, currency, field);
  }
  const currencies = [row, ...row.prices].map((one) => one.currency);
  const meters = meteredIn(row.meters ?? [], { name: row.name, currency, currencies, field });

  return {
    planId: row.id,
    planName: row.name,
    amount: price.price,
    ...ifInclusive(price.taxBehavior ?? row.taxBehavior),
    billingCycle: row.billing_cycle,
    ...(meters.length === 0 ? {} : { meters }),
    currency,
    phases: price.phases,
    trialDays: row.trial_days,
  };
}

/** What is agreed on of one; trial and phases are for who begins with it. */
export function termsOf({
  currency: _currency,
  phases: _phases,
  trialDays: _trialDays,
  ...terms
}: OfferedPlan): AgreedTerms {
  return terms;
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
