import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';

export const planStatuses = ['draft', 'active', 'archived'] as const;
/** The documents name monthly and yearly; the rest is what prices of other rhythms need. */
export const billingCycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];

export const PlanRow = z.object({
  id: dbInteger,
  name: z.string(),
  description: z.string().nullable(),
  price: dbInteger,
  currency: z.string(),
  billingCycle: z.enum(billingCycles),
  trialEnabled: z.boolean(),
  trialDays: z.number().int(),
  status: z.enum(planStatuses),
  /** Codes, sorted. */
  features: z.array(z.string()),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type PlanRow = z.output<typeof PlanRow>;

/** Price in minor units for one period; 0 is a free tier. */
export type PlanFields = Omit<PlanRow, 'id' | 'status' | 'createdAt' | 'updatedAt'>;

export const selectPlans = Prisma.sql`
  SELECT p.id, p.name, p.description, p.price, p.currency, p.billing_cycle AS "billingCycle",
         p.trial_enabled AS "trialEnabled", p.trial_days AS "trialDays", p.status,
         (SELECT coalesce(jsonb_agg(f.code ORDER BY f.code COLLATE "C"), '[]')
            FROM product.plan_features pf
            JOIN product.features f ON f.company_id = pf.company_id AND f.id = pf.feature_id
           WHERE pf.company_id = p.company_id AND pf.plan_id = p.id) AS features,
         p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM product.plans p`;
