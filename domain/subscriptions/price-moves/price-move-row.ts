import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { ofPriced, type Priced } from '../../catalogue/price-versions/price-version-row';
import { AppError } from '../../errors';
import { prorationBehaviors } from '../lifecycle/subscription-types';

/** `cancelling`: what it announced and still waits is being taken back. */
export const priceMoveStatuses = ['running', 'paused', 'completed', 'cancelling', 'cancelled'] as const;
export type PriceMoveStatus = (typeof priceMoveStatuses)[number];

/**
 * `pending`: not asked yet, or to be asked again. `skipped`: it refused, and says why. `failed`: it met a defect. `taken_back`: it was announced the
 * price, which no longer waits.
 */
export const movedStatuses = ['pending', 'moved', 'skipped', 'failed', 'taken_back'] as const;
export type MovedStatus = (typeof movedStatuses)[number];

export const PriceMoveRow = z.object({
  id: dbInteger,
  /** One of the two. */
  planId: dbInteger.nullable(),
  addonId: dbInteger.nullable(),
  priceId: dbInteger,
  fromPriceIds: z.array(z.number()),
  immediate: z.boolean(),
  noticeDays: z.number(),
  prorationBehavior: z.enum(prorationBehaviors).nullable(),
  status: z.enum(priceMoveStatuses),
  userId: dbInteger.nullable(),
  total: z.number(),
  moved: z.number(),
  skipped: z.number(),
  failed: z.number(),
  takenBack: z.number(),
  /** When those that cannot answer yet are asked again; null while somebody is still to be asked, or nobody is. */
  askAgainAt: dbInstant.nullable(),
  createdAt: dbInstant,
  endedAt: dbInstant.nullable(),
  updatedAt: dbInstant,
});
/** A price move with how far it is: subscriptions of each outcome; what is left of the total is pending. */
export type PriceMoveRow = z.output<typeof PriceMoveRow>;

const selectPriceMoves = Prisma.sql`
  SELECT m.id, m.plan_id AS "planId", m.addon_id AS "addonId", m.price_id AS "priceId", to_jsonb(m.from_price_ids) AS "fromPriceIds", m.immediate,
         m.notice_days AS "noticeDays", m.proration_behavior AS "prorationBehavior", m.status, m.user_id AS "userId", c.total, c.moved, c.skipped, c.failed, c.taken_back AS "takenBack",
         c.ask_again_at AS "askAgainAt",
         m.created_at AS "createdAt", m.ended_at AS "endedAt", m.updated_at AS "updatedAt"
    FROM ordering.price_moves m
   CROSS JOIN LATERAL (
     SELECT count(*)::int AS total, count(*) FILTER (WHERE x.status = 'moved')::int AS moved,
            count(*) FILTER (WHERE x.status = 'skipped')::int AS skipped, count(*) FILTER (WHERE x.status = 'failed')::int AS failed,
            count(*) FILTER (WHERE x.status = 'taken_back')::int AS taken_back,
            CASE WHEN NOT bool_or(x.status = 'pending' AND x.ask_again_at IS NULL)
                 THEN min(x.ask_again_at) FILTER (WHERE x.status = 'pending') END AS ask_again_at
       FROM ordering.price_move_subscriptions x WHERE x.company_id = m.company_id AND x.price_move_id = m.id) c`;

/** @throws AppError not_found */
export async function readPriceMove(tx: TenantSql, id: number): Promise<PriceMoveRow> {
  const row = await findPriceMove(tx, id);

  if (row === null) {
    throw new AppError('not_found', { detail: `There is no price move ${id}.` });
  }

  return row;
}

export async function findPriceMove(tx: TenantSql, id: number): Promise<PriceMoveRow | null> {
  const [row] = await tx.query(
    PriceMoveRow,
    Prisma.sql`${selectPriceMoves} WHERE m.company_id = ${tx.companyId}::bigint AND m.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** Up to `limit` of a plan or add-on, newest first, before an id. */
export function listPriceMoves(
  tx: TenantSql,
  input: { of: Priced; before: number | null | undefined; limit: number },
): Promise<PriceMoveRow[]> {
  const before = input.before ?? null;

  return tx.query(
    PriceMoveRow,
    Prisma.sql`${selectPriceMoves}
      WHERE m.company_id = ${tx.companyId}::bigint AND ${ofPriced(input.of, 'm')}
        AND (${before}::bigint IS NULL OR m.id < ${before}::bigint) ORDER BY m.id DESC LIMIT ${input.limit}`,
  );
}

/** As the API shows it. @param timeZone of the company */
export function viewPriceMove({ askAgainAt, createdAt, endedAt, updatedAt, ...row }: PriceMoveRow, timeZone: string) {
  return {
    ...row,
    pending: row.total - row.moved - row.skipped - row.failed - row.takenBack,
    askAgainAt: formatOptionalInstant(askAgainAt, timeZone),
    createdAt: formatInstant(createdAt, timeZone),
    endedAt: formatOptionalInstant(endedAt, timeZone),
    updatedAt: formatInstant(updatedAt, timeZone),
  };
}

/** Subject of its events and id of its workflow. */
export const priceMoveSubject = (id: number): string => `price-move/${id}`;
