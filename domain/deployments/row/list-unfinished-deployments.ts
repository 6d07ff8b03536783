import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../../platform/db/database';

/** Switches of all companies that are not over, or whose services still retire, oldest first: each needs a workflow that runs. */
export async function listUnfinishedDeployments(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<{ companyId: number; id: number }[]> {
  const rows = await system.query(
    z.object({ company_id: dbInteger, id: dbInteger }),
    Prisma.sql`SELECT company_id, id FROM system.unfinished_deployments(${input.after}::bigint, ${input.limit}::int)`,
  );

  return rows.map(({ company_id, id }) => ({ companyId: company_id, id }));
}
