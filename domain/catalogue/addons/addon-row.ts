import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { FeatureGrant, featureCodesJson, grantsJson } from '../features/feature-grant';
import { AddonPriceRow, otherAddonPrices } from './set-addon-prices';

export const billingPeriods = ['monthly', 'yearly', 'one_time'] as const;
export type BillingPeriod = (typeof billingPeriods)[number];

/** Units of a meter that a top-up holds: they are paid for ahead, and usage draws on them. */
export const AddonPrepaid = z.object({
  /** Its code. */
  meter: z.string(),
  units: z.number().int(),
  /** Days of 24 hours from the payment on; null: they do not expire. */
  expiresAfterDays: z.number().int().nullable(),
});
export type AddonPrepaid = z.output<typeof AddonPrepaid>;

export const AddonRow = z.object({
  id: dbInteger,
  key: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  price: dbInteger,
  currency: z.string(),
  /** What tax rates are found by (`tax-rules.ts` of billing). */
  taxCategory: z.string(),
  /** Whether the price holds the tax; null: as the company has it (setting taxBehavior). */
  taxBehavior: z.enum(taxBehaviors).nullable(),
  /** Minor units, once for each purchase, whatever its quantity, when it begins to be paid; 0: none. Of what has periods alone. */
  setupFee: dbInteger,
  /** In other currencies, by currency. */
  prices: z.array(AddonPriceRow),
  billingPeriod: z.enum(billingPeriods),
  /** Of its own periods, after which it ends by itself; null: it goes on until it is removed. Of what has periods alone. */
  termPeriods: z.number().int().nullable(),
  /** Of what is bought once alone; it may be bought again and again. */
  prepaid: AddonPrepaid.nullable(),
  isActive: z.boolean(),
  /** Codes of the features it unlocks. */
  features: z.array(z.string()),
  /** The same with how much of each. */
  grants: z.array(FeatureGrant),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type AddonRow = z.output<typeof AddonRow>;

/** Price in minor units for one billing period, or once. */
export type AddonFields = Omit<AddonRow, 'id' | 'isActive' | 'createdAt' | 'updatedAt'>;

const given = Prisma.sql`FROM product.addon_features g JOIN product.features f ON f.company_id = g.company_id AND f.id = g.feature_id
           WHERE g.company_id = a.company_id AND g.addon_id = a.id`;

export const selectAddons = Prisma.sql`
  SELECT a.id, a.addon_key AS key, a.name, a.description, a.price, a.setup_fee AS "setupFee", a.currency, a.tax_category AS "taxCategory", a.tax_behavior AS "taxBehavior", ${otherAddonPrices} AS prices, a.billing_period AS "billingPeriod", a.term_periods AS "termPeriods",
         (SELECT jsonb_build_object('meter', m.code, 'units', a.prepaid_units, 'expiresAfterDays', a.prepaid_days)
            FROM usage.meters m WHERE m.company_id = a.company_id AND m.id = a.prepaid_meter_id) AS prepaid,
         a.is_active AS "isActive", (SELECT ${featureCodesJson} ${given}) AS features, (SELECT ${grantsJson} ${given}) AS grants,
         a.created_at AS "createdAt", a.updated_at AS "updatedAt"
    FROM product.addons a`;
