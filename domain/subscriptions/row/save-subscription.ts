import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { DomainEvent } from '../../events/event-types';
import { insertNotices } from '../../notifications/enqueue-notices';
import type { NewNotice } from '../../notifications/notice-types';
import type { LockedSubscription } from './lock-subscription';
import { type Deadline, nextDeadline } from '../lifecycle/subscription-deadline-rules';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import type { Subscription, SubscriptionEffect } from '../lifecycle/subscription-types';

type HistoryEntry = Extract<SubscriptionEffect, { type: 'history' }>;

const dateOf = (at: number | null) => (at === null ? null : new Date(at));

/**
 * On a test clock a charge is made right after this transaction, at the very instant the clock stands at. Should that not
 * come about, the row says that it is due, so that the clock does not go on without it (D26).
 */
function dueCharge(
  after: Subscription,
  { testClockId, now }: LockedSubscription,
): Pick<Deadline, 'kind' | 'at'> | null {
  const isDue = after.unpaid.some(({ chargeInFlight, askAt }) => chargeInFlight !== null && askAt === null);

  return testClockId !== null && isDue ? { kind: 'ask_provider', at: now.getTime() } : null;
}

/** Writes where the subscription stands now, its history, its events and what its customer is told, in one statement. */
export async function saveSubscription(
  tx: TenantSql,
  { before, after, locked }: { before: Subscription; after: Subscription; locked: LockedSubscription },
  {
    history,
    events,
    notices,
  }: { history: readonly HistoryEntry[]; events: readonly DomainEvent[]; notices: readonly NewNotice[] },
): Promise<void> {
  const { now } = locked;
  const deadline = dueCharge(after, locked) ?? nextDeadline(after);
  const { postponed: _before, ...metadata } = locked.metadata as { postponed?: unknown };
  const subject = subscriptionSubject(after.id);
  const recipient = {
    customerId: after.customerId,
    subject,
    locale: locked.party.locale,
    isTest: locked.party.isTest,
  };
  const entries = history.map((entry) => ({
    action: entry.action,
    details: entry.details,
    previousStatus: entry.action === 'created' ? null : before.status,
    newStatus: after.status,
    previousPlanId: entry.previousPlanId ?? null,
    newPlanId: entry.newPlanId ?? null,
  }));
  await tx.query(
    dbNothing,
    Prisma.sql`
      WITH told AS (
        INSERT INTO ordering.subscription_history (company_id, subscription_id, action, previous_status, new_status, previous_plan_id,
          new_plan_id, details, created_at)
        SELECT ${tx.companyId}::bigint, ${after.id}::bigint, h.action, h."previousStatus", h."newStatus", h."previousPlanId", h."newPlanId",
               h.details, ${now}::timestamptz
          FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS h(action text, details text, "previousStatus" text, "newStatus" text,
               "previousPlanId" bigint, "newPlanId" bigint)
        RETURNING id
      ), noticed AS (${insertNotices(tx.companyId, { recipient, notices, now })}
      ), saved AS (
        UPDATE ordering.subscriptions SET status = ${after.status}, plan_id = ${after.plan.planId}::bigint, plan_name = ${after.plan.planName},
          amount = ${after.plan.amount}::bigint, billing_cycle = ${after.plan.billingCycle}, quantity = ${after.quantity}::int,
          is_free_tier = ${after.plan.amount === 0}, trial_end = ${dateOf(after.trialEnd)}::timestamptz,
          trial_ending_told = ${after.trialEndingTold}, anchor_at = ${dateOf(after.anchorAt)}::timestamptz,
          anchor_day = ${after.anchorDay}::smallint, period_index = ${after.periodIndex}::int, current_period_start = ${dateOf(after.period?.startsAt ?? null)}::timestamptz,
          current_period_end = ${dateOf(after.period?.endsAt ?? null)}::timestamptz,
          renewal_invoice_id = ${after.renewalInvoiceId}::bigint, first_invoice_id = ${after.firstInvoice?.invoiceId ?? null}::bigint,
          first_invoice_by = ${dateOf(after.firstInvoice?.by ?? null)}::timestamptz, activated_at = ${dateOf(after.activatedAt)}::timestamptz,
          cancel_at_period_end = ${after.cancelAtPeriodEnd}, pause_at_period_end = ${after.pauseAtPeriodEnd},
          scheduled_change = ${after.scheduled === null ? null : JSON.stringify(after.scheduled)}::jsonb,
          cancelled_at = ${dateOf(after.cancelledAt)}::timestamptz, cancellation_reason = ${after.cancellationReason},
          paused_at = ${dateOf(after.pausedAt)}::timestamptz, ended_at = ${dateOf(after.endedAt)}::timestamptz,
          next_deadline_at = ${dateOf(deadline?.at ?? null)}::timestamptz, next_deadline = ${deadline?.kind ?? null},
          metadata = ${JSON.stringify(after.postponed === null ? metadata : { ...metadata, postponed: after.postponed })}::jsonb,
          updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${after.id}::bigint
        RETURNING id
      )
      SELECT platform.append_events(${tx.companyId}::bigint, ${subject}, ${now}::timestamptz, ${JSON.stringify(events)}::jsonb)
        FROM saved`,
  );
}
