import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { FeatureGrant, featureCodesJson, grantsJson } from '../features/feature-grant';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { PlanPhase } from './plan-phase-rules';
import { otherPlanPrices, PlanPriceRow } from './set-plan-prices';

export const planStatuses = ['draft', 'active', 'archived'] as const;
/** The documents name monthly and yearly; the rest is what prices of other rhythms need. */
export const billingCycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];

export const PlanRow = z.object({
  id: dbInteger,
  name: z.string(),
  description: z.string().nullable(),
  price: dbInteger,
  currency: z.string(),
  /** What tax rates are found by (`tax-rules.ts` of billing). */
  taxCategory: z.string(),
  /** Whether the price holds the tax; null: as the company has it (setting taxBehavior). */
  taxBehavior: z.enum(taxBehaviors).nullable(),
  /** In other currencies, by currency. */
  prices: z.array(PlanPriceRow),
  billingCycle: z.enum(billingCycles),
  /** Prices of a new subscription before `price`, in their order. */
  phases: z.array(PlanPhase),
  trialEnabled: z.boolean(),
  trialDays: z.number().int(),
  status: z.enum(planStatuses),
  /** Codes, sorted. */
  features: z.array(z.string()),
  /** The same with how much of each. */
  grants: z.array(FeatureGrant),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type PlanRow = z.output<typeof PlanRow>;

/** Price in minor units for one period; 0 is a free tier. */
export type PlanFields = Omit<PlanRow, 'id' | 'status' | 'createdAt' | 'updatedAt'>;

const given = Prisma.sql`FROM product.plan_features g JOIN product.features f ON f.company_id = g.company_id AND f.id = g.feature_id
           WHERE g.company_id = p.company_id AND g.plan_id = p.id`;

export const selectPlans = Prisma.sql`
  SELECT p.id, p.name, p.description, p.price, p.currency, p.tax_category AS "taxCategory", p.tax_behavior AS "taxBehavior", ${otherPlanPrices} AS prices, p.billing_cycle AS "billingCycle", p.phases,
         p.trial_enabled AS "trialEnabled", p.trial_days AS "trialDays", p.status,
         (SELECT ${featureCodesJson} ${given}) AS features, (SELECT ${grantsJson} ${given}) AS grants,
         p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM product.plans p`;
