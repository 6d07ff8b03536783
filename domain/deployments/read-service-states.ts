import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { type Database, Prisma } from '../../platform/db/database';

const Row = z.object({
  service: z.string(),
  state: z.enum(['running', 'retiring', 'stopped']),
  replicas: z.number().int(),
  /** When it was begun by what stands, which had found it stopped; null: it was not. */
  begunAt: dbInstant.nullable(),
});
export type ServiceStateRow = z.output<typeof Row>;

/** Wanted state of each service on the local target (D31); a service without a row runs. Belongs to no company. */
export async function readServiceStates(database: Database): Promise<Map<string, ServiceStateRow>> {
  const rows = await database.system.query(
    Row,
    Prisma.sql`
      SELECT s.service, s.state, s.replicas, (
               SELECT max(r.applied_at) FROM platform.local_revisions r
                WHERE r.applied_at = s.updated_at AND r.before @> jsonb_build_array(jsonb_build_object('service', s.service, 'state', 'stopped'))
             ) AS "begunAt"
        FROM platform.service_state s`,
  );

  return new Map(rows.map((row) => [row.service, row]));
}
