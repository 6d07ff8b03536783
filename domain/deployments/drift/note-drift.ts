import { z } from 'zod';

import { dbInteger, dbNothing } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import type { ObjectChange, TargetKind } from '../deployment-target-types';
import { eventOfDrift } from './drift-rules';
import { type DriftReport, driftSubject } from './drift-types';

const Company = z.object({ company_id: dbInteger.nullable() });
const Noted = z.object({ says: z.array(z.string()), is_newer: z.boolean() });

/**
 * Keeps how a look found a target, and tells what has changed since the look before: `k8s.drift.found`, `k8s.drift.mended`.
 * What is said of a target while something is brought there, or before anything was, is nothing to keep; nor is what a look
 * found that began before one that was kept already.
 * @param input.lookedAt when the look began
 */
export async function noteDrift(
  database: Database,
  { report, targetId, lookedAt }: { report: DriftReport; targetId: string; lookedAt: Date },
): Promise<void> {
  const { target, revision, isBusy, says } = report;

  if (isBusy || revision === null) {
    return;
  }
  const [{ company_id: companyId } = { company_id: null }] = await database.system.query(
    Company,
    Prisma.sql`SELECT system.company_of_target(${targetId}) AS company_id`,
  );

  if (companyId === null) {
    return;
  }
  await database.withTenantSql(companyId, async (tx) => {
    await tx.write(Prisma.sql`
      INSERT INTO platform.target_drift (target, revision, objects, says, looked_at, changed_at)
      VALUES (${target}, ${revision}::int, 0, '[]', '-infinity', ${lookedAt}::timestamptz) ON CONFLICT (target) DO NOTHING`);
    const [noted] = await tx.query(
      Noted,
      Prisma.sql`SELECT says, looked_at > ${lookedAt}::timestamptz AS is_newer FROM platform.target_drift WHERE target = ${target} FOR UPDATE`,
    );

    if (noted === undefined || noted.is_newer) {
      return;
    }
    const event = eventOfDrift(noted.says, says);
    await tx.write(Prisma.sql`
      UPDATE platform.target_drift
         SET revision = ${revision}::int, objects = ${says.length}::int, says = ${JSON.stringify(says)}::jsonb, looked_at = ${lookedAt}::timestamptz,
             changed_at = CASE WHEN ${event !== null}::boolean THEN ${lookedAt}::timestamptz ELSE changed_at END
       WHERE target = ${target}`);

    if (event !== null) {
      const payload = { target, targetId, revision, objects: says.length, changes: differences(report), says };
      await appendEvents(tx, { subject: driftSubject(target), events: [{ type: event, payload }], now: lookedAt });
    }
  });
}

const differences = ({ changes, superfluous }: DriftReport): Partial<ObjectChange>[] =>
  [...changes, ...superfluous].map(({ service, kind, namespace, name, change, fields }) => ({
    service,
    kind,
    namespace,
    name,
    change,
    fields,
  }));

/** How many objects of each target were found to differ by its last look. */
export function readDriftedObjects(database: Database): Promise<{ target: string; objects: number }[]> {
  return database.system.query(
    z.object({ target: z.string(), objects: z.int() }),
    Prisma.sql`SELECT target, objects FROM platform.target_drift`,
  );
}

/** A target that is looked at no more: nothing is known of it. */
export async function forgetDrift(database: Database, kind: TargetKind): Promise<void> {
  await database.system.query(dbNothing, Prisma.sql`DELETE FROM platform.target_drift WHERE target = ${kind}`);
}
