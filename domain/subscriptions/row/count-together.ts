import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/** How long a count stands: it is for spreading, and counting ten thousand for each of them would cost more than it spares. */
const keptMs = 60_000;
/** Fewer are counted each time: it costs little, and they may soon be many, as where a company brings its subscribers along. */
const leastKept = 100;
const mostKept = 1_000;

interface Kept {
  count: number;
  until: number;
}

const kept = new Map<string, Kept>();

/**
 * About how many subscriptions of the company, of real time, have a deadline at one of some instants. Where they are many it is
 * remembered for a minute by each process.
 * @param input.instants epoch milliseconds
 * @param input.now epoch milliseconds
 */
export async function countTogether(
  tx: TenantSql,
  { instants, now }: { instants: readonly number[]; now: number },
): Promise<number> {
  const key = [tx.companyId, ...instants].join(' ');
  const known = kept.get(key);

  if (known !== undefined && now < known.until) {
    return known.count;
  }
  const [row] = await tx.query(
    z.object({ count: dbInteger }),
    Prisma.sql`SELECT count(*) AS count FROM ordering.subscriptions
                WHERE company_id = ${tx.companyId}::bigint AND test_clock_id IS NULL
                  AND next_deadline_at = ANY (${instants.map((at) => new Date(at).toISOString())}::timestamptz[])`,
  );
  const count = row?.count ?? 0;

  if (count < leastKept) {
    return count;
  }

  if (kept.size >= mostKept) {
    kept.clear();
  }
  kept.set(key, { count, until: now + keptMs });

  return count;
}
