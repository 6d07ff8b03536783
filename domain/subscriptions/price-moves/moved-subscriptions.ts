import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { type MovedStatus, movedStatuses } from './price-move-row';

const Row = z.object({
  subscriptionId: dbInteger,
  status: z.enum(movedStatuses),
  /** Of what was not moved, not yet or not taken back: a code of the problem documents, and why. */
  reason: z.string().nullable(),
  /** Of one that is pending: when it is asked again. */
  askAgainAt: dbInstant.nullable(),
  updatedAt: dbInstant,
});
export type MovedSubscription = z.output<typeof Row>;

/** Up to `limit` subscriptions of a move, oldest first, after an id. @param input.status null: of any */
export function listMovedSubscriptions(
  tx: TenantSql,
  input: { priceMoveId: number; status: MovedStatus | null; after: number; limit: number },
): Promise<MovedSubscription[]> {
  const { priceMoveId, status, after, limit } = input;

  return tx.query(
    Row,
    Prisma.sql`
      SELECT x.subscription_id AS "subscriptionId", x.status, x.reason,
             CASE WHEN x.status = 'pending' THEN x.ask_again_at END AS "askAgainAt", x.updated_at AS "updatedAt"
        FROM ordering.price_move_subscriptions x
       WHERE x.company_id = ${tx.companyId}::bigint AND x.price_move_id = ${priceMoveId}::bigint
         AND x.subscription_id > ${after}::bigint AND (${status}::text IS NULL OR x.status = ${status}::text)
       ORDER BY x.subscription_id LIMIT ${limit}`,
  );
}

export interface MoveAnswer {
  priceMoveId: number;
  subscriptionId: number;
  status: MovedStatus;
  reason: string | null;
  now: Date;
}

/** Notes what a subscription answered; the first answer holds. @param input.changeId the change that waits there, if one does */
export async function noteMoved(tx: TenantSql, input: MoveAnswer & { changeId: number | null }): Promise<void> {
  const { priceMoveId, subscriptionId, status, reason, changeId, now } = input;
  await tx.write(Prisma.sql`
      UPDATE ordering.price_move_subscriptions SET status = ${status}, reason = ${reason}, change_id = ${changeId}::int, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND price_move_id = ${priceMoveId}::bigint
         AND subscription_id = ${subscriptionId}::bigint AND status = 'pending'`);
}

/** Notes that a subscription cannot answer yet: it stays pending, shows why, and is asked again at an instant. */
export async function notePostponed(
  tx: TenantSql,
  input: { priceMoveId: number; subscriptionId: number; reason: string; askAgainAt: Date; now: Date },
): Promise<void> {
  const { priceMoveId, subscriptionId, reason, askAgainAt, now } = input;
  await tx.write(Prisma.sql`
      UPDATE ordering.price_move_subscriptions
         SET tries = tries + 1, reason = ${reason}, ask_again_at = ${askAgainAt}::timestamptz, asked_at = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND price_move_id = ${priceMoveId}::bigint
         AND subscription_id = ${subscriptionId}::bigint AND status = 'pending'`);
}

/** As the API shows it. @param timeZone of the company */
export function viewMovedSubscription({ askAgainAt, updatedAt, ...row }: MovedSubscription, timeZone: string) {
  return {
    ...row,
    askAgainAt: formatOptionalInstant(askAgainAt, timeZone),
    updatedAt: formatInstant(updatedAt, timeZone),
  };
}
