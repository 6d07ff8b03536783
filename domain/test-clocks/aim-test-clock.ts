import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';

/**
 * Sets where a clock is to go; its workflow turns it there (D26). Asked again for the same target, it goes on; a repeat of
 * the request that brought it there changes nothing.
 * @param input.requestKey names the request; null when it has no key
 * @throws AppError not_found, test_clock_busy, test_clock_backwards
 */
export async function aimTestClock(
  tx: TenantSql,
  { testClockId, target, requestKey, now }: { testClockId: number; target: Date; requestKey: string | null; now: Date },
): Promise<void> {
  const [clock] = await tx.query(
    z.object({ now: dbInstant, target: dbInstant.nullable(), aimed_by: z.string().nullable() }),
    Prisma.sql`SELECT now, target, aimed_by FROM ordering.test_clocks WHERE company_id = ${tx.companyId}::bigint AND id = ${testClockId}::bigint FOR UPDATE`,
  );

  if (clock === undefined) {
    throw new AppError('not_found', { detail: `There is no test clock ${testClockId}.` });
  }

  if (clock.target !== null) {
    if (clock.target.getTime() === target.getTime()) {
      return;
    }
    throw new AppError('test_clock_busy', {
      detail: `The clock is on its way to ${clock.target.toISOString()}.`,
      params: { target: clock.target.toISOString() },
    });
  }

  if (requestKey !== null && clock.aimed_by === requestKey && target.getTime() === clock.now.getTime()) {
    return;
  }

  if (target <= clock.now) {
    throw new AppError('test_clock_backwards', {
      field: '/to',
      detail: `The clock stands at ${clock.now.toISOString()} already.`,
      params: { now: clock.now.toISOString() },
    });
  }
  await tx.write(Prisma.sql`UPDATE ordering.test_clocks SET target = ${target}::timestamptz, status = 'advancing', steps = 0, aimed_by = ${requestKey},
                      report = ${JSON.stringify({ from: clock.now.toISOString(), to: target.toISOString() })}::jsonb, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${testClockId}::bigint`);
}
