import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { WaitingChanges } from '../row/subscription-row';
import type { MoveAnswer } from './moved-subscriptions';
import type { PriceMoveRow } from './price-move-row';

/** What the batches of a price move do next: whom they ask, and after a cancellation what they take back. */

const ToAsk = z.object({ subscriptionId: dbInteger, tries: z.number() });
/** `tries`: how often it has asked to be asked later. */
export type ToAsk = z.output<typeof ToAsk>;

/**
 * Up to `limit` subscriptions that are to be asked now; none unless the move is running. That they are asked is noted before it
 * is done, so that a cancellation finds those whose answer was lost.
 */
export async function claimToAsk(
  tx: TenantSql,
  { priceMoveId, limit, now }: { priceMoveId: number; limit: number; now: Date },
): Promise<ToAsk[]> {
  const claimed = await tx.query(
    ToAsk,
    Prisma.sql`
      WITH next AS (
        SELECT x.subscription_id FROM ordering.price_move_subscriptions x
          JOIN ordering.price_moves m ON m.company_id = x.company_id AND m.id = x.price_move_id
         WHERE x.company_id = ${tx.companyId}::bigint AND x.price_move_id = ${priceMoveId}::bigint
           AND m.status = 'running' AND x.status = 'pending'
           AND (x.ask_again_at IS NULL OR x.ask_again_at <= ${now}::timestamptz)
         ORDER BY x.subscription_id LIMIT ${limit} FOR UPDATE OF m)
      UPDATE ordering.price_move_subscriptions x SET asked_at = COALESCE(x.asked_at, ${now}::timestamptz) FROM next
       WHERE x.company_id = ${tx.companyId}::bigint AND x.price_move_id = ${priceMoveId}::bigint
         AND x.subscription_id = next.subscription_id
      RETURNING x.subscription_id AS "subscriptionId", x.tries`,
  );

  return claimed.sort((one, other) => one.subscriptionId - other.subscriptionId);
}

const ToTakeBack = ToAsk.extend({ changeId: z.number().nullable() });
export type ToTakeBack = z.output<typeof ToTakeBack>;

/**
 * Up to `limit` subscriptions, oldest first, in which a change of the move may wait.
 * @returns `changeId` null: it was asked, and its answer was lost
 */
export function listToTakeBack(
  tx: TenantSql,
  { priceMoveId, limit }: { priceMoveId: number; limit: number },
): Promise<ToTakeBack[]> {
  return tx.query(
    ToTakeBack,
    Prisma.sql`
      SELECT x.subscription_id AS "subscriptionId", x.tries, x.change_id AS "changeId" FROM ordering.price_move_subscriptions x
       WHERE x.company_id = ${tx.companyId}::bigint AND x.price_move_id = ${priceMoveId}::bigint AND ${isToTakeBack}
       ORDER BY x.subscription_id LIMIT ${limit}`,
  );
}

/** Of `ordering.price_move_subscriptions x`. */
const isToTakeBack = Prisma.sql`(x.change_id IS NOT NULL OR (x.status = 'pending' AND x.asked_at IS NOT NULL))`;

/** Notes that a change of the move does not wait any more: taken back, or still `moved` where it took effect before. */
export async function noteTakenBack(tx: TenantSql, answer: MoveAnswer): Promise<void> {
  const { priceMoveId, subscriptionId, status, reason, now } = answer;
  await tx.write(Prisma.sql`
      UPDATE ordering.price_move_subscriptions
         SET status = ${status}, reason = ${reason}, change_id = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND price_move_id = ${priceMoveId}::bigint
         AND subscription_id = ${subscriptionId}::bigint AND change_id IS NOT NULL`);
}

/** The change by which a subscription waits for the price of a move; null where it has the price, or waits for another one. */
export async function findAnnouncedChange(
  tx: TenantSql,
  { move, subscriptionId }: { move: Pick<PriceMoveRow, 'priceId' | 'immediate'>; subscriptionId: number },
): Promise<number | null> {
  const [row] = await tx.query(
    z.object({ waitingChanges: WaitingChanges }),
    Prisma.sql`SELECT s.waiting_changes AS "waitingChanges" FROM ordering.subscriptions s
                WHERE s.company_id = ${tx.companyId}::bigint AND s.id = ${subscriptionId}::bigint`,
  );
  const announced = row?.waitingChanges.find(
    (change) => change.kind === 'price' && change.priceId === move.priceId && change.atOnce === move.immediate,
  );

  return announced?.id ?? null;
}
