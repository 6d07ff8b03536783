import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const billingPeriods = ['monthly', 'yearly', 'one_time'] as const;

export const AddonRow = z.object({
  id: dbInteger,
  key: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  price: dbInteger,
  currency: z.string(),
  billingPeriod: z.enum(billingPeriods),
  isActive: z.boolean(),
  /** Codes of the features it unlocks. */
  features: z.array(z.string()),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type AddonRow = z.output<typeof AddonRow>;

/** Price in minor units for one billing period, or once. */
export type AddonFields = Omit<AddonRow, 'id' | 'isActive' | 'createdAt' | 'updatedAt'>;

export const selectAddons = Prisma.sql`
  SELECT a.id, a.addon_key AS key, a.name, a.description, a.price, a.currency, a.billing_period AS "billingPeriod",
         a.is_active AS "isActive", a.features, a.created_at AS "createdAt", a.updated_at AS "updatedAt"
    FROM product.addons a`;
