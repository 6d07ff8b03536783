import type { TenantSql } from '../../../platform/db/database';
import { grantedBasis } from '../credit-notes/credit-from';
import { readGuardedLines } from '../credit-notes/read-creditable-lines';
import { endRanges, insertRange } from './guard-service';

/**
 * What is paid for ends at another instant than it was billed to (days granted by a change of plan). From the change on, the
 * guard's ranges carry the money that buys the granted days: what was unused of them, spread over the days up to the new end,
 * so that what is unused of those is credited from that (D21).
 * @param input.at when the new price begins; input.from, input.to the old and the new end
 */
export async function moveServiceEnd(
  tx: TenantSql,
  input: { subscriptionId: number; item: string; at: Date; from: Date; to: Date; timeZone: string; now: Date },
): Promise<void> {
  const { at, from, to, timeZone, now } = input;
  const lines = await readGuardedLines(tx, { ...input, from: at });
  const moved = lines.filter(({ range }) => range.endsAt === from.getTime());
  await tx.write(
    endRanges(
      tx.companyId,
      moved.map(({ guard }) => guard.id),
      at,
      now,
    ),
  );

  for (const line of at < to ? moved : []) {
    const basis = grantedBasis(line, { startsAt: at.getTime(), endsAt: to.getTime() }, timeZone);

    if (basis !== null) {
      await tx.write(insertRange(tx.companyId, line.guard.id, { startsAt: at, endsAt: to, basis }));
    }
  }
}
