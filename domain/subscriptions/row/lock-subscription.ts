import { z } from 'zod';

import { dbInstant, dbInteger, dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import type { BillingParty } from '../../billing/account/billing-party';
import { resolveSettings, type Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import type { PaymentMethod } from '../../payments/payment-gateway';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import { type Subscription, type SubscriptionPolicy, subscriptionStatuses } from '../lifecycle/subscription-types';

const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];
const Agreed = z.object({
  planId: z.number(),
  planName: z.string(),
  amount: z.number(),
  billingCycle: z.enum(cycles),
});
const Metadata = z.looseObject({
  postponed: z.object({ type: z.enum(['cancel', 'pause']), reason: z.string().nullable() }).optional(),
});
const at = z.number().nullable();

const Row = z.object({
  status: z.enum(subscriptionStatuses),
  customer_id: dbInteger,
  plan_id: dbInteger,
  plan_name: z.string(),
  amount: dbInteger,
  currency: z.string(),
  billing_cycle: z.enum(cycles),
  quantity: z.number(),
  trial_end: dbInstant.nullable(),
  trial_ending_told: z.boolean(),
  time_zone: z.string(),
  anchor_at: dbInstant.nullable(),
  anchor_day: z.number().nullable(),
  period_index: z.number(),
  current_period_start: dbInstant.nullable(),
  current_period_end: dbInstant.nullable(),
  billing_timing: z.enum(['in_advance', 'in_arrears']),
  renewal_lead_days: z.number(),
  collection: z.enum(['charge_automatically', 'send_invoice']),
  payment_method: z.string().nullable(),
  payment_method_id: dbInteger.nullable(),
  has_method: z.boolean(),
  renewal_invoice_id: dbInteger.nullable(),
  first_invoice_id: dbInteger.nullable(),
  first_invoice_by: dbInstant.nullable(),
  activated_at: dbInstant.nullable(),
  cancel_at_period_end: z.boolean(),
  pause_at_period_end: z.boolean(),
  scheduled_change: z.object({ plan: Agreed, quantity: z.number() }).nullable(),
  metadata: Metadata,
  cancelled_at: dbInstant.nullable(),
  cancellation_reason: z.string().nullable(),
  paused_at: dbInstant.nullable(),
  ends_at: dbInstant.nullable(),
  ended_at: dbInstant.nullable(),
  test_clock_id: dbInteger.nullable(),
  clock_now: dbInstant.nullable(),
  settings: z.unknown(),
  party: z.object({
    billingAccountId: z.number(),
    customerId: z.number(),
    name: z.string(),
    email: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    locale: z.string(),
  }),
  unpaid: z
    .array(
      z.object({
        invoiceId: z.number(),
        dueAt: z.number(),
        isOverdueTold: z.boolean(),
        chargeInFlight: z.number().nullable(),
        askAt: at,
      }),
    )
    .nullable(),
  dunning: z
    .array(
      z.object({
        invoiceId: z.number(),
        firstFailedAt: z.number(),
        attempts: z.number(),
        isHard: z.boolean(),
        nextAttemptAt: at,
        endsAt: at,
      }),
    )
    .nullable(),
});

/** A subscription that this transaction alone may change, with what its rules and its billing need to know. */
export interface LockedSubscription {
  state: Subscription;
  policy: SubscriptionPolicy;
  settings: Settings;
  party: BillingParty;
  paymentMethod: PaymentMethod | null;
  paymentMethodId: number | null;
  testClockId: number | null;
  metadata: Record<string, unknown>;
  /** The clock's time for a customer on a test clock, the caller's otherwise (D26). */
  now: Date;
}

const ms = (column: Prisma.Sql) => Prisma.sql`(extract(epoch FROM ${column}) * 1000)::bigint`;

/**
 * Locks a subscription, the subject of every change to it (lock order of D8), then reads it with its unpaid invoices and
 * its dunning. Two statements: one that waits for a lock still sees the other rows as they were before it waited. A charge
 * is in flight until its answer is taken in: whoever wrote the answer down may have died before that.
 * @throws AppError not_found
 */
export async function lockSubscription(tx: TenantSql, subscriptionId: number, now: Date): Promise<LockedSubscription> {
  await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM ordering.subscriptions WHERE company_id = ${tx.companyId}::bigint AND id = ${subscriptionId}::bigint FOR UPDATE`,
  );
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT s.status, s.customer_id, s.plan_id, s.plan_name, s.amount, s.currency, s.billing_cycle, s.quantity, s.trial_end, s.trial_ending_told,
        s.time_zone, s.anchor_at, s.anchor_day, s.period_index, s.current_period_start, s.current_period_end, s.billing_timing, s.renewal_lead_days,
        s.collection, s.payment_method, s.payment_method_id, s.renewal_invoice_id, s.first_invoice_id, s.first_invoice_by, s.activated_at,
        s.cancel_at_period_end, s.pause_at_period_end, s.scheduled_change, s.metadata, s.cancelled_at, s.cancellation_reason, s.paused_at,
        s.ends_at, s.ended_at, s.test_clock_id,
        (SELECT k.now FROM ordering.test_clocks k WHERE k.company_id = s.company_id AND k.id = s.test_clock_id) AS clock_now,
        EXISTS (SELECT FROM finance.payment_methods m WHERE m.company_id = s.company_id AND m.id = s.payment_method_id AND m.status = 'active') AS has_method,
        (SELECT g.values FROM platform.company_settings g WHERE g.company_id = s.company_id) AS settings,
        (SELECT to_jsonb(x) FROM (SELECT a.id AS "billingAccountId", c.id AS "customerId", c.name, c.email, a.currency, s.time_zone AS "timeZone", a.locale
           FROM customer.customers c JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
           WHERE c.company_id = s.company_id AND c.id = s.customer_id) x) AS party,
        (SELECT jsonb_agg(to_jsonb(x) ORDER BY x."invoiceId") FROM (
           SELECT i.id AS "invoiceId", ${ms(Prisma.sql`i.due_date`)} AS "dueAt", i.overdue_at IS NOT NULL AS "isOverdueTold", p.id AS "chargeInFlight",
                  ${ms(Prisma.sql`p.ask_at`)} AS "askAt"
             FROM finance.invoices i
             LEFT JOIN finance.payments p ON p.company_id = i.company_id AND p.invoice_id = i.id AND p.payment_method_id IS NOT NULL
              AND (p.status = 'initiated' OR p.status IN ('success', 'failed') AND p.settled_at IS NULL)
            WHERE i.company_id = s.company_id AND i.subscription_id = s.id AND i.status = 'open') x) AS unpaid,
        (SELECT jsonb_agg(to_jsonb(x)) FROM (
           SELECT d.invoice_id AS "invoiceId", ${ms(Prisma.sql`d.first_failed_at`)} AS "firstFailedAt", d.attempts, d.is_hard AS "isHard",
                  ${ms(Prisma.sql`d.next_attempt_at`)} AS "nextAttemptAt", ${ms(Prisma.sql`d.ends_at`)} AS "endsAt"
             FROM finance.dunning_runs d
            WHERE d.company_id = s.company_id AND d.subscription_id = s.id AND d.status = 'active') x) AS dunning
      FROM ordering.subscriptions s WHERE s.company_id = ${tx.companyId}::bigint AND s.id = ${subscriptionId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: `There is no subscription ${subscriptionId}.` });
  }
  const settings = resolveSettings(row.settings);

  return {
    state: stateOf(subscriptionId, row),
    policy: subscriptionPolicy(settings),
    settings,
    party: { ...row.party, isTest: row.test_clock_id !== null },
    paymentMethod: row.payment_method as PaymentMethod | null,
    paymentMethodId: row.payment_method_id,
    testClockId: row.test_clock_id,
    metadata: row.metadata,
    now: row.clock_now ?? now,
  };
}

const timeOf = (date: Date | null) => date?.getTime() ?? null;

function stateOf(id: number, row: z.output<typeof Row>): Subscription {
  const { current_period_start: start, current_period_end: end } = row;

  return {
    id,
    customerId: row.customer_id,
    status: row.status,
    plan: { planId: row.plan_id, planName: row.plan_name, amount: row.amount, billingCycle: row.billing_cycle },
    quantity: row.quantity,
    currency: row.currency,
    timeZone: row.time_zone,
    trialEnd: timeOf(row.trial_end),
    trialEndingTold: row.trial_ending_told,
    anchorAt: timeOf(row.anchor_at),
    anchorDay: row.anchor_day,
    periodIndex: row.period_index,
    period: start === null || end === null ? null : { startsAt: start.getTime(), endsAt: end.getTime() },
    billingTiming: row.billing_timing,
    renewalLeadDays: row.renewal_lead_days,
    collection: row.collection,
    hasMethod: row.has_method,
    renewalInvoiceId: row.renewal_invoice_id,
    firstInvoice:
      row.first_invoice_id === null || row.first_invoice_by === null
        ? null
        : { invoiceId: row.first_invoice_id, by: row.first_invoice_by.getTime() },
    activatedAt: timeOf(row.activated_at),
    cancelAtPeriodEnd: row.cancel_at_period_end,
    pauseAtPeriodEnd: row.pause_at_period_end,
    scheduled: row.scheduled_change,
    postponed: row.metadata.postponed ?? null,
    cancelledAt: timeOf(row.cancelled_at),
    cancellationReason: row.cancellation_reason,
    pausedAt: timeOf(row.paused_at),
    endsAt: timeOf(row.ends_at),
    endedAt: timeOf(row.ended_at),
    unpaid: row.unpaid ?? [],
    dunning: row.dunning ?? [],
  };
}
