import { z } from 'zod';

import { AppError } from '../../../domain/errors';
import { dbInstant, dbInteger, dbJson } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { nextId } from './reserve-id';
import type { ReservableTarget } from '../pipeline/route';

/** How long a key is held without a sign of life; after that its process is gone, and a repeat may run (D2). */
export const leaseMs = 10_000;

/** Keys are forgotten after this; a repeat then counts as a new request. */
export const keepKeysForDays = 7;

/** Right to run the request of a key. `reservedId` is the same for every run of the key, 0 where nothing is reserved. */
export interface KeyHold {
  id: number;
  reservedId: number;
  leasedUntil: Date;
  /** The key was under way before, and what became of it is not known. */
  isRepeat: boolean;
}

export interface StoredAnswer {
  status: number;
  /** Those of the handler, such as Location. */
  headers: Record<string, string>;
  body: unknown;
}

export type KeyClaim = { kind: 'run'; hold: KeyHold } | { kind: 'replay'; answer: StoredAnswer };

export interface KeyOwner {
  companyId: number;
  /** `user/<id>` or `anonymous/<address>`: keys of different callers never meet. */
  principal: string;
  /** `POST /orders`. */
  route: string;
  key: string;
}

const Claimed = z.object({ id: dbInteger, target_id: dbInteger.nullable() });
const Existing = Claimed.extend({
  request_hash: z.string(),
  state: z.enum(['in_progress', 'done']),
  locked_until: dbInstant,
  response_status: z.number().nullable(),
  response_body: z.object({ headers: z.record(z.string(), z.string()), body: dbJson }).nullable(),
});

/**
 * Commits the record of a key before anything is done (D2), or finds the one that is there.
 * @throws AppError idempotency_key_reused when the key came with another request; idempotency_in_progress while the
 *   first one still runs.
 */
export function claimKey(
  database: Database,
  request: KeyOwner & { requestHash: string; reserves: ReservableTarget | undefined; now: Date },
): Promise<KeyClaim> {
  const { companyId, principal, route, key, requestHash, now } = request;
  const leasedUntil = new Date(now.getTime() + leaseMs);
  const toHold = (row: z.output<typeof Claimed>, { isRepeat }: { isRepeat: boolean }): KeyClaim => ({
    kind: 'run',
    hold: { id: row.id, reservedId: row.target_id ?? 0, leasedUntil, isRepeat },
  });

  return database.withTenantSql(companyId, async (tx) => {
    const [inserted] = await tx.query(
      Claimed,
      Prisma.sql`
        INSERT INTO platform.idempotency_keys (company_id, principal, route, key, request_hash, target_id, locked_until, created_at)
        VALUES (${companyId}::bigint, ${principal}, ${route}, ${key}, ${requestHash}, ${nextId(request.reserves)}, ${leasedUntil}, ${now})
        ON CONFLICT (company_id, principal, route, key) DO NOTHING
        RETURNING id, target_id`,
    );

    if (inserted !== undefined) {
      return toHold(inserted, { isRepeat: false });
    }
    const [existing] = await tx.query(
      Existing,
      Prisma.sql`
        SELECT id, target_id, request_hash, state, locked_until, response_status, response_body
          FROM platform.idempotency_keys
         WHERE company_id = ${companyId}::bigint AND principal = ${principal} AND route = ${route} AND key = ${key}
           FOR UPDATE`,
    );

    // Purged between the two statements: as good as under way; the repeat finds a free key.
    if (existing === undefined) {
      throw new AppError('idempotency_in_progress');
    }
    if (existing.request_hash !== requestHash) {
      throw new AppError('idempotency_key_reused');
    }
    if (existing.state === 'done') {
      const { headers, body } = existing.response_body ?? { headers: {}, body: null };

      return { kind: 'replay', answer: { status: existing.response_status ?? 200, headers, body } };
    }
    if (existing.locked_until > now) {
      throw new AppError('idempotency_in_progress');
    }
    await tx.query(
      z.unknown(),
      Prisma.sql`UPDATE platform.idempotency_keys SET locked_until = ${leasedUntil} WHERE company_id = ${companyId}::bigint AND id = ${existing.id}::bigint`,
    );

    return toHold(existing, { isRepeat: true });
  });
}

/** Keeps the answer for repeats. The first run to finish wins, should a lease have ended under one. */
export async function storeAnswer(
  database: Database,
  companyId: number,
  hold: KeyHold,
  { status, headers, body }: StoredAnswer,
): Promise<void> {
  const kept = JSON.stringify({ headers, body: body ?? null });

  await database.withTenantSql(companyId, (tx) =>
    tx.query(
      z.unknown(),
      Prisma.sql`
        UPDATE platform.idempotency_keys
           SET state = 'done', response_status = ${status}, response_body = ${kept}::jsonb
         WHERE company_id = ${companyId}::bigint AND id = ${hold.id}::bigint AND state = 'in_progress'`,
    ),
  );
}

/** A sign of life of a request that takes long. @returns the lease that now stands, whoever's it is */
export async function renewLease(database: Database, companyId: number, hold: KeyHold, now: Date): Promise<KeyHold> {
  const leasedUntil = new Date(now.getTime() + leaseMs);
  const renewed = await database.withTenantSql(companyId, (tx) =>
    tx.query(
      z.unknown(),
      Prisma.sql`
        UPDATE platform.idempotency_keys SET locked_until = ${leasedUntil}
         WHERE company_id = ${companyId}::bigint AND id = ${hold.id}::bigint AND state = 'in_progress' AND locked_until = ${hold.leasedUntil}
        RETURNING id`,
    ),
  );

  return renewed.length === 0 ? hold : { ...hold, leasedUntil };
}

/** Lets a repeat run again, with the same reserved id; unless another run has taken the key over meanwhile. */
export async function releaseKey(database: Database, companyId: number, hold: KeyHold, now: Date): Promise<void> {
  await database.withTenantSql(companyId, (tx) =>
    tx.query(
      z.unknown(),
      Prisma.sql`
        UPDATE platform.idempotency_keys SET locked_until = ${now}
         WHERE company_id = ${companyId}::bigint AND id = ${hold.id}::bigint AND state = 'in_progress' AND locked_until = ${hold.leasedUntil}`,
    ),
  );
}
