import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { epochMs } from '../../../platform/db/epoch-ms';
import { turnAt, turnKinds } from '../schedule/turn-rules';

const Late = z.object({
  /** Whose turn must have come, whichever it is. */
  behind: dbInteger,
  /** `at`: epoch milliseconds. */
  undecided: z.array(z.object({ id: z.number(), at: z.number(), together: z.number() })),
});

/**
 * How many subscriptions have a deadline that passed before then and is not done. Those on test clocks wait for theirs, and
 * what is due for many at one instant for its turn: with those that have gone on from it, as each is told its turn when it gets
 * there.
 * @param input.before so long ago that it must be done
 * @param input.perSecond how many of one instant are woken in a second
 */
export async function countBehind(
  tx: TenantSql,
  { before, perSecond }: { before: Date; perSecond: number },
): Promise<number> {
  const ofCompany = Prisma.sql`s.company_id = ${tx.companyId}::bigint AND s.test_clock_id IS NULL`;
  const [late] = await tx.query(
    Late,
    Prisma.sql`
      WITH late AS (
        SELECT s.id, s.next_deadline_at AS at, s.next_deadline = ANY (${[...turnKinds]}::text[]) AS "takesTurns",
               CASE WHEN s.next_deadline = 'renewal_invoice' THEN s.current_period_end END AS boundary
          FROM ordering.subscriptions s WHERE ${ofCompany} AND s.next_deadline_at < ${before}::timestamptz),
      together AS (
        SELECT x.at, sum(x.count)::int AS count FROM (
          SELECT at, count(*) AS count FROM late WHERE "takesTurns" GROUP BY at
          UNION ALL
          SELECT s.current_period_start, count(*) FROM ordering.subscriptions s
           WHERE ${ofCompany} AND s.current_period_start IN (SELECT at FROM late WHERE "takesTurns") GROUP BY s.current_period_start
          UNION ALL
          SELECT l.at, count(*) FROM (SELECT DISTINCT at, boundary FROM late WHERE boundary IS NOT NULL) l
            JOIN ordering.subscriptions s ON s.next_deadline_at = l.boundary AND s.next_deadline = 'period_end'
           WHERE ${ofCompany} GROUP BY l.at) x
         GROUP BY x.at),
      turns AS (
        SELECT l.id, l.at, t.count, NOT l."takesTurns" OR l.at + t.count * interval '1 second' / ${perSecond}::int < ${before}::timestamptz AS "isBehind"
          FROM late l LEFT JOIN together t ON t.at = l.at)
      SELECT count(*) FILTER (WHERE "isBehind") AS behind,
             coalesce(jsonb_agg(jsonb_build_object('id', id, 'at', ${epochMs('at')}, 'together', count)) FILTER (WHERE NOT "isBehind"), '[]') AS undecided
        FROM turns`,
  );
  const { behind, undecided } = late as z.output<typeof Late>;
  const hadTurn = undecided.filter(
    ({ id, at, together }) => turnAt(at, { subscriptionId: id, together, perSecond }) < before.getTime(),
  );

  return behind + hadTurn.length;
}
