import { createHash } from 'node:crypto';

import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { failuresLastMs, freeFailures, loginDelayMs } from './login-throttle-rules';

const Claimed = z.object({ failures: dbInteger });
const Blocked = z.object({ blocked_until: dbInstant });

/** `loginDelayMs` for each number of failures that can still make a difference, for SQL to pick from. */
const delaysMs = Array.from({ length: freeFailures + 12 }, (_, failures) => loginDelayMs(failures));

/**
 * Counts an attempt to prove who somebody is as failed before the password is looked at, in one conditional statement: of
 * any number of attempts at once, through any number of processes, no more go on than are free. Whoever turns out to be
 * right calls `forgetFailures`. Unknown addresses are counted alike.
 * @param input.email lower case
 * @returns failures in a row, with this one
 * @throws AppError rate_limited with the seconds to wait
 */
export async function claimAttempt(tx: TenantSql, input: { email: string; now: Date }): Promise<number> {
  const { now } = input;
  const account = hashAccount(input.email);
  const next = Prisma.sql`(CASE WHEN a.last_at <= ${new Date(now.getTime() - failuresLastMs)}::timestamptz THEN 1 ELSE a.failures + 1 END)`;
  const [claimed] = await tx.query(
    Claimed,
    Prisma.sql`
      INSERT INTO customer.login_attempts AS a (company_id, account, failures, last_at, blocked_until)
      VALUES (${tx.companyId}::bigint, ${account}, 1, ${now}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (company_id, account) DO UPDATE SET
        failures = ${next},
        last_at = ${now}::timestamptz,
        blocked_until = ${now}::timestamptz + interval '1 millisecond'
          * (${delaysMs}::int[])[1 + least(${next}, ${delaysMs.length - 1})]
      WHERE a.blocked_until <= ${now}::timestamptz
      RETURNING failures`,
  );

  if (claimed !== undefined) {
    return claimed.failures;
  }
  const [row] = await tx.query(
    Blocked,
    Prisma.sql`SELECT blocked_until FROM customer.login_attempts
                WHERE company_id = ${tx.companyId}::bigint AND account = ${account}`,
  );
  const waitMs = row === undefined ? 0 : row.blocked_until.getTime() - now.getTime();

  throw new AppError('rate_limited', {
    detail: 'Too many wrong passwords for this account. Wait before the next attempt.',
    params: { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) },
  });
}

/** Takes back an attempt whose password was never looked at. */
export async function returnAttempt(tx: TenantSql, email: string): Promise<void> {
  await tx.write(Prisma.sql`UPDATE customer.login_attempts SET failures = failures - 1, blocked_until = last_at
                WHERE company_id = ${tx.companyId}::bigint AND account = ${hashAccount(email)} AND failures > 0`);
}

/** Somebody has proved who they are. */
export async function forgetFailures(tx: TenantSql, email: string): Promise<void> {
  await tx.write(Prisma.sql`DELETE FROM customer.login_attempts
                WHERE company_id = ${tx.companyId}::bigint AND account = ${hashAccount(email)}`);
}

function hashAccount(email: string): Buffer {
  return createHash('sha256').update(email.normalize('NFKC').toLowerCase()).digest();
}
