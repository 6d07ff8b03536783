import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const pricingRuleStatuses = ['active', 'archived'] as const;

export const PriceTierJson = z.object({
  minQuantity: z.number().int(),
  reduction: z.union([
    z.object({ kind: z.literal('percent'), ratePpm: z.number().int() }),
    z.object({ kind: z.literal('amount'), amount: z.number().int() }),
    z.object({ kind: z.literal('fixed'), price: z.number().int() }),
  ]),
});

export const PricingRuleRow = z.object({
  id: dbInteger,
  name: z.string(),
  description: z.string().nullable(),
  currency: z.string().nullable(),
  appliesTo: z.object({
    productIds: z.array(z.number().int()),
    categories: z.array(z.string()),
    segments: z.array(z.string()),
  }),
  tiers: z.array(PriceTierJson),
  startsAt: dbInstant.nullable(),
  endsAt: dbInstant.nullable(),
  priority: z.number().int(),
  status: z.enum(pricingRuleStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type PricingRuleRow = z.output<typeof PricingRuleRow>;

/** What a company says of a rule; see `product-price-rules.ts` for what it means. */
export type PricingRuleFields = Omit<PricingRuleRow, 'id' | 'status' | 'createdAt' | 'updatedAt'>;

export const selectPricingRules = Prisma.sql`
  SELECT r.id, r.name, r.description, r.currency,
         jsonb_build_object('productIds', r.product_ids, 'categories', r.categories, 'segments', r.segments) AS "appliesTo",
         r.tiers, r.starts_at AS "startsAt", r.ends_at AS "endsAt", r.priority, r.status,
         r.created_at AS "createdAt", r.updated_at AS "updatedAt"
    FROM product.pricing_rules r`;
