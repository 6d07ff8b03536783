import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../platform/db/database';

export interface UnfinishedOrder {
  companyId: number;
  id: number;
}

const Row = z.object({ company_id: dbInteger, id: dbInteger });

/** Orders of all companies that are not over, oldest first: each needs a workflow that runs (D6). */
export async function listUnfinishedOrders(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<UnfinishedOrder[]> {
  const rows = await system.query(
    Row,
    Prisma.sql`SELECT company_id, id FROM system.unfinished_orders(${input.after}::bigint, ${input.limit}::int)`,
  );

  return rows.map(({ company_id, id }) => ({ companyId: company_id, id }));
}
