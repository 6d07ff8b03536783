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
import { pageParameters } from '../http/pipeline/page';

const features = z.array(codeName).max(200).describe('Codes of features that the add-on unlocks.');

export const CreateAddonRequest = z.strictObject({
  key: codeName.describe('What programs and purchases name; unique in the company, never changes.'),
  name: line(200),
  description: paragraph(2_000).nullable().optional(),
  price: amount.describe('Minor units per billing period, or once.').meta({ example: 100_000 }),
  currency: currency.optional().describe("The company's setting where not given."),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  billingPeriod: z.enum(billingPeriods),
  features: features.optional(),
  grants: featureGrants.optional(),
});

export const UpdateAddonRequest = z.strictObject({
  name: line(200).optional(),
  description: paragraph(2_000).nullable().optional(),
  price: amount.optional().describe('For new purchases only.'),
  currency: currency.optional().describe('Only together with a price.'),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  billingPeriod: z.enum(billingPeriods).optional(),
  features: features.optional().describe('Replaces the whole list; a code keeps the value it has.'),
  grants: featureGrants.optional().describe('Replaces the whole list, with the codes in `features`.'),
  isActive: z.boolean().optional().describe('false: no longer sold; what was bought goes on.'),
});

export const ListAddonsQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  billingPeriod: z.enum(billingPeriods).optional(),
  currency: currency.optional(),
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
    currency: z.string(),
    taxCategory: z.string(),
    taxBehavior,
    billingPeriod: z.enum(billingPeriods),
    isActive: z.boolean(),
    features: z.array(z.string()),
    grants: featureGrants,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Addon' });
