import { Prisma, type TenantSql } from '../../platform/db/database';
import { noticePriority } from './notice-rules';
import type { AccountNotice } from './notice-types';

/** The same thing is not asked for by mail again within this time, and not more often than this in an hour. */
const pauseMs = 60_000;
const mostInAnHour = 5;

export interface UserNotice {
  kind: AccountNotice;
  user: { id: number } | { email: string };
  /** Asked for by anybody who likes: bounded, so that nobody is flooded through us. */
  isAskedFor?: boolean;
  /** machine time; links in it are counted from here */
  now: Date;
}

/**
 * Notes what somebody is told about the account they sign in with, in the language of their billing account, else of the
 * company. The same statements whether the address is known or not, so that the time it takes tells nobody which; for an
 * unknown one, a disabled account, or one that was written to just now, it notes nothing.
 */
export async function noticeToUser(tx: TenantSql, { kind, user, isAskedFor = false, now }: UserNotice): Promise<void> {
  const isMeant = 'id' in user ? Prisma.sql`u.id = ${user.id}::bigint` : Prisma.sql`u.email = ${user.email}`;
  const since = (milliseconds: number) => new Date(now.getTime() - milliseconds);

  // Who asks at once waits, and sees what was written for the one before.
  if (isAskedFor) {
    await tx.write(
      Prisma.sql`SELECT 1 FROM customer.users u WHERE u.company_id = ${tx.companyId}::bigint AND ${isMeant} FOR NO KEY UPDATE`,
    );
  }
  await tx.write(Prisma.sql`
      INSERT INTO platform.notices (company_id, customer_id, user_id, subject, kind, priority, locale, data, is_test, created_at)
      SELECT u.company_id, c.id, u.id, 'user/' || u.id, ${kind}, ${noticePriority(kind)},
             coalesce(a.locale, (SELECT g.values ->> 'locale' FROM platform.company_settings g WHERE g.company_id = u.company_id), 'vi-VN'),
             jsonb_build_object('askedAt', ${now.toISOString()}::text), c.test_clock_id IS NOT NULL, ${now}::timestamptz
        FROM customer.users u
        LEFT JOIN customer.customers c ON c.company_id = u.company_id AND c.user_id = u.id
        LEFT JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
       CROSS JOIN LATERAL (
         SELECT count(*) AS in_an_hour, max(n.created_at) AS latest FROM platform.notices n
          WHERE n.company_id = u.company_id AND n.user_id = u.id AND n.kind = ${kind} AND n.created_at > ${since(3_600_000)}::timestamptz) told
       WHERE u.company_id = ${tx.companyId}::bigint AND ${isMeant} AND u.status = 'active'
         AND (NOT ${isAskedFor} OR (told.in_an_hour < ${mostInAnHour} AND coalesce(told.latest <= ${since(pauseMs)}::timestamptz, true)))`);
}
