import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import type { EventType } from '../../events/event-types';
import { lockTold, tellEntitlements } from '../tell-entitlements';
import { type overrideEnds, viewOverride } from './override-row';
import { readOverride } from './read-overrides';

type EndReason = (typeof overrideEnds)[number];

const eventOf: Record<EndReason, EventType> = {
  removed: 'entitlement.override.removed',
  replaced: 'entitlement.override.removed',
  expired: 'entitlement.override.expired',
};

/** Ends those of a customer for one feature that go on, and tells of it; the caller holds the customer's entitlements. */
export async function endOverrides(
  tx: TenantSql,
  of: { customerId: number; featureId: number; reason: 'replaced'; userId: number | null; now: Date },
): Promise<void> {
  const { customerId, featureId, ...end } = of;
  await endWhere(tx, { customerId, ...end }, Prisma.sql`feature_id = ${featureId}::bigint`);
}

/** Takes an override away; one that is over already stays as it is. @throws AppError not_found */
export async function removeOverride(
  tx: TenantSql,
  of: { id: number; customerId: number; userId: number | null },
  realNow: Date,
): Promise<void> {
  const { id, customerId, userId } = of;
  await readOverride(tx, of);
  const now = await lockTold(tx, { customerId, now: realNow });
  await endWhere(tx, { customerId, reason: 'removed', userId, now }, Prisma.sql`id = ${id}::bigint`);
  await tellEntitlements(tx, { customerId, now: realNow });
}

/** Ends one whose time is over; until then, or where that is done, nothing happens. */
export async function expireOverride(tx: TenantSql, id: number, realNow: Date): Promise<void> {
  const [row] = await tx.query(
    z.object({ customer_id: dbInteger }),
    Prisma.sql`SELECT customer_id FROM ordering.entitlement_overrides WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint AND ended_at IS NULL`,
  );

  if (row === undefined) {
    return;
  }
  const customerId = row.customer_id;
  const now = await lockTold(tx, { customerId, now: realNow });
  const isDue = Prisma.sql`id = ${id}::bigint AND valid_until <= ${now}::timestamptz`;
  await endWhere(tx, { customerId, reason: 'expired', userId: null, now }, isDue);
  await tellEntitlements(tx, { customerId, now: realNow });
}

/** Overrides of all companies whose time is over, the longest over first; none on a test clock. */
export async function listExpiredOverrides(
  system: SystemConnection,
  { until, limit }: { until: Date; limit: number },
): Promise<{ companyId: number; id: number }[]> {
  const rows = await system.query(
    z.object({ company_id: dbInteger, id: dbInteger }),
    Prisma.sql`SELECT company_id, id FROM system.overrides_to_end(${until}::timestamptz, ${limit}::int)`,
  );

  return rows.map(({ company_id: companyId, id }) => ({ companyId, id }));
}

async function endWhere(
  tx: TenantSql,
  { customerId, reason, userId, now }: { customerId: number; reason: EndReason; userId: number | null; now: Date },
  which: Prisma.Sql,
): Promise<void> {
  const ended = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`
      UPDATE ordering.entitlement_overrides SET ended_at = ${now}::timestamptz, ended_by = ${userId}::bigint, end_reason = ${reason}
       WHERE company_id = ${tx.companyId}::bigint AND customer_id = ${customerId}::bigint AND ended_at IS NULL AND ${which}
      RETURNING id`,
  );
  const events = [];

  for (const { id } of ended) {
    const row = await readOverride(tx, { id, customerId });
    events.push({ type: eventOf[reason], payload: viewOverride(row) });
  }
  await appendEvents(tx, { subject: `customer/${customerId}`, events, now });
}
