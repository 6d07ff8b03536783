import { z } from 'zod';

import { rowId } from '../../domain/field-schema';
import { percentBases, promotionStatuses } from '../../domain/promotions/promotion-row';
import { heldBetween, namedProducts } from '../catalogue/rule-members';
import {
  amount,
  currency,
  idParameter,
  instant,
  line,
  paragraph,
  promotionCode,
  searchParameter,
} from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const money = amount.min(1);
const uses = z.int().min(1).max(2_000_000_000);

const discount = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('percent'),
      ratePpm: z.int().min(1).max(1_000_000).describe('Parts per million: 100,000 is 10 %.'),
      basis: z
        .enum(percentBases)
        .default('on_total')
        .describe('on_total: rounded once on what it is for and spread to the lines. by_line: rounded on every line.'),
      most: money
        .nullable()
        .default(null)
        .describe('Most that it takes off one order or invoice, minor units. null: no limit.'),
    }),
    z.strictObject({ kind: z.literal('amount'), amount: money.describe('Minor units.') }),
    z.strictObject({
      kind: z.literal('trial'),
      days: z.int().min(1).max(730).describe('Of the trial that a subscription begins with.'),
      isOnTop: z.boolean().default(false).describe("true: they come on top of the plan's own; false: in its place."),
    }),
  ])
  .meta({ example: { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: 50_000 } });

const appliesTo = z
  .strictObject({
    ...namedProducts,
    planIds: z.array(rowId).max(1_000).default([]),
    addonKeys: z.array(line(100)).max(1_000).default([]),
  })
  .describe('What the discount is taken off: the things that are named; everything where none is.');

const duration = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('once') }),
    z.strictObject({ kind: z.literal('periods'), count: z.int().min(1).max(1_000) }),
    z.strictObject({ kind: z.literal('forever') }),
  ])
  .meta({ example: { kind: 'periods', count: 3 } })
  .describe(
    'How long it stays on a subscription, in billing periods of its plan; once where not given. An amount that is taken once goes on until it is used up.',
  );

const fields = {
  description: paragraph(2_000).nullable().optional(),
  minSubtotal: amount
    .optional()
    .describe(
      'What the things it is for come to at least, before discounts, at prices as they are shown: with tax where they hold it; minor units, 0 where not given.',
    ),
  appliesTo: appliesTo.optional(),
  duration: duration.optional(),
  ...heldBetween,
  maxUses: uses.nullable().optional().describe('Of all its codes together. null: no limit.'),
  maxUsesPerCustomer: uses
    .nullable()
    .optional()
    .describe('By one customer, of all its codes together. null: no limit.'),
  priority: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe(
      'Of several codes on one order, the lower ones are taken off first, then the older; 100 where not given.',
    ),
  isCombinable: z
    .boolean()
    .optional()
    .describe('Whether it may be used together with others that may, too; false where not given.'),
};

export const CreatePromotionRequest = z.strictObject({
  name: line(200),
  code: promotionCode.optional().describe('The one code that everybody uses; `POST /promotions/{id}/codes` adds more.'),
  discount,
  currency: currency
    .optional()
    .describe("Of its amounts: the company's setting where not given. A percentage without amounts holds for any."),
  ...fields,
});

export const UpdatePromotionRequest = z.strictObject({
  name: line(200).optional(),
  discount: discount.optional().describe('For new orders and subscriptions only.'),
  currency: currency.optional().describe('Only together with all its amounts.'),
  ...fields,
  status: z.enum(promotionStatuses).optional().describe('archived: its codes are no longer known.'),
});

export const ListPromotionsQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  code: promotionCode.optional().describe('The promotion that has this code.'),
  status: z.enum([...promotionStatuses, 'all']).optional(),
});

export const PromotionSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    discount,
    currency: z.string().nullable().describe('Of its amounts; null: it has none and holds for any.'),
    minSubtotal: z.int(),
    appliesTo: z.strictObject({
      productIds: z.array(z.int()),
      categories: z.array(z.string()),
      planIds: z.array(z.int()),
      addonKeys: z.array(z.string()),
    }),
    duration,
    startsAt: instant.nullable(),
    endsAt: instant.nullable(),
    maxUses: z.int().nullable(),
    maxUsesPerCustomer: z.int().nullable(),
    used: z.int().describe('Orders and subscriptions that hold it: unpaid ones that end give it back.'),
    priority: z.int(),
    isCombinable: z.boolean(),
    status: z.enum(promotionStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Promotion' });

export const PromotionParams = z.strictObject({ id: idParameter });

export const AddCodesRequest = z.strictObject({
  code: promotionCode.optional().describe('One code of this name.'),
  count: z.int().min(1).max(5_000).optional().describe('So many codes that nobody guesses.'),
  prefix: promotionCode
    .refine((text) => text.length <= 32, 'takes at most 32 characters')
    .optional()
    .describe('What they begin with.'),
  maxUses: uses.nullable().optional().describe('Of each: 1 where not given for many, no limit for one of a name.'),
});

export const CodeSchema = z
  .strictObject({
    id: z.int(),
    promotionId: z.int(),
    code: z.string(),
    maxUses: z.int().nullable(),
    used: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'PromotionCode' });

export const ListCodesQuery = z.strictObject({ ...pageParameters });
export const CodesSchema = z.strictObject({ data: z.array(CodeSchema) });

/** Where a page of codes ends. */
export const idCursor = z.int();
