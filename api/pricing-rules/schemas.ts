import { z } from 'zod';

import { pricingRuleStatuses } from '../../domain/catalogue/pricing-rules/pricing-rule-row';
import { heldBetween, namedProducts } from '../catalogue/rule-members';
import { segment } from '../customers/schemas';
import { amount, currency, idParameter, instant, line, paragraph, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const money = amount.min(1);

const tiers = z
  .array(
    z.strictObject({
      minQuantity: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(1)
        .describe('From so many units of the product in one order on, on all its lines together.'),
      reduction: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('percent'),
          ratePpm: z.int().min(1).max(1_000_000).describe('Off the list price, parts per million: 100,000 is 10 %.'),
        }),
        z.strictObject({
          kind: z.literal('amount'),
          amount: money.describe('Off the list price of one, minor units.'),
        }),
        z.strictObject({ kind: z.literal('fixed'), price: amount.describe('The price of one, minor units.') }),
      ]),
    }),
  )
  .min(1)
  .max(20)
  .describe('In ascending order of quantity; the last that is reached holds for all units.')
  .meta({
    example: [
      { minQuantity: 10, reduction: { kind: 'percent', ratePpm: 50_000 } },
      { minQuantity: 50, reduction: { kind: 'percent', ratePpm: 100_000 } },
    ],
  });

const appliesTo = z
  .strictObject({
    ...namedProducts,
    segments: z.array(segment).max(100).default([]).describe('Of customers; everybody where none is named.'),
  })
  .describe('The products and categories that are named, all products where none is; and the customers.');

const fields = {
  description: paragraph(2_000).nullable().optional(),
  appliesTo: appliesTo.optional(),
  ...heldBetween,
  priority: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe(
      'Of the rules that hold, those of the lowest number count, and of them the one with the lowest price; rules are never added up. 100 where not given.',
    ),
};

export const CreatePricingRuleRequest = z.strictObject({
  name: line(200),
  tiers,
  currency: currency
    .optional()
    .describe("Of its amounts: the company's setting where not given. A rule of percentages alone holds for any."),
  ...fields,
});

export const UpdatePricingRuleRequest = z.strictObject({
  name: line(200).optional(),
  tiers: tiers.optional().describe('For new orders only.'),
  currency: currency.optional().describe('Only together with the tiers, where they hold amounts.'),
  ...fields,
  status: z.enum(pricingRuleStatuses).optional().describe('archived: holds no more.'),
});

export const ListPricingRulesQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  productId: idParameter.optional().describe('Rules that name this product.'),
  segment: segment.optional().describe('Rules that name this segment.'),
  status: z.enum([...pricingRuleStatuses, 'all']).optional(),
});

export const PricingRuleSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    currency: z.string().nullable().describe('Of its amounts; null: it has none and holds for any.'),
    appliesTo: z.strictObject({
      productIds: z.array(z.int()),
      categories: z.array(z.string()),
      segments: z.array(z.string()),
    }),
    tiers,
    startsAt: instant.nullable(),
    endsAt: instant.nullable(),
    priority: z.int(),
    status: z.enum(pricingRuleStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'PricingRule' });
