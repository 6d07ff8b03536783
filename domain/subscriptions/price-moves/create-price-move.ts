import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { findPriceMove, priceMoveSubject, type PriceMoveRow, readPriceMove } from './price-move-row';
import { pricedWord, type PriceMoveRequest, readMovePrices, selectToMove } from './select-subscribers';
import { requireProrated } from '../commands/price-change-decider';

/**
 * Begins a price move: the row, and the list of those whom it asks, which it holds on to. A repeat with the same id is the
 * same move.
 * @throws AppError validation_failed on /prorationBehavior or /priceId; not_found on /priceId or /fromPriceIds/<index>; currency_mismatch on the latter; no_change when nobody pays another price;
 *   price_move_state while another one of the plan, or add-on, is under way
 */
export async function createPriceMove(
  tx: TenantSql,
  input: { id: number; request: PriceMoveRequest; userId: number | null; now: Date },
): Promise<PriceMoveRow> {
  const { id, request, userId, now } = input;
  const known = await findPriceMove(tx, id);

  if (known !== null) {
    return known;
  }
  requireProrated(request);
  const prices = await readMovePrices(tx, request);
  const { of, immediate, noticeDays, prorationBehavior = null } = request;
  const [planId, addonId] = 'planId' in of ? [of.planId, null] : [null, of.addonId];
  const [made] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`
      INSERT INTO ordering.price_moves (id, company_id, plan_id, addon_id, price_id, from_price_ids, immediate, notice_days, proration_behavior, status, user_id, created_at, updated_at)
      VALUES (${id}::bigint, ${tx.companyId}::bigint, ${planId}::bigint, ${addonId}::bigint, ${prices.to.id}::bigint, ${[...request.fromPriceIds]}::bigint[],
              ${immediate}::boolean, ${noticeDays}::int, ${prorationBehavior}::text, 'running', ${userId}::bigint, ${now}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (company_id, ${planId === null ? Prisma.sql`addon_id` : Prisma.sql`plan_id`}) WHERE status IN ('running', 'paused') DO NOTHING RETURNING id`,
  );

  if (made === undefined) {
    throw new AppError('price_move_state', {
      detail: `Another price move of ${pricedWord(of)} ${planId ?? addonId} is under way.`,
    });
  }
  await tx.write(Prisma.sql`
      INSERT INTO ordering.price_move_subscriptions (company_id, price_move_id, subscription_id, status, updated_at)
      SELECT ${tx.companyId}::bigint, ${id}::bigint, s.id, 'pending', ${now}::timestamptz
        FROM (${selectToMove(tx.companyId, of, prices)}) s`);
  const row = await readPriceMove(tx, id);

  if (row.total === 0) {
    throw new AppError('no_change', {
      detail: `No subscription of this ${pricedWord(of)} has another price to be moved from.`,
    });
  }
  await appendEvents(tx, {
    subject: priceMoveSubject(id),
    events: [{ type: 'price_move.created', payload: priceMovePayload(row) }],
    now,
  });

  return row;
}

/** What every event of a price move says. */
export function priceMovePayload(row: PriceMoveRow): Record<string, unknown> {
  const {
    id,
    planId,
    addonId,
    priceId,
    immediate,
    noticeDays,
    prorationBehavior,
    status,
    total,
    moved,
    skipped,
    failed,
    takenBack,
  } = row;

  return {
    id,
    planId,
    addonId,
    priceId,
    immediate,
    noticeDays,
    prorationBehavior,
    status,
    total,
    moved,
    skipped,
    failed,
    takenBack,
  };
}
