import { z } from 'zod';

import { dbInteger, dbJson } from '../../platform/db/columns';
import { Prisma, type SystemConnection, type TenantSql } from '../../platform/db/database';
import { noticeKinds, noticePriorities, type NoticePriority } from './notice-types';

const Claim = z
  .object({ company_id: dbInteger, id: dbInteger, attempts: z.number().int() })
  .transform(({ company_id, ...claim }) => ({ companyId: company_id, ...claim }));

/** A notice that nobody else takes up until the claim runs out. `attempts` counts this time as well. */
export type NoticeClaim = z.output<typeof Claim>;

/**
 * Takes due notices of all companies up, the most urgent first. Whoever dies with a claim gives it back by doing nothing:
 * it runs out at `until`, and the notice is sent by somebody else, perhaps for the second time.
 */
export async function claimNotices(
  system: SystemConnection,
  input: { now: Date; until: Date; priorities: readonly NoticePriority[]; limit: number },
): Promise<NoticeClaim[]> {
  return system.query(
    Claim,
    Prisma.sql`SELECT * FROM system.claim_notices(${input.now}::timestamptz, ${input.until}::timestamptz, ${[...input.priorities]}::text[], ${input.limit}::int)`,
  );
}

const ClaimedNotice = z.object({
  id: dbInteger,
  kind: z.enum(noticeKinds),
  priority: z.enum(noticePriorities),
  locale: z.string(),
  data: dbJson,
  isTest: z.boolean(),
  attempts: z.number().int(),
  address: z.string(),
  customerName: z.string(),
  companyName: z.string(),
  timeZone: z.string(),
  user: z
    .object({ id: z.number(), email: z.string(), isEmailVerified: z.boolean(), passwordHash: z.string().nullable() })
    .nullable(),
});
export type ClaimedNotice = z.output<typeof ClaimedNotice>;

/** What was claimed of the transaction's company, with whom it goes to as of now, the most urgent first. */
export async function readClaimed(tx: TenantSql, claims: readonly NoticeClaim[]): Promise<ClaimedNotice[]> {
  return tx.query(
    ClaimedNotice,
    Prisma.sql`
      SELECT n.id, n.kind, n.priority, n.locale, n.data, n.is_test AS "isTest", n.attempts, coalesce(u.email, c.email) AS address,
             coalesce(c.name, u.name, split_part(u.email, '@', 1)) AS "customerName", coalesce(g.values ->> 'sellerName', k.name) AS "companyName",
             coalesce(a.time_zone, g.values ->> 'timeZone', 'Asia/Ho_Chi_Minh') AS "timeZone",
             CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'email', u.email, 'isEmailVerified', u.email_verified_at IS NOT NULL,
               'passwordHash', CASE WHEN n.kind = 'password_reset' THEN u.password_hash END) END AS user
        FROM platform.notices n
        LEFT JOIN customer.customers c ON c.company_id = n.company_id AND c.id = n.customer_id
        LEFT JOIN finance.billing_accounts a ON a.company_id = n.company_id AND a.customer_id = n.customer_id
        LEFT JOIN customer.users u ON u.company_id = n.company_id AND u.id = n.user_id
        JOIN platform.companies k ON k.id = n.company_id
        LEFT JOIN platform.company_settings g ON g.company_id = n.company_id
       WHERE n.company_id = ${tx.companyId}::bigint AND n.id = ANY (${claims.map(({ id }) => id)}::bigint[]) AND n.status = 'pending'
       ORDER BY array_position(${[...noticePriorities]}::text[], n.priority), n.id`,
  );
}
