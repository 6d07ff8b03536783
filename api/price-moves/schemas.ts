import { z } from 'zod';

import { rowId } from '../../domain/field-schema';
import { noticeDays, prorationBehavior } from '../../domain/subscriptions/commands/subscription-command-schema';
import { prorationBehaviors } from '../../domain/subscriptions/lifecycle/subscription-types';
import { movedStatuses, priceMoveStatuses } from '../../domain/subscriptions/price-moves/price-move-row';
import { agreedTaxBehavior, instant } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

export const CreatePriceMoveRequest = z.strictObject({
  priceId: rowId
    .nullable()
    .default(null)
    .describe(
      'A price of the plan or add-on: subscriptions in its currency are moved to it. The one of today in its own when absent.',
    ),
  fromPriceIds: z
    .array(rowId)
    .max(100)
    .default([])
    .describe(
      'Only who has agreed on one of these prices of it, in the currency of the one moved to; whoever pays another one when empty.',
    ),
  immediate: z
    .boolean()
    .default(false)
    .describe(
      'true: now, or when the notice is over, and prorated. false: each at its renewal, of an add-on at the end of its own period.',
    ),
  noticeDays,
  prorationBehavior,
});

const counted = z.int();

export const PriceMoveSchema = z
  .strictObject({
    id: rowId,
    planId: rowId.nullable().describe('null: it is of an add-on.'),
    addonId: rowId.nullable().describe('null: it is of a plan.'),
    priceId: rowId,
    fromPriceIds: z.array(rowId),
    immediate: z.boolean(),
    noticeDays: z.int(),
    prorationBehavior: z.enum(prorationBehaviors).nullable().describe('null: as the company has set it.'),
    status: z.enum(priceMoveStatuses),
    userId: rowId.nullable().describe('Who began it.'),
    total: counted.describe('Subscriptions that it asks.'),
    moved: counted.describe('Those that have the price, or will have it at the time that was announced.'),
    skipped: counted.describe('Those that refused, each with its reason.'),
    failed: counted.describe('Those that met a defect, or did not answer.'),
    takenBack: counted.describe('Those whose change waited when it was cancelled, and does not any more.'),
    pending: counted.describe('Those that are still to be asked, or asked again.'),
    askAgainAt: instant
      .nullable()
      .describe('When those whose charge is in flight are asked again; null while others are still to be asked.'),
    createdAt: instant,
    endedAt: instant.nullable(),
    updatedAt: instant,
  })
  .meta({ id: 'PriceMove' });

const money = z.int();

export const PriceMovePreviewSchema = z
  .strictObject({
    planId: rowId.nullable().describe('null: it is of an add-on.'),
    addonId: rowId.nullable().describe('null: it is of a plan.'),
    priceId: rowId,
    currency: z.string(),
    subscriptions: counted,
    revenueBefore: money.describe(
      'For one period of each, all seats or pieces, before discounts, as the prices have it: minor units.',
    ),
    revenueAfter: money,
    prices: z.array(
      z.strictObject({
        priceId: rowId.nullable().describe('The latest price of it with these terms; null: agreed on otherwise.'),
        version: z.int().nullable(),
        amount: money.describe('For one seat or piece and one period.'),
        billingCycle: z.string(),
        taxBehavior: agreedTaxBehavior,
        subscriptions: counted,
        revenueBefore: money,
        revenueAfter: money,
      }),
    ),
    sample: z.array(
      z.strictObject({
        subscriptionId: rowId,
        customerId: rowId,
        status: z.string(),
        quantity: z.int().describe('Seats, or pieces of the add-on.'),
        amountBefore: money.describe('All seats or pieces, one period.'),
        amountAfter: money,
      }),
    ),
  })
  .meta({ id: 'PriceMovePreview' });

export const MovedSubscriptionSchema = z
  .strictObject({
    subscriptionId: rowId,
    status: z.enum(movedStatuses),
    reason: z
      .string()
      .nullable()
      .describe('Of what was not moved, not yet or not taken back: the code of a problem, and why.'),
    askAgainAt: instant.nullable().describe('Of one that is pending because its charge is in flight.'),
    updatedAt: instant,
  })
  .meta({ id: 'MovedSubscription' });

export const ListMovedQuery = z.strictObject({ ...pageParameters, status: z.enum(movedStatuses).optional() });
