import { z } from 'zod';

import { billingPeriods } from '../../domain/catalogue/addons/addon-row';
import { mostPhases, PlanPhase } from '../../domain/catalogue/plans/plan-phase-rules';
import { BILLING_PERIODS, type BillingCycle } from '../../domain/calendar/billing-period-rules';
import { daysUntilDue, rowId, seats, trialDays, trialEnd } from '../../domain/field-schema';
import { percentBases } from '../../domain/promotions/promotion-row';
import { paymentMethodNames } from '../../domain/companies/payment-method-types';
import { subscriptionCommands } from '../../domain/subscriptions/commands/subscription-command-schema';
import { collectionBehaviors, subscriptionStatuses } from '../../domain/subscriptions/lifecycle/subscription-types';
import { agreedTaxBehavior, currency, idParameter, instant, line, plannedInstant } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';
import { LineUsageSchema, lineUsageMembers } from '../invoices/line-usage-schema';
import { PriceModelComponent } from '../meters/price-model-component';
import { codeMembers, namesCodesOnce } from '../promotions/code-members';

/** Under which the documents show what is here. */
export const tag = 'Subscriptions';

const amount = z.int();
const time = instant.nullable();
const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];
const anchorDay = z.int().min(1).max(31);

/** What a subscription may begin with, as requests name it. */
export const subscriptionStart = z.strictObject({
  customerId: rowId.optional().describe('Employees name the customer; customers subscribe for themselves.'),
  planId: rowId,
  currency: currency
    .optional()
    .describe('That of the billing account, which may be named and is no other; the plan has to have a price in it.'),
  startsAt: plannedInstant
    .nullable()
    .optional()
    .describe(
      'When it begins; now when absent. In the future: it is `scheduled`, and nothing is billed or given before. In the past, for employees: its periods are counted from there, and the first invoice has what is owed since, period by period.',
    ),
  useTrial: z.boolean().default(false).describe('Begin with the trial of the plan; once for each customer.'),
  trialDays: trialDays
    .nullable()
    .optional()
    .describe('Begin with a trial of so many days, whatever the plan has; 0: without one. Employees only.'),
  trialEnd: trialEnd
    .nullable()
    .optional()
    .describe(
      'The same by its end: on a local day, at the hour of the start, or at an instant; at most 730 days ahead. Employees only.',
    ),
  quantity: seats.default(1).describe('Seats.'),
  billingAnchorDay: anchorDay
    .nullable()
    .optional()
    .describe(
      'Day of the month on which its periods begin; a stub leads up to it. Periods of days take no notice of it.',
    ),
  endsAt: plannedInstant
    .nullable()
    .optional()
    .describe('End of a fixed term: its last period ends there, and it expires.'),
  paymentMethod: z
    .enum(paymentMethodNames)
    .nullable()
    .optional()
    .describe('How invoices are paid; `card` with a token is charged automatically.'),
  paymentToken: line(255)
    .nullable()
    .optional()
    .describe('Saved as a payment method of the customer and charged from now on.'),
  paymentMethodId: rowId.nullable().optional().describe('A saved payment method of the customer.'),
  daysUntilDue: daysUntilDue
    .nullable()
    .optional()
    .describe(
      "Payment terms of its invoices that are sent, from the first one on; its customer's, else the company's when absent. Managers only.",
    ),
  usageThreshold: subscriptionCommands.set_usage_threshold.shape.usageThreshold
    .optional()
    .describe(
      'Unbilled usage that is invoiced at once, minor units before tax; 0: none. As the company has it when absent. Managers only.',
    ),
  addonIds: subscriptionCommands.add_addons.shape.addonIds.describe(
    'Add-ons that begin with the plan: on its first invoice, or tried with it and billed from the end of the trial on. Of a free plan, or one that is billed in arrears, they are billed by themselves.',
  ),
  addonKeys: subscriptionCommands.add_addons.shape.addonKeys,
  addonQuantity: seats.default(1).describe('Of each add-on.'),
  phases: z
    .array(PlanPhase)
    .max(mostPhases)
    .optional()
    .describe(
      "Prices that it has before the plan's, each for so many periods, in place of the plan's `phases`. Employees only.",
    ),
  ...codeMembers,
});

/** Add-ons as a request names them. */
export const addonsOf = ({
  addonIds,
  addonKeys,
  addonQuantity,
}: Pick<z.output<typeof subscriptionStart>, 'addonIds' | 'addonKeys' | 'addonQuantity'>) => ({
  addonIds,
  addonKeys,
  quantity: addonQuantity,
});

export const CreateSubscriptionRequest = namesCodesOnce(subscriptionStart);

export const ListSubscriptionsQuery = z.strictObject({
  ...pageParameters,
  customerId: idParameter.optional(),
  planId: idParameter.optional(),
  status: z.enum(subscriptionStatuses).optional(),
});
export const OfCustomerParams = z.strictObject({ customerId: idParameter });
export const PreviewQuery = z.strictObject({
  preview: z.enum(['true', 'false']).default('false').describe('true: change nothing, answer what would be billed.'),
});

const CollectionPauseSchema = z
  .strictObject({
    behavior: z.enum(collectionBehaviors).describe('Of invoices that are made meanwhile.'),
    pausedAt: instant,
    resumesAt: time.describe('null: until it is resumed.'),
  })
  .meta({ id: 'CollectionPause' });

const WaitingChangeSchema = z
  .strictObject({
    id: rowId,
    kind: z.enum(['plan', 'price', 'phase', 'quantity', 'remove', 'cancel', 'pause']),
    item: z
      .string()
      .nullable()
      .describe('`plan`, or `addon/` and the id of a purchase; null for what concerns all of it.'),
    planId: rowId.nullable(),
    planName: z.string().nullable(),
    addonId: rowId.nullable().describe('Of what is sold, where it is about an add-on.'),
    addonName: z.string().nullable(),
    priceId: rowId.nullable().describe('Of a change of price.'),
    amount: z.int().nullable().describe('For one seat and one period from then on.'),
    quantity: z.int().nullable(),
    periods: z.int().nullable().describe('Of a phase: periods that end before it holds.'),
    waitsFor: z.enum(['period_end', 'charge_answer']),
    notBefore: time.describe('Of a price: until when the customer was given notice.'),
    effectiveAt: time.describe('null: not known yet; of a price, the first renewal from `notBefore` on.'),
  })
  .meta({ id: 'WaitingChange' });

const AgreedMetersSchema = z
  .array(
    z
      .strictObject({
        meterId: rowId,
        meterName: z.string(),
        priceId: rowId,
        price: PriceModelComponent,
      })
      .meta({ id: 'AgreedMeter' }),
  )
  .describe('Whose usage is billed at the end of each period, at the prices that were agreed on.');

const PendingItemSchema = z
  .strictObject({
    kind: z.enum(['charge', 'credit']),
    item: z.string().describe('`plan`, or `addon/` and the id of a purchase, with `/setup` for its setup fee.'),
    description: z.string(),
    quantity: z.int(),
    unitAmount: amount.describe('For one and one whole period.'),
    taxBehavior: agreedTaxBehavior,
    amount: amount.describe(
      'As the price has it, so with its tax where it holds it; negative for a credit, which is worked out again when it is given: less where something else of its invoice was credited meanwhile.',
    ),
    periodStart: instant,
    periodEnd: instant,
    createdAt: instant,
  })
  .meta({ id: 'PendingItem' });
const pendingItems = z
  .array(PendingItemSchema)
  .describe('What changes cost and give back that waits for the next invoice.');

export const UserAddonSchema = z
  .strictObject({
    id: rowId.describe('Of the purchase.'),
    subscriptionId: rowId,
    addonId: rowId.describe('Of what is sold.'),
    key: z.string(),
    name: z.string(),
    price: amount.describe('For one and one period, or once; as agreed on.'),
    setupFee: amount.describe('Once, whatever its quantity, when it begins to be paid; as agreed on. 0: none.'),
    taxBehavior: agreedTaxBehavior,
    quantity: z.int(),
    billingPeriod: z.enum(billingPeriods),
    termPeriods: z
      .int()
      .nullable()
      .describe('Of its own periods from when it begins to be paid, after which it ends by itself; as agreed on.'),
    status: z
      .enum(['pending', 'active', 'removed', 'expired'])
      .describe('`pending`: unlocks nothing before it is paid.'),
    currentPeriodStart: time,
    currentPeriodEnd: time,
    nextBillingDate: z.string().nullable().describe('Local date; null when it is not billed again.'),
    purchasedAt: instant,
    activatedAt: time,
    expiresAt: time.describe('When it ends, where that is known.'),
    endedAt: time,
    endReason: z.string().nullable(),
    prepaid: z
      .strictObject({
        meterId: rowId,
        units: z.int().describe('In each.'),
        expiresAfterDays: z.int().nullable(),
      })
      .nullable()
      .describe('Of a top-up: units that are paid for ahead, as agreed on; null of others.'),
    meters: AgreedMetersSchema,
    meteredSince: time,
  })
  .meta({ id: 'UserAddon' });

const DiscountSchema = z
  .strictObject({
    promotionId: rowId,
    code: z.string(),
    discount: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('percent'),
        ratePpm: z.int(),
        basis: z.enum(percentBases),
        most: amount.nullable(),
      }),
      z.strictObject({ kind: z.literal('amount'), amount }),
    ]),
    duration: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.enum(['once', 'forever']) }),
      z.strictObject({ kind: z.literal('periods'), count: z.int() }),
    ]),
    appliedAt: instant,
    endsAt: time.describe(
      'It is taken off service that begins before; null: as long as the subscription lives, until it is used up, or not known before service begins.',
    ),
    amountLeft: amount.nullable().describe('Of an amount that is taken once; null for all others.'),
    isOver: z.boolean().describe('By time, or because nothing of it is left.'),
  })
  .meta({ id: 'SubscriptionDiscount' });

export const SubscriptionSchema = z
  .strictObject({
    id: rowId,
    customerId: rowId,
    planId: rowId,
    planName: z.string(),
    amount: amount.describe('For one seat and one period.'),
    taxBehavior: agreedTaxBehavior,
    currency: z.string(),
    billingCycle: z.enum(cycles),
    quantity: z.int(),
    status: z.enum(subscriptionStatuses),
    isFreeTier: z.boolean(),
    isTrialUsed: z.boolean(),
    startsAt: time.describe('When it begins or began; null: when it was created.'),
    trialStart: time,
    trialEnd: time,
    currentPeriodStart: time,
    currentPeriodEnd: time,
    cancelAtPeriodEnd: z.boolean(),
    pauseAtPeriodEnd: z.boolean(),
    cancelledAt: time,
    cancellationReason: z.string().nullable(),
    activatedAt: time.describe('When its first invoice was paid.'),
    pausedAt: time,
    collectionPause: CollectionPauseSchema.nullable().describe('null: it is collected.'),
    billingAnchorDay: anchorDay.nullable().describe('Day of the month that its periods keep; null for a free tier.'),
    endsAt: time.describe('End of an agreed term.'),
    endedAt: time,
    scheduledChange: z
      .strictObject({ planId: rowId, planName: z.string(), quantity: z.int() })
      .nullable()
      .describe('What the changes of plan and seats that wait come to together.'),
    waitingChanges: z
      .array(WaitingChangeSchema)
      .describe('What was asked for and waits, in that order; each can be taken back with cancel-change.'),
    meters: AgreedMetersSchema,
    meteredSince: time.describe('From when on usage of the plan is not billed yet.'),
    usageThreshold: amount
      .nullable()
      .describe(
        'Unbilled usage that is invoiced at once, minor units before tax; 0: none; null: as the company has it.',
      ),
    pendingItems,
    addons: z.array(UserAddonSchema).describe('What it has on top of its plan now.'),
    discounts: z.array(DiscountSchema).describe('Promotions that it has, in the order in which they were applied.'),
    billingTiming: z.enum(['in_advance', 'in_arrears']),
    daysUntilDue: z
      .int()
      .nullable()
      .describe("Payment terms of invoices that are sent; null: its customer's, else the company's."),
    collection: z.enum(['charge_automatically', 'send_invoice']),
    paymentMethod: z.string().nullable(),
    paymentMethodId: rowId.nullable(),
    nextDeadline: z.string().nullable().describe('What time will bring about next.'),
    nextDeadlineAt: time,
    testClockId: rowId.nullable(),
    latestInvoiceId: rowId.nullable(),
    openPaymentId: rowId.nullable().describe('A payment that waits for its customer, or is being charged.'),
    paymentUrl: z.string().nullable().describe('Where the customer pays it.'),
    metadata: z.looseObject({}),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Subscription' });

export const SubscriptionUsageSchema = z
  .strictObject({
    subscriptionId: rowId,
    customerId: rowId,
    currency: z.string(),
    at: instant.describe('The instant it was read at.'),
    usage: z.array(
      z.strictObject({
        item: z.string().describe('`plan`, or `addon/` and the id of a purchase.'),
        itemName: z.string().nullable(),
        ...lineUsageMembers,
        dueAmount: amount.describe('What will be billed: `amount` less `billedBefore`, 0 or more.'),
        from: instant,
        to: instant.describe('The end of the period, when it will be billed.'),
      }),
    ),
    threshold: amount
      .nullable()
      .describe(
        'The price of what is used and not billed at which it is invoiced at once; null: it waits for the end.',
      ),
    dueAmount: amount.describe(
      'All of it together, as its prices have it: without tax, or with it where they hold it.',
    ),
  })
  .meta({ id: 'SubscriptionUsage' });

export const HistorySchema = z
  .strictObject({
    id: rowId,
    subscriptionId: rowId,
    action: z.enum([
      'created',
      'renewed',
      'cancelled',
      'status_changed',
      'plan_changed',
      'addons_changed',
      'trial_changed',
      'collection_changed',
      'rejected',
    ]),
    previousStatus: z.string().nullable(),
    newStatus: z.string().nullable(),
    previousPlanId: rowId.nullable(),
    newPlanId: rowId.nullable(),
    details: z.string().nullable(),
    metadata: z.looseObject({}),
    createdAt: instant,
  })
  .meta({ id: 'SubscriptionHistory' });

const previewedLine = z.strictObject({
  description: z.string(),
  quantity: z.int(),
  unitAmount: amount.describe('The price of one and a whole period: with its tax, where it holds it.'),
  taxBehavior: agreedTaxBehavior,
  subtotal: amount,
  discount: amount,
  tax: amount,
  periodStart: time,
  periodEnd: time,
  usage: LineUsageSchema.nullable(),
});

export const PreviewSchema = z
  .strictObject({
    currency: z.string(),
    prorationDate: instant.describe('Send it with the change to be billed exactly this; good for 10 minutes.'),
    dueAmount: amount.describe('To pay now.'),
    balance: amount.describe('Account credit that would be left.'),
    pendingItems,
    invoices: z.array(
      z.strictObject({
        purpose: z.string(),
        status: z
          .enum(['draft', 'open', 'paid', 'uncollectible', 'void'])
          .describe('While collection is paused, as its behavior has it: nobody is asked for what is not open.'),
        subtotal: amount,
        tax: amount,
        discount: amount,
        totalAmount: amount,
        balanceApplied: amount,
        dueAmount: amount,
        dueDate: time,
        lines: z.array(previewedLine),
      }),
    ),
    creditNotes: z.array(
      z.strictObject({
        reason: z.string(),
        subtotal: amount,
        tax: amount,
        discount: amount,
        totalAmount: amount,
        reducedDue: amount,
        toBalance: amount,
      }),
    ),
  })
  .meta({ id: 'SubscriptionPreview' });
