import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BillingParty } from '../account/billing-party';
import { lookHour } from './campaign-look-rules';
import { nextLocalHour } from '../../calendar/zoned-calendar';

/**
 * An invoice of the account has become overdue: a campaign begins, or the one under way looks at what it is now at the next
 * hour of looks in the account's zone. One that has asked as often as it may stays as it is until nothing is overdue.
 */
export async function openCampaign(
  tx: TenantSql,
  { party, testClockId, now }: { party: BillingParty; testClockId: number | null; now: Date },
): Promise<void> {
  const nextLookAt = new Date(nextLocalHour(now.getTime(), lookHour, party.timeZone));
  await tx.write(Prisma.sql`
      INSERT INTO finance.dunning_campaigns AS g (company_id, billing_account_id, customer_id, test_clock_id, status, next_look_at, opened_at)
      VALUES (${tx.companyId}::bigint, ${party.billingAccountId}::bigint, ${party.customerId}::bigint, ${testClockId}::bigint, 'active',
              ${nextLookAt}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (company_id, billing_account_id) WHERE status <> 'closed'
      DO UPDATE SET next_look_at = least(g.next_look_at, excluded.next_look_at) WHERE g.status = 'active'`);
}
