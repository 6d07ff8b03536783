import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import type { DunningRun } from '../../billing/dunning/dunning-run';
import { prorationConventions } from '../../billing/pricing/proration-rules';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { taxBehaviors } from '../../money/tax-behavior-types';
import type { LastingDiscount } from '../../promotions/coupon-duration-rules';
import { Duration, Scope } from '../../promotions/promotion-row';
import { AgreedMeter } from '../../usage/prices/agreed-meter';
import { ifInclusive, isFree, planOf, taxBehaviorOf } from '../lifecycle/item-rules';
import {
  type AgreedTerms,
  collectionBehaviors,
  creditChoices,
  type PendingItem,
  planItem,
  prorationBehaviors,
  type Subscription,
  type SubscriptionInvoice,
  subscriptionStatuses,
} from '../lifecycle/subscription-types';
import { addonItemOf, UserAddonRow } from './user-addon-row';

/**
 * The one place that knows how a subscription stands in its row: the plan's item in columns of its own, changes that wait
 * and roles of invoices as JSON. A new column is named here, in the schema, in a migration and in the type of the rules.
 */

const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];
const taxBehavior = z.enum(taxBehaviors).optional();
const Terms = z.object({
  planId: z.int(),
  planName: z.string(),
  amount: z.int(),
  taxBehavior,
  billingCycle: z.enum(cycles),
  meters: z.array(AgreedMeter).optional(),
});
const AddonTerms = z.object({
  addonId: z.int(),
  addonKey: z.string(),
  addonName: z.string(),
  amount: z.int(),
  taxBehavior,
  billingCycle: z.enum(cycles).nullable(),
  setupFee: z.int().optional(),
  termPeriods: z.int().optional(),
  meters: z.array(AgreedMeter).optional(),
});
const AddonName = z.templateLiteral(['addon/', z.int()]);
const ItemName = z.union([z.literal(planItem), AddonName]);
const TakesEffect = z.discriminatedUnion('on', [
  z.object({ on: z.literal('period_end') }),
  z.object({ on: z.literal('charge_answer') }),
  z.object({ on: z.literal('instant'), at: z.int() }),
]);
const CreditUnused = z.enum(creditChoices).optional();
const waiting = { id: z.int(), takesEffect: TakesEffect };
const waitingPrice = {
  ...waiting,
  kind: z.literal('price'),
  priceId: z.int(),
  notBefore: z.int().nullable(),
  atOnce: z.boolean(),
  renewalNotBefore: z.int().optional(),
  prorationBehavior: z.enum(prorationBehaviors).optional(),
};
const WaitingChange = z.union([
  z.object({ ...waitingPrice, item: z.literal(planItem), terms: Terms }),
  z.object({ ...waitingPrice, item: AddonName, terms: AddonTerms.extend({ billingCycle: z.enum(cycles) }) }),
  z.discriminatedUnion('kind', [
    z.object({ ...waiting, kind: z.literal('plan'), item: z.literal(planItem), terms: Terms }),
    z.object({
      ...waiting,
      kind: z.literal('phase'),
      item: z.literal(planItem),
      planId: z.int(),
      amount: z.int().nullable(),
      quantity: z.int().nullable(),
      periods: z.int(),
    }),
    z.object({ ...waiting, kind: z.literal('quantity'), item: ItemName, quantity: z.int() }),
    z.object({ ...waiting, kind: z.literal('remove'), item: AddonName }),
    z.object({ ...waiting, kind: z.literal('cancel'), creditUnused: CreditUnused }),
    z.object({ ...waiting, kind: z.literal('pause'), creditUnused: CreditUnused }),
  ]),
]);
export const WaitingChanges = z.array(WaitingChange);
const Span = z.object({ startsAt: z.int(), endsAt: z.int() });
const PendingChargeItem = z.object({
  kind: z.literal('charge'),
  since: z.int(),
  line: z.object({
    item: ItemName,
    layer: z.int(),
    terms: z.union([Terms, AddonTerms]),
    quantity: z.int(),
    unitPrice: z.int(),
    service: Span,
    denominator: Span,
    isSetup: z.literal(true).optional(),
    proration: z.object({ convention: z.enum(prorationConventions), fixedDaysOfMonth: z.int().optional() }),
  }),
});
export const PendingItems = z.array(
  z.discriminatedUnion('kind', [
    PendingChargeItem,
    z.object({
      kind: z.literal('credit'),
      since: z.int(),
      item: ItemName,
      name: z.string(),
      quantity: z.int(),
      unitPrice: z.int(),
      service: Span,
      reason: z.enum(['plan_change', 'cancellation']),
      amount: z.int().nullable(),
      taxBehavior,
      isOfUnits: z.literal(true).optional(),
    }),
  ]),
);
const Fallback = z.object({ terms: Terms, quantity: z.int(), activatedAt: z.int().nullable() });
const InvoiceRoles = z.array(
  z.discriminatedUnion('role', [
    z.object({
      role: z.literal('first'),
      invoiceId: z.int(),
      payBy: z.int().nullable(),
      fallback: Fallback.nullable(),
    }),
    // Before there were add-ons, the plan was all that it could be about.
    z.object({
      role: z.literal('ahead'),
      invoiceId: z.int(),
      items: z.array(ItemName).default([planItem]),
      pending: z.array(PendingChargeItem).default([]),
    }),
    z.object({
      role: z.literal('addons'),
      invoiceId: z.int(),
      items: z.array(AddonName),
      payBy: z.int().nullable(),
    }),
  ]),
);

export const Discounts = z.array(
  z.object({
    promotionId: z.int(),
    codeId: z.int(),
    code: z.string(),
    discount: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('percent'),
        ratePpm: z.int(),
        basis: z.enum(['on_total', 'by_line']),
        most: z.int().nullable(),
      }),
      z.object({ kind: z.literal('amount'), amount: z.int() }),
    ]),
    duration: Duration,
    currency: z.string().nullable(),
    scope: Scope.partial(),
    priority: z.int(),
    isCombinable: z.boolean(),
    appliedAt: z.int(),
    endsAt: z.int().nullable(),
    taken: z.array(z.object({ invoiceId: z.int(), amount: z.int() })),
  }),
);

const instant = dbInstant.nullable();
const columns = {
  status: z.enum(subscriptionStatuses),
  customer_id: dbInteger,
  plan_id: dbInteger,
  plan_name: z.string(),
  amount: dbInteger,
  tax_behavior: z.enum(taxBehaviors),
  currency: z.string(),
  billing_cycle: z.enum(cycles),
  quantity: z.number(),
  starts_at: instant,
  trial_end: instant,
  trial_ending_told: z.boolean(),
  time_zone: z.string(),
  anchor_at: instant,
  anchor_day: z.number().nullable(),
  period_index: z.number(),
  current_period_start: instant,
  current_period_end: instant,
  billing_timing: z.enum(['in_advance', 'in_arrears']),
  renewal_lead_days: z.number(),
  collection: z.enum(['charge_automatically', 'send_invoice']),
  days_until_due: z.number().nullable(),
  payment_method: z.string().nullable(),
  payment_method_id: dbInteger.nullable(),
  invoice_roles: InvoiceRoles,
  activated_at: instant,
  waiting_changes: WaitingChanges,
  last_change_id: z.number(),
  discounts: Discounts,
  pending_items: PendingItems,
  cancelled_at: instant,
  cancellation_reason: z.string().nullable(),
  paused_at: instant,
  collection_paused_at: instant,
  collection_behavior: z.enum(collectionBehaviors).nullable(),
  collection_resumes_at: instant,
  ends_at: instant,
  ended_at: instant,
  test_clock_id: dbInteger.nullable(),
  meters: z.array(AgreedMeter),
  metered_since: instant,
  is_metered: z.boolean(),
  usage_threshold: dbInteger.nullable(),
};

/** The columns that are read with a subscription. */
export const columnNames = Object.keys(columns);

const at = z.number().nullable();

/** A row with what belongs to it: whether its saved method may be charged, what is due, kept drafts, and its dunning. */
export const SubscriptionRow = z.object({
  ...columns,
  has_method: z.boolean(),
  customer_days_until_due: z.number().nullable(),
  addons: z.array(UserAddonRow).nullable(),
  unpaid: z
    .array(
      z.object({
        invoiceId: z.number(),
        startsAt: at,
        dueAt: z.number(),
        isOverdueTold: z.boolean(),
        chargeInFlight: z.number().nullable(),
        askAt: at,
        isLeft: z.boolean(),
      }),
    )
    .nullable(),
  drafts: z.array(z.object({ invoiceId: z.number(), startsAt: at, items: z.array(ItemName) })).nullable(),
  dunning: z
    .array(
      z.object({
        invoiceId: z.number(),
        firstFailedAt: z.number(),
        attempts: z.number(),
        isHard: z.boolean(),
        nextAttemptAt: at,
        endsAt: at,
      } satisfies Record<keyof DunningRun, z.ZodType>),
    )
    .nullable(),
});
export type SubscriptionRow = z.output<typeof SubscriptionRow>;

const timeOf = (date: Date | null) => date?.getTime() ?? null;

export function stateOf(id: number, row: SubscriptionRow): Subscription {
  const { anchor_at: anchorAt, anchor_day: anchorDay, current_period_start: start, current_period_end: end } = row;

  return {
    id,
    customerId: row.customer_id,
    status: row.status,
    items: [
      {
        key: planItem,
        terms: {
          planId: row.plan_id,
          planName: row.plan_name,
          amount: row.amount,
          ...ifInclusive(row.tax_behavior),
          billingCycle: row.billing_cycle,
          ...(row.meters.length === 0 ? {} : { meters: row.meters }),
        },
        quantity: row.quantity,
        schedule:
          anchorAt === null || anchorDay === null
            ? null
            : { anchorAt: anchorAt.getTime(), anchorDay, periodIndex: row.period_index },
        wantedAnchorDay: anchorAt === null ? anchorDay : null,
        period: start === null || end === null ? null : { startsAt: start.getTime(), endsAt: end.getTime() },
        endsAt: timeOf(row.ends_at),
        meteredSince: timeOf(row.metered_since),
      },
      ...(row.addons ?? []).map(addonItemOf),
    ],
    currency: row.currency,
    timeZone: row.time_zone,
    startsAt: timeOf(row.starts_at),
    trialEnd: timeOf(row.trial_end),
    trialEndingTold: row.trial_ending_told,
    billingTiming: row.billing_timing,
    renewalLeadDays: row.renewal_lead_days,
    collection: row.collection,
    daysUntilDue: row.days_until_due,
    customerDaysUntilDue: row.customer_days_until_due,
    hasMethod: row.has_method,
    paysAtOnce: isPaidAtOnce(row.payment_method),
    activatedAt: timeOf(row.activated_at),
    waitingChanges: row.waiting_changes,
    lastChangeId: row.last_change_id,
    pendingItems: row.pending_items as PendingItem[],
    cancelledAt: timeOf(row.cancelled_at),
    cancellationReason: row.cancellation_reason,
    pausedAt: timeOf(row.paused_at),
    collectionPause: pauseOf(row),
    drafts: row.drafts ?? [],
    endedAt: timeOf(row.ended_at),
    isMetered: row.is_metered,
    usageThreshold: row.usage_threshold,
    invoices: invoicesOf(row),
    dunning: row.dunning ?? [],
    discounts: row.discounts as readonly LastingDiscount[],
  };
}

function pauseOf(row: SubscriptionRow): Subscription['collectionPause'] {
  const { collection_behavior: behavior, collection_paused_at: pausedAt, collection_resumes_at: resumesAt } = row;

  return behavior === null || pausedAt === null
    ? null
    : { behavior, pausedAt: pausedAt.getTime(), resumesAt: timeOf(resumesAt) };
}

/** By a card or at an address; cash, or no method at all, waits for an invoice that is sent (D17). */
export function isPaidAtOnce(method: string | null): boolean {
  return method !== null && method !== 'cod';
}

/** Open invoices, and those that something still depends on; one without a role of its own is `current`. */
function invoicesOf({ invoice_roles: roles, unpaid }: SubscriptionRow): SubscriptionInvoice[] {
  const due = (unpaid ?? []).map(({ invoiceId, ...rest }) => ({ invoiceId, unpaid: rest }));
  const special = roles.map((as) => ({
    ...as,
    unpaid: due.find(({ invoiceId }) => invoiceId === as.invoiceId)?.unpaid ?? null,
  }));
  const others = due
    .filter(({ invoiceId }) => roles.every((as) => as.invoiceId !== invoiceId))
    .map((invoice) => ({ ...invoice, role: 'current' as const }));

  return [...special, ...others];
}

/** What a decision may have changed of the row, as JSON for `jsonb_populate_record`. */
export function changedColumns(state: Subscription) {
  const plan = planOf(state);

  return {
    status: state.status,
    plan_id: plan.terms.planId,
    plan_name: plan.terms.planName,
    amount: plan.terms.amount,
    tax_behavior: taxBehaviorOf(plan),
    billing_cycle: plan.terms.billingCycle,
    quantity: plan.quantity,
    is_free_tier: isFree(plan),
    trial_end: dateOf(state.trialEnd),
    trial_ending_told: state.trialEndingTold,
    anchor_at: dateOf(plan.schedule?.anchorAt ?? null),
    anchor_day: plan.schedule?.anchorDay ?? plan.wantedAnchorDay,
    period_index: plan.schedule?.periodIndex ?? 0,
    current_period_start: dateOf(plan.period?.startsAt ?? null),
    current_period_end: dateOf(plan.period?.endsAt ?? null),
    invoice_roles: state.invoices.flatMap(({ unpaid: _unpaid, ...as }) => (as.role === 'current' ? [] : [as])),
    activated_at: dateOf(state.activatedAt),
    days_until_due: state.daysUntilDue,
    waiting_changes: state.waitingChanges,
    last_change_id: state.lastChangeId,
    discounts: state.discounts,
    pending_items: state.pendingItems,
    cancelled_at: dateOf(state.cancelledAt),
    cancellation_reason: state.cancellationReason,
    paused_at: dateOf(state.pausedAt),
    collection_paused_at: dateOf(state.collectionPause?.pausedAt ?? null),
    collection_behavior: state.collectionPause?.behavior ?? null,
    collection_resumes_at: dateOf(state.collectionPause?.resumesAt ?? null),
    ended_at: dateOf(state.endedAt),
    meters: plan.terms.meters ?? [],
    metered_since: dateOf(plan.meteredSince ?? null),
    is_metered: state.isMetered ?? false,
    usage_threshold: state.usageThreshold,
  };
}

/** What is agreed on at the start and stays. */
export function agreedColumns(state: Subscription) {
  return {
    id: state.id,
    customer_id: state.customerId,
    currency: state.currency,
    time_zone: state.timeZone,
    starts_at: dateOf(state.startsAt),
    ends_at: dateOf(planOf(state).endsAt),
    billing_timing: state.billingTiming,
    renewal_lead_days: state.renewalLeadDays,
    collection: state.collection,
  };
}

const dateOf = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** What is agreed on before a subscription begins. Instants are epoch milliseconds. */
export type Agreement = Pick<Subscription, 'currency' | 'timeZone' | 'billingTiming' | 'renewalLeadDays'> & {
  quantity: number;
  /** Day of the month that periods are to begin on, 1 to 31. */
  anchorDay: number | null;
  endsAt: number | null;
  /** null or absent: it begins at once. */
  startsAt?: number | null;
};

/** A subscription right before its start, as `decideStart` takes it; on paper, or to become a row. */
export function unbegunSubscription(
  { planId, planName, amount, taxBehavior, billingCycle, meters }: AgreedTerms,
  { quantity, anchorDay, endsAt, startsAt = null, ...agreement }: Agreement,
  fields: Partial<Subscription> = {},
): Subscription {
  return {
    id: 0,
    customerId: 0,
    status: 'active',
    items: [
      {
        key: planItem,
        terms: {
          planId,
          planName,
          amount,
          ...ifInclusive(taxBehavior),
          billingCycle,
          ...(meters === undefined ? {} : { meters }),
        },
        quantity,
        schedule: null,
        wantedAnchorDay: anchorDay,
        period: null,
        endsAt,
      },
    ],
    ...agreement,
    startsAt,
    trialEnd: null,
    trialEndingTold: false,
    collection: 'send_invoice',
    daysUntilDue: null,
    customerDaysUntilDue: null,
    hasMethod: false,
    paysAtOnce: true,
    activatedAt: null,
    waitingChanges: [],
    lastChangeId: 0,
    pendingItems: [],
    cancelledAt: null,
    cancellationReason: null,
    pausedAt: null,
    collectionPause: null,
    drafts: [],
    endedAt: null,
    usageThreshold: null,
    invoices: [],
    dunning: [],
    discounts: [],
    ...fields,
  };
}
