import { z } from 'zod';

import { dbInstant, dbJson, dbNothing } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { databaseFailure } from '../../../platform/db/database-failure';
import { AppError } from '../../errors';
import type { Release, WantedService } from '../deployment-target-types';

const Revision = z.object({ revision: z.int(), status: z.string(), appliedAt: dbInstant });

/** What was brought to the local target under a key. */
export type LocalRevision = z.output<typeof Revision>;

/**
 * Writes the wanted state of services, and notes under the key how they stood before; again under it, what stood before stays,
 * and so does the instant, since which whoever asks for work counts as ready.
 * A service is stopped only from `retiring`: one that somebody needs again by now keeps running.
 * @throws AppError target_busy while another revision is pending; deployment_state when the key's is settled already
 */
export async function applyLocally(
  database: Database,
  input: { key: string; release: Release; only: readonly string[]; now: Date },
): Promise<LocalRevision> {
  const { key, release, only, now } = input;
  const wanted = release.services.filter(({ service }) => only.includes(service));
  const [revision] = await busyWhenTaken(() =>
    database.system.query(
      Revision,
      Prisma.sql`
        WITH wanted AS (
          SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w(service text, replicas int, env jsonb)
        ), revision AS (
          INSERT INTO platform.local_revisions AS r (key, status, before, release, applied_at, created_at)
          SELECT ${key}, 'pending', coalesce((SELECT jsonb_agg(to_jsonb(s)) FROM platform.service_state s), '[]'),
                 ${JSON.stringify(release)}::jsonb, ${now}::timestamptz, ${now}::timestamptz
          ON CONFLICT (key) DO UPDATE SET status = r.status WHERE r.status = 'pending'
          RETURNING revision, status, applied_at
        ), written AS (
          INSERT INTO platform.service_state AS s (service, replicas, env, state, updated_at)
          SELECT w.service, w.replicas, w.env, CASE WHEN w.replicas = 0 THEN 'stopped' ELSE 'running' END, r.applied_at
            FROM wanted w, revision r ORDER BY w.service
          ON CONFLICT (service) DO UPDATE SET replicas = excluded.replicas, env = excluded.env, state = excluded.state, updated_at = excluded.updated_at
           WHERE excluded.replicas > 0 OR s.state <> 'running'
          RETURNING s.service
        )
        SELECT revision, status, applied_at AS "appliedAt" FROM revision`,
    ),
  );

  if (revision === undefined) {
    throw new AppError('deployment_state', { detail: `What ${key} applies is settled already.` });
  }

  return revision;
}

async function busyWhenTaken<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (databaseFailure(error)?.kind === 'unique') {
      throw new AppError('target_busy', { cause: error });
    }
    throw error;
  }
}

/** The revision of a key is good. Again is no change. */
export async function confirmLocally(database: Database, key: string): Promise<void> {
  await database.system.query(
    dbNothing,
    Prisma.sql`UPDATE platform.local_revisions SET status = 'deployed' WHERE key = ${key} AND status = 'pending'`,
  );
}

/**
 * Puts back how services stood before the revision of a key, except where somebody has changed them since: a company that began
 * meanwhile keeps what it needs.
 * @returns what to watch; null when nothing was applied under the key, or it is settled
 */
export async function restoreLocally(
  database: Database,
  { key, now }: { key: string; now: Date },
): Promise<LocalRevision | null> {
  const [revision] = await database.system.query(
    Revision,
    Prisma.sql`
      WITH revision AS (
        UPDATE platform.local_revisions r SET status = 'restored' WHERE r.key = ${key} AND r.status = 'pending'
        RETURNING r.revision, r.status, r.before, r.applied_at
      ), put_back AS (
        UPDATE platform.service_state s SET replicas = b.replicas, env = b.env, state = b.state, updated_at = ${now}::timestamptz
          FROM revision r, jsonb_to_recordset(r.before) AS b(service text, replicas int, env jsonb, state text)
         WHERE s.service = b.service AND s.updated_at = r.applied_at RETURNING s.service
      )
      SELECT revision, status, applied_at AS "appliedAt" FROM revision`,
  );

  return revision ?? null;
}

/** What a revision applied. @throws AppError not_found */
export async function readLocalRelease(database: Database, revision: number): Promise<Release> {
  const [row] = await database.system.query(
    z.object({ release: dbJson }),
    Prisma.sql`SELECT release FROM platform.local_revisions WHERE revision = ${revision}::int`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: `There is no revision ${revision} of the local target.` });
  }

  return row.release as Release;
}

const State = z.object({
  service: z.string(),
  state: z.enum(['running', 'retiring', 'stopped']),
  replicas: z.int(),
  env: z.record(z.string(), z.string()),
  updatedAt: dbInstant,
});

/** How services are wanted on the local target. */
export function readLocalStates(database: Database): Promise<z.output<typeof State>[]> {
  return database.system.query(
    State,
    Prisma.sql`SELECT service, state, replicas, env, updated_at AS "updatedAt" FROM platform.service_state ORDER BY service`,
  );
}

/** Those of the release that stood still before the revision of a key. */
export async function startedBy(database: Database, key: string): Promise<Set<string>> {
  const rows = await database.system.query(
    z.object({ service: z.string() }),
    Prisma.sql`SELECT b.service FROM platform.local_revisions r, jsonb_to_recordset(r.before) AS b(service text, state text)
                WHERE r.key = ${key} AND b.state = 'stopped'`,
  );

  return new Set(rows.map(({ service }) => service));
}

/** A service that is stopped and that somebody needs for one thing, such as money of a subscription that is over: it runs again. */
export async function wakeService(database: Database, service: WantedService['service']): Promise<void> {
  await database.system.query(
    dbNothing,
    Prisma.sql`UPDATE platform.service_state SET state = 'running', replicas = greatest(replicas, 1), updated_at = now()
                WHERE service = ${service} AND state = 'stopped'`,
  );
}
