import { z } from 'zod';

import { dbInteger } from '../platform/db/columns';
import { Prisma, type SystemConnection } from '../platform/db/database';

const Row = z.object({ id: dbInteger });

/** The next id of a table: operations take theirs from the caller, so that a retry finds what the first try made. */
export async function nextId(
  system: SystemConnection,
  table:
    'platform.companies' | 'customer.users' | 'ordering.test_clocks' | 'ordering.price_moves' | 'platform.deployments',
): Promise<number> {
  const rows = await system.query(Row, Prisma.sql`SELECT nextval(pg_get_serial_sequence(${table}, 'id')) AS id`);

  return Row.parse(rows[0]).id;
}
