import { z } from 'zod';

import { billingPeriods } from '../../domain/catalogue/addons/addon-row';
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
import { addonPrices, AddonPricesSchema } from '../catalogue/currency-price-schemas';
import { pageParameters } from '../http/pipeline/page';

const features = z.array(codeName).max(200).describe('Codes of features that the add-on unlocks.');

const units = z.int().min(1).max(1_000_000_000_000);
const expiresAfterDays = z
  .int()
  .min(1)
  .max(3_660)
  .nullable()
  .describe('Days of 24 hours from the payment on; null: they do not expire.');

const termPeriods = z
  .int()
  .min(1)
  .max(1_200)
  .nullable()
  .describe('Of its own billing periods, after which it ends by itself; null: it goes on until it is removed.');

const setupFee = amount.describe(
  'Minor units, billed once for each purchase, whatever its quantity, when it begins to be paid; 0: none. Of what has periods alone.',
);

/** What a top-up holds, as it is asked for. */
const prepaid = z
  .strictObject({
    meter: codeName.describe('Its code; a meter that sums or counts.'),
    units: units.describe('Of the meter, in each.'),
    expiresAfterDays: expiresAfterDays.default(null),
  })
  .nullable()
  .describe('A top-up: units that are paid for ahead. Of one_time alone; may be bought again and again.');

export const CreateAddonRequest = z.strictObject({
  key: codeName.describe('What programs and purchases name; unique in the company, never changes.'),
  name: line(200),
  description: paragraph(2_000).nullable().optional(),
  price: amount.describe('Minor units per billing period, or once.').meta({ example: 100_000 }),
  setupFee: setupFee.optional(),
  currency: currency.optional().describe("The company's setting where not given."),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  prices: addonPrices.optional(),
  billingPeriod: z.enum(billingPeriods),
  termPeriods: termPeriods.optional(),
  prepaid: prepaid.optional(),
  features: features.optional(),
  grants: featureGrants.optional(),
});

export const UpdateAddonRequest = z.strictObject({
  name: line(200).optional(),
  description: paragraph(2_000).nullable().optional(),
  price: amount.optional().describe('For new purchases only.'),
  setupFee: setupFee.optional().describe('For new purchases only.'),
  currency: currency.optional().describe('Only together with a price.'),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  prices: addonPrices.optional().describe('For new purchases only; replaces all prices in other currencies.'),
  billingPeriod: z.enum(billingPeriods).optional(),
  termPeriods: termPeriods.optional().describe('For new purchases only; null: it goes on until it is removed.'),
  prepaid: prepaid.optional().describe('For new purchases only; null: it holds none any more.'),
  features: features.optional().describe('Replaces the whole list; a code keeps the value it has.'),
  grants: featureGrants.optional().describe('Replaces the whole list, with the codes in `features`.'),
  isActive: z.boolean().optional().describe('false: no longer sold; what was bought goes on.'),
});

export const ListAddonsQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  billingPeriod: z.enum(billingPeriods).optional(),
  currency: currency.optional().describe('Those that have a price in it.'),
  status: z
    .enum(['active', 'archived', 'all'])
    .optional()
    .describe('archived are those that are not active. Other than active: employees only.'),
});

export const AddonSchema = z
  .strictObject({
    id: z.int(),
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    price: z.int(),
    setupFee: z.int(),
    currency: z.string(),
    taxCategory: z.string(),
    taxBehavior,
    prices: AddonPricesSchema,
    billingPeriod: z.enum(billingPeriods),
    termPeriods,
    prepaid: z
      .strictObject({ meter: z.string(), units, expiresAfterDays })
      .nullable()
      .describe('Of a top-up: units that are paid for ahead; null of others.'),
    isActive: z.boolean(),
    features: z.array(z.string()),
    grants: featureGrants,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Addon' });
