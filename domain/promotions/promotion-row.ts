import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma } from '../../platform/db/database';

export const promotionStatuses = ['active', 'archived'] as const;
export const percentBases = ['on_total', 'by_line'] as const;

export const Discount = z.union([
  z.object({
    kind: z.literal('percent'),
    ratePpm: z.number().int(),
    basis: z.enum(percentBases),
    most: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal('amount'), amount: z.number().int() }),
  z.object({ kind: z.literal('trial'), days: z.number().int(), isOnTop: z.boolean() }),
]);

export const Duration = z.union([
  z.object({ kind: z.enum(['once', 'forever']) }),
  z.object({ kind: z.literal('periods'), count: z.number().int() }),
]);

/** What it is for; everything where nothing is named. */
export const Scope = z.object({
  productIds: z.array(z.number().int()),
  categories: z.array(z.string()),
  planIds: z.array(z.number().int()),
  addonKeys: z.array(z.string()),
});

export const PromotionRow = z.object({
  id: dbInteger,
  name: z.string(),
  description: z.string().nullable(),
  discount: Discount,
  duration: Duration,
  currency: z.string().nullable(),
  minSubtotal: dbInteger,
  appliesTo: Scope,
  startsAt: dbInstant.nullable(),
  endsAt: dbInstant.nullable(),
  maxUses: z.number().int().nullable(),
  maxUsesPerCustomer: z.number().int().nullable(),
  used: z.number().int(),
  priority: z.number().int(),
  isCombinable: z.boolean(),
  status: z.enum(promotionStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type PromotionRow = z.output<typeof PromotionRow>;

/** What a company says of a promotion. Amounts are minor units of its currency; see `coupon-types.ts` for what they mean. */
export type PromotionFields = Omit<PromotionRow, 'id' | 'used' | 'status' | 'createdAt' | 'updatedAt'>;

/** The discount of `p` (product.promotions), as the rules take it. */
export const discountJson = Prisma.sql`CASE p.kind
           WHEN 'percent' THEN jsonb_build_object('kind', p.kind, 'ratePpm', p.rate_ppm, 'basis', p.basis, 'most', p.most)
           WHEN 'trial' THEN jsonb_build_object('kind', p.kind, 'days', p.trial_days, 'isOnTop', p.is_trial_on_top)
           ELSE jsonb_build_object('kind', p.kind, 'amount', p.amount) END`;

/** How long it stays on a subscription. */
export const durationJson = Prisma.sql`CASE p.duration
           WHEN 'periods' THEN jsonb_build_object('kind', p.duration, 'count', p.duration_periods)
           ELSE jsonb_build_object('kind', p.duration) END`;

/** The things that `p` is for. */
export const scopeJson = Prisma.sql`jsonb_build_object('productIds', p.product_ids, 'categories', p.categories, 'planIds', p.plan_ids,
           'addonKeys', p.addon_keys)`;

export const selectPromotions = Prisma.sql`
  SELECT p.id, p.name, p.description, ${discountJson} AS discount, ${durationJson} AS duration, p.currency, p.min_subtotal AS "minSubtotal",
         ${scopeJson} AS "appliesTo", p.starts_at AS "startsAt", p.ends_at AS "endsAt", p.max_uses AS "maxUses",
         p.max_uses_per_customer AS "maxUsesPerCustomer", p.used, p.priority, p.is_combinable AS "isCombinable", p.status,
         p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM product.promotions p`;
