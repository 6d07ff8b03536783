import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { DomainEvent } from '../../events/event-types';
import { insertNotices } from '../../notifications/enqueue-notices';
import type { NewNotice } from '../../notifications/notice-types';
import type { EffectOf } from '../lifecycle/decision-types';
import { type DeadlineKind, nextDeadline } from '../schedule/subscription-deadline-rules';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import { unpaidInvoices } from '../lifecycle/subscription-invoice-rules';
import type { Subscription } from '../lifecycle/subscription-types';
import type { LockedSubscription } from './lock-subscription';
import { changedColumns } from './subscription-row';

type HistoryEntry = EffectOf<'history'>;

/** Names of columns are the code's own. */
const written = (row: Record<string, unknown>) =>
  Prisma.raw(
    Object.keys(row)
      .map((name) => `${name} = r.${name}`)
      .join(', '),
  );

/**
 * On a test clock a charge is made right after this transaction, at the very instant the clock stands at. Should that not
 * come about, the row says that it is due, so that the clock does not go on without it (D26).
 */
function dueCharge(
  after: Subscription,
  { testClockId, now }: LockedSubscription,
): { kind: DeadlineKind; at: number } | null {
  const isDue = unpaidInvoices(after).some(({ unpaid }) => unpaid.chargeInFlight !== null && unpaid.askAt === null);

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
  const row = {
    ...changedColumns(after),
    next_deadline_at: deadline === null ? null : new Date(deadline.at).toISOString(),
    next_deadline: deadline?.kind ?? null,
    updated_at: now.toISOString(),
  };
  const subject = subscriptionSubject(after.id);
  const recipient = {
    customerId: after.customerId,
    subject,
    locale: locked.party.locale,
    isTest: locked.party.isTest,
  };
  // Before it was made it had no status.
  const isMade = history.some(({ action }) => action === 'created');
  const entries = history.map((entry) => ({
    action: entry.action,
    details: entry.details,
    previousStatus: entry.action === 'created' ? null : isMade ? after.status : before.status,
    newStatus: after.status,
    previousPlanId: entry.previousPlanId ?? null,
    newPlanId: entry.newPlanId ?? null,
  }));
  await tx.write(Prisma.sql`
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
        UPDATE ordering.subscriptions s SET ${written(row)}
          FROM jsonb_populate_record(NULL::ordering.subscriptions, ${JSON.stringify(row)}::jsonb) r
         WHERE s.company_id = ${tx.companyId}::bigint AND s.id = ${after.id}::bigint
        RETURNING s.id
      )
      SELECT platform.append_events(${tx.companyId}::bigint, ${subject}, ${now}::timestamptz, ${JSON.stringify(events)}::jsonb)
        FROM saved`);
}
