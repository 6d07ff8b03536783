import { z } from 'zod';

import { type Database, Prisma } from '../../platform/db/database';

const Row = z.object({
  service: z.string(),
  state: z.enum(['running', 'retiring', 'stopped']),
  replicas: z.number().int(),
});
export type ServiceStateRow = z.output<typeof Row>;

/** Wanted state of each service on the local target (D31); a service without a row runs. Belongs to no company. */
export async function readServiceStates(database: Database): Promise<Map<string, ServiceStateRow>> {
  const rows = await database.system.query(
    Row,
    Prisma.sql`SELECT service, state, replicas FROM platform.service_state`,
  );

  return new Map(rows.map((row) => [row.service, row]));
}
