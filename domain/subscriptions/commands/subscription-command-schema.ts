import { z } from 'zod';

import { mostPeriods, mostPhases, PlanPhase } from '../../catalogue/plans/plan-phase-rules';
import { paymentMethodNames, recordedMethodNames } from '../../companies/payment-method-types';
import { AppError } from '../../errors';
import {
  changedTrialEnd,
  dayOrInstant,
  daysUntilDue,
  instant,
  line,
  promotionCode,
  rowId,
  sealedToken,
  seats,
} from '../../field-schema';
import { parseInput } from '../../input-schema';
import { collectionBehaviors, creditChoices, prorationBehaviors } from '../lifecycle/subscription-types';

/** In one purchase. */
const mostAddons = 50;

/** Of another price. */
export const noticeDays = z
  .int()
  .min(0)
  .max(730)
  .default(0)
  .describe('Days that the customer is told ahead; the price does not change before.');

/** What a subscription is to cost, and its seats, from later on. */
const SubscriptionPhase = z
  .strictObject({
    afterPeriods: z
      .int()
      .min(1)
      .max(mostPeriods)
      .describe('Periods of the plan that end before it holds: 1 is the one that runs, in a trial the first one.'),
    price: PlanPhase.shape.price.nullable().default(null).describe('For one seat and one period; null: as before.'),
    quantity: seats.nullable().default(null).describe('Seats; null: as before.'),
  })
  .refine(({ price, quantity }) => price !== null || quantity !== null, {
    path: ['price'],
    message: 'Name a price or a quantity.',
  });

const reason = line(200).nullable().default(null);
export const prorationBehavior = z
  .enum(prorationBehaviors)
  .optional()
  .describe(
    'What a change at once costs and gives back. `always_invoice`: billed and credited now. `next_invoice`: kept as `pendingItems` and put on the next invoice. `none`: neither billed nor credited. Absent: as the company has set it. Employees only.',
  );
const creditUnused = z
  .enum(creditChoices)
  .optional()
  .describe('What is billed and not used, of what ends at once. Absent: as the company has set it. Employees only.');

/** The parts of a command about an invoice that a person says; the rest comes with the address and the request. */
export const PayInvoiceRequest = z.strictObject({
  paymentMethod: z
    .enum(paymentMethodNames)
    .nullable()
    .default(null)
    .describe('The one of the subscription when absent.'),
  paymentToken: line(255).nullable().default(null),
});
export const RecordPaymentRequest = z.strictObject({
  amount: z
    .int()
    .min(1)
    .describe('Minor units. Part of what is due leaves the invoice open; what is more becomes account credit.'),
  method: z.enum(recordedMethodNames),
  reference: line(200).describe('Of the transfer or the receipt.'),
  receivedAt: instant.nullable().default(null).describe('Now when absent; not in the future.'),
});
export const CreateCreditNoteRequest = z.strictObject({
  amount: z.int().min(1).nullable().default(null).describe('Before tax, minor units; all that is left when absent.'),
  notes: line(200).nullable().default(null),
});

/**
 * Everything that may be asked of a subscription, by type. REST bodies, signals, the words of `bmms` and the validators of
 * updates parse by these, so that a command means the same on every road.
 */
export const subscriptionCommands = {
  cancel: z.strictObject({
    reason,
    cancelAtPeriodEnd: z.boolean().default(true).describe('false: at once.'),
    creditUnused,
  }),
  pause: z.strictObject({ reason, atPeriodEnd: z.boolean().default(false), creditUnused }),
  resume: z.strictObject({ prorationBehavior }),
  reactivate: z.strictObject({}),
  change_plan: z.strictObject({
    newPlanId: rowId.nullable().default(null),
    quantity: seats.nullable().default(null),
    immediate: z
      .boolean()
      .nullable()
      .default(null)
      .describe('true: now, prorated. false: at the end of the period. Absent: as the company has set it.'),
    prorationBehavior,
    prorationDate: instant.nullable().default(null).describe('The one of a preview, at most 10 minutes old.'),
  }),
  change_price: z.strictObject({
    addonId: rowId.nullable().optional().describe('An add-on that it has, whose price it is; its plan when absent.'),
    priceId: rowId
      .nullable()
      .default(null)
      .describe('A price of its plan, or of that add-on; the one of today when absent.'),
    immediate: z
      .boolean()
      .default(false)
      .describe('true: now, or when the notice is over. false: at the renewal of its plan, or of the add-on.'),
    noticeDays,
    prorationBehavior,
  }),
  set_phases: z.strictObject({
    phases: z
      .array(SubscriptionPhase)
      .max(mostPhases)
      .describe('In the order in which they come, in place of those that wait; [] takes them back.'),
  }),
  add_addons: z.strictObject({
    addonIds: z.array(rowId).max(mostAddons).default([]),
    addonKeys: z.array(line(100)).max(mostAddons).default([]).describe('Instead of ids, or beside them.'),
    quantity: seats.default(1).describe('Of each.'),
    prorationBehavior,
  }),
  remove_addon: z.strictObject({
    addonId: rowId,
    atPeriodEnd: z.boolean().default(true).describe('false: at once.'),
    creditUnused,
    prorationBehavior,
  }),
  change_addon: z.strictObject({
    addonId: rowId,
    quantity: seats,
    immediate: z
      .boolean()
      .nullable()
      .default(null)
      .describe('true: now, prorated. false: at the end of its period. Absent: as the company has it for plans.'),
    prorationBehavior,
  }),
  apply_promotion: z.strictObject({ promotionCode: promotionCode.describe('Taken off from the next invoice on.') }),
  remove_promotion: z.strictObject({ promotionCode }),
  cancel_change: z.strictObject({ changeId: rowId.describe('Of one of `waitingChanges`.') }),
  set_payment_method: z.strictObject({
    paymentMethodId: rowId.nullable().default(null).describe('null: invoices are sent instead.'),
    paymentMethod: z.enum(paymentMethodNames).nullable().default(null),
  }),
  set_payment_terms: z.strictObject({
    daysUntilDue: daysUntilDue.nullable().describe("null: those of its customer, else the company's invoiceDueDays."),
  }),
  set_usage_threshold: z.strictObject({
    usageThreshold: z
      .int()
      .min(0)
      .nullable()
      .describe(
        'Minor units before tax. 0: usage waits for the end of its period. null: as the company has it (usageThresholds).',
      ),
  }),
  change_trial: z.strictObject({
    trialEnd: changedTrialEnd.describe(
      'A local day, at the hour at which it ends now; an instant; or `now`: the first paid period begins at once.',
    ),
  }),
  pause_collection: z.strictObject({
    behavior: z
      .enum(collectionBehaviors)
      .describe(
        'Of invoices that are made meanwhile. `keep_as_draft`: drafts, which get their numbers when collection goes on, and are due from then. `mark_uncollectible`: numbered, and nobody is asked for them. `void`: made and void.',
      ),
    resumesAt: dayOrInstant
      .nullable()
      .default(null)
      .describe('A local day, from its beginning, or an instant; null: until it is resumed.'),
  }),
  resume_collection: z.strictObject({}),
  pay_invoice: PayInvoiceRequest.extend({
    invoiceId: rowId,
    paymentId: rowId,
    customerIp: z.string().nullable(),
    paymentToken: sealedToken.nullable().default(null),
  }),
  record_payment: RecordPaymentRequest.extend({ invoiceId: rowId, paymentId: rowId }),
  void_invoice: z.strictObject({ invoiceId: rowId }),
  credit_invoice: CreateCreditNoteRequest.extend({ invoiceId: rowId, creditNoteId: rowId.optional() }),
} as const;

export type SubscriptionCommandType = keyof typeof subscriptionCommands;

/** Names of the workflow's updates by the commands they carry. */
export const commandUpdateNames: Readonly<Record<SubscriptionCommandType, string>> = {
  change_plan: 'changePlan',
  change_price: 'changePrice',
  set_phases: 'setPhases',
  cancel: 'cancel',
  pause: 'pause',
  resume: 'resume',
  reactivate: 'reactivate',
  add_addons: 'addAddons',
  remove_addon: 'removeAddon',
  change_addon: 'changeAddon',
  apply_promotion: 'applyPromotion',
  remove_promotion: 'removePromotion',
  cancel_change: 'cancelChange',
  set_payment_method: 'setPaymentMethod',
  set_payment_terms: 'setPaymentTerms',
  set_usage_threshold: 'setUsageThreshold',
  change_trial: 'changeTrial',
  pause_collection: 'pauseCollection',
  resume_collection: 'resumeCollection',
  pay_invoice: 'payInvoice',
  record_payment: 'recordPayment',
  void_invoice: 'voidInvoice',
  credit_invoice: 'creditInvoice',
};

/**
 * What people at a terminal may send, by the command that it is:
 * `temporal workflow signal --name changePlan --input '{"newPlanId":3,"immediate":true}'`.
 */
export const commandSignals: Readonly<Record<string, SubscriptionCommandType>> = {
  changePlan: 'change_plan',
  changePrice: 'change_price',
  setPhases: 'set_phases',
  cancel: 'cancel',
  pause: 'pause',
  resume: 'resume',
  reactivate: 'reactivate',
  addAddons: 'add_addons',
  removeAddon: 'remove_addon',
  changeAddon: 'change_addon',
  applyPromotion: 'apply_promotion',
  removePromotion: 'remove_promotion',
  cancelChange: 'cancel_change',
  setPaymentTerms: 'set_payment_terms',
  setUsageThreshold: 'set_usage_threshold',
  changeTrial: 'change_trial',
  pauseCollection: 'pause_collection',
  resumeCollection: 'resume_collection',
};

/** What a command carries beside its type; empty objects add nothing. */
type Members<Type extends SubscriptionCommandType> = {
  [Name in keyof z.output<(typeof subscriptionCommands)[Type]> as string extends Name ? never : Name]: z.output<
    (typeof subscriptionCommands)[Type]
  >[Name];
};

/** A command with everything that it may leave out filled in: plain JSON, instants ISO 8601. */
export type RequestedCommand = {
  [Type in SubscriptionCommandType]: { type: Type } & Members<Type>;
}[SubscriptionCommandType];

const moneyCommands = ['pay_invoice', 'record_payment', 'void_invoice', 'credit_invoice'] as const;

/** A command about an invoice, which changes nothing else and may be asked of a subscription that is over. */
export type MoneyCommand = Extract<RequestedCommand, { type: (typeof moneyCommands)[number] }>;

export function isOfMoney(command: RequestedCommand): command is MoneyCommand {
  return moneyCommands.some((type) => type === command.type);
}

/**
 * Reads a command, on whatever road it came.
 * @throws AppError validation_failed that names the member at fault, or the commands there are
 */
export function parseSubscriptionCommand(type: string, members: unknown): RequestedCommand {
  if (!Object.hasOwn(subscriptionCommands, type)) {
    throw new AppError('validation_failed', {
      field: '/type',
      detail: `A subscription does not know ${type.slice(0, 100)}; it knows ${Object.keys(subscriptionCommands).join(', ')}.`,
    });
  }

  return { type, ...parseInput(subscriptionCommands[type as SubscriptionCommandType], members) } as RequestedCommand;
}
