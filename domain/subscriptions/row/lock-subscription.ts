import { z } from 'zod';

import { dbInstant } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { epochMs } from '../../../platform/db/epoch-ms';
import type { BillingParty } from '../../billing/account/billing-party';
import { TaxationJson, taxationJson } from '../../billing/taxes/taxation-json';
import type { Taxation } from '../../billing/taxes/tax-types';
import { BuyerTaxData, buyerTaxJson } from '../../customers/buyer-tax-data';
import { holdTestClock } from '../../customers/hold-test-clock';
import { resolveSettings, type Settings } from '../../companies/setting-catalogue';
import { hasGivenBack } from '../../billing/service-guard/given-back-service';
import { AppError } from '../../errors';
import type { PaymentMethod } from '../../payments/payment-gateway';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { columnNames, stateOf, SubscriptionRow } from './subscription-row';
import { userAddonsJson } from './user-addon-row';

const Row = SubscriptionRow.extend({
  clock_now: dbInstant.nullable(),
  settings: z.unknown(),
  has_given_back: z.boolean(),
  taxation: TaxationJson,
  party: z.object({
    billingAccountId: z.number(),
    customerId: z.number(),
    name: z.string(),
    email: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    locale: z.string(),
    tax: BuyerTaxData,
  }),
});

/** Names of columns are the code's own. */
const ownColumns = Prisma.raw(columnNames.map((name) => `s.${name}`).join(', '));

/** A subscription with what its rules and its billing need to know. */
export interface LoadedSubscription {
  state: Subscription;
  policy: SubscriptionPolicy;
  settings: Settings;
  taxation: Taxation;
  party: BillingParty & { tax: BuyerTaxData };
  paymentMethod: PaymentMethod | null;
  paymentMethodId: number | null;
  testClockId: number | null;
  /** Money for something of it was refunded as a whole, ever. */
  hasGivenBack: boolean;
  /** The clock's time for a customer on a test clock, the caller's otherwise (D26). */
  now: Date;
}

/** One that this transaction alone may change. */
export type LockedSubscription = LoadedSubscription;

/**
 * Locks a subscription, the subject of every change to it (lock order of D8), then reads it with its unpaid invoices and
 * its dunning. Two statements: one that waits for a lock still sees the other rows as they were before it waited. A test clock
 * that it lives by stands still meanwhile.
 * @throws AppError not_found
 */
export async function lockSubscription(tx: TenantSql, subscriptionId: number, now: Date): Promise<LockedSubscription> {
  await tx.write(
    Prisma.sql`SELECT 1 FROM ordering.subscriptions WHERE company_id = ${tx.companyId}::bigint AND id = ${subscriptionId}::bigint FOR UPDATE`,
  );

  const loaded = await loadSubscription(tx, subscriptionId, now);

  return loaded.testClockId === null ? loaded : { ...loaded, now: await holdTestClock(tx, loaded.testClockId) };
}

/**
 * The same without the lock, for what is worked out on paper. A charge is in flight until its answer is taken in: whoever
 * wrote the answer down may have died before that.
 * @throws AppError not_found
 */
export async function loadSubscription(tx: TenantSql, subscriptionId: number, now: Date): Promise<LoadedSubscription> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT ${ownColumns},
        (SELECT k.now FROM ordering.test_clocks k WHERE k.company_id = s.company_id AND k.id = s.test_clock_id) AS clock_now,
        EXISTS (SELECT FROM finance.payment_methods m WHERE m.company_id = s.company_id AND m.id = s.payment_method_id AND m.status = 'active') AS has_method,
        (SELECT c.days_until_due FROM customer.customers c WHERE c.company_id = s.company_id AND c.id = s.customer_id) AS customer_days_until_due,
        ${userAddonsJson} AS addons,
        ${hasGivenBack(tx.companyId, Prisma.sql`s.id`)} AS has_given_back,
        (SELECT g.values FROM platform.company_settings g WHERE g.company_id = s.company_id) AS settings,
        ${taxationJson(tx.companyId)} AS taxation,
        (SELECT to_jsonb(x) FROM (SELECT a.id AS "billingAccountId", c.id AS "customerId", c.name, c.email, a.currency, s.time_zone AS "timeZone", a.locale, ${buyerTaxJson('c')} AS tax
           FROM customer.customers c JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
           WHERE c.company_id = s.company_id AND c.id = s.customer_id) x) AS party,
        (SELECT jsonb_agg(to_jsonb(x) ORDER BY x."invoiceId") FROM (
           SELECT i.id AS "invoiceId", ${epochMs('i.period_start')} AS "startsAt", ${epochMs('i.due_date')} AS "dueAt", i.overdue_at IS NOT NULL AS "isOverdueTold", p.id AS "chargeInFlight",
                  ${epochMs('p.ask_at')} AS "askAt",
                  EXISTS (SELECT FROM finance.dunning_runs d WHERE d.company_id = i.company_id AND d.invoice_id = i.id AND d.status = 'exhausted') AS "isLeft"
             FROM finance.invoices i
             LEFT JOIN finance.payments p ON p.company_id = i.company_id AND p.invoice_id = i.id AND p.payment_method_id IS NOT NULL
              AND (p.status = 'initiated' OR p.status IN ('success', 'failed') AND p.settled_at IS NULL)
            WHERE i.company_id = s.company_id AND i.subscription_id = s.id AND i.status = 'open') x) AS unpaid,
        CASE WHEN s.collection_paused_at IS NOT NULL THEN (SELECT jsonb_agg(to_jsonb(x) ORDER BY x."invoiceId") FROM (
           SELECT i.id AS "invoiceId", ${epochMs('i.period_start')} AS "startsAt",
                  (SELECT jsonb_agg(DISTINCT regexp_replace(l.item, '/setup$', '')) FROM finance.invoice_lines l WHERE l.company_id = i.company_id AND l.invoice_id = i.id) AS items
             FROM finance.invoices i
            WHERE i.company_id = s.company_id AND i.subscription_id = s.id AND i.status = 'draft') x) END AS drafts,
        (SELECT jsonb_agg(to_jsonb(x)) FROM (
           SELECT d.invoice_id AS "invoiceId", ${epochMs('d.first_failed_at')} AS "firstFailedAt", d.attempts, d.is_hard AS "isHard",
                  ${epochMs('d.next_attempt_at')} AS "nextAttemptAt", ${epochMs('d.ends_at')} AS "endsAt"
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
    taxation: { ...row.taxation, taxStatus: row.party.tax.taxStatus },
    party: { ...row.party, isTest: row.test_clock_id !== null },
    paymentMethod: row.payment_method as PaymentMethod | null,
    paymentMethodId: row.payment_method_id,
    testClockId: row.test_clock_id,
    hasGivenBack: row.has_given_back,
    now: row.clock_now ?? now,
  };
}
