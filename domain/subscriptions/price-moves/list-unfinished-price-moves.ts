import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../../platform/db/database';

/** Price moves of all companies that are not over, oldest first: each needs a workflow that runs. */
export async function listUnfinishedPriceMoves(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<{ companyId: number; id: number }[]> {
  const rows = await system.query(
    z.object({ company_id: dbInteger, id: dbInteger }),
    Prisma.sql`SELECT company_id, id FROM system.unfinished_price_moves(${input.after}::bigint, ${input.limit}::int)`,
  );

  return rows.map(({ company_id, id }) => ({ companyId: company_id, id }));
}
