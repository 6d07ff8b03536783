import { z } from 'zod';

import { mostOtherPrices } from '../../domain/catalogue/currency-price-rules';
import { mostPhases, PlanPhase } from '../../domain/catalogue/plans/plan-phase-rules';
import { billingCycles, planStatuses } from '../../domain/catalogue/plans/plan-row';
import { featureGrants } from '../features/grant-schemas';
import {
  amount,
  codeName,
  currency,
  instant,
  line,
  paragraph,
  searchParameter,
  taxBehavior,
  taxCategory,
} from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const trialDays = z.int().min(0).max(730);
const phases = z
  .array(PlanPhase)
  .max(mostPhases)
  .describe(
    'Prices that a new subscription has before `price`, each for so many periods: an introductory one, or a ramp.',
  );
const prices = z
  .array(
    z.strictObject({
      currency,
      price: amount,
      taxBehavior: taxBehavior.default(null),
      phases: phases.default([]),
    }),
  )
  .max(mostOtherPrices)
  .describe('What it costs in other currencies, minor units of each, with the phases of each; nothing is converted.')
  .meta({ example: [{ currency: 'USD', price: 499 }] });
const features = z.array(codeName).max(200).describe('Codes of features that the plan unlocks.');

export const CreatePlanRequest = z.strictObject({
  name: line(200).describe('Unique in the company.').meta({ example: 'Gói tháng' }),
  description: paragraph(2_000).nullable().optional(),
  price: amount.describe('Minor units per period; 0 is a free tier.').meta({ example: 99_000 }),
  currency: currency.optional().describe("The company's setting where not given."),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  prices: prices.optional(),
  billingCycle: z
    .enum(billingCycles)
    .describe('One period: biweekly is 14 days, bimonthly 2 months, triannual 4, semiannual 6, biennial 24.'),
  phases: phases.optional(),
  trialEnabled: z.boolean().optional(),
  trialDays: trialDays.optional().describe('At least 1 with trialEnabled true, else absent or 0.').meta({ example: 0 }),
  features: features.optional(),
  grants: featureGrants.optional(),
  status: z.enum(['draft', 'active']).optional().describe('A draft is seen by employees only. Active where not given.'),
});

export const UpdatePlanRequest = z.strictObject({
  name: line(200).optional(),
  description: paragraph(2_000).nullable().optional(),
  price: amount.optional().describe('For new subscriptions only.'),
  currency: currency.optional().describe('Only together with a price.'),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  prices: prices.optional().describe('For new subscriptions only; replaces all prices in other currencies.'),
  billingCycle: z.enum(billingCycles).optional(),
  phases: phases.optional().describe('For new subscriptions only; replaces the whole list.'),
  trialEnabled: z.boolean().optional().describe('false takes the days away as well.'),
  trialDays: trialDays.optional(),
  features: features.optional().describe('Replaces the whole list; a code keeps the value it has.'),
  grants: featureGrants.optional().describe('Replaces the whole list, with the codes in `features`.'),
  status: z.enum(['active', 'archived']).optional(),
});

export const ListPlansQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  billingCycle: z.enum(billingCycles).optional(),
  currency: currency.optional().describe('Those that have a price in it.'),
  trialEnabled: z.enum(['true', 'false']).optional(),
  status: z
    .enum([...planStatuses, 'all'])
    .optional()
    .describe('Other than active: employees only.'),
});

export const PlanSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    price: z.int(),
    currency: z.string(),
    taxCategory: z.string(),
    taxBehavior,
    prices: z
      .array(z.strictObject({ currency: z.string(), price: z.int(), taxBehavior, phases: z.array(PlanPhase) }))
      .describe('In other currencies.'),
    billingCycle: z.enum(billingCycles),
    phases: z.array(PlanPhase),
    trialEnabled: z.boolean(),
    trialDays: z.int(),
    features: z.array(z.string()),
    grants: featureGrants,
    status: z.enum(planStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Plan' });
