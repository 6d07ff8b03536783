import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../../platform/db/database';

const Row = z.object({ company_id: dbInteger, id: dbInteger });

export interface OfCompany {
  companyId: number;
  id: number;
}

const toOwned = ({ company_id, id }: z.output<typeof Row>): OfCompany => ({ companyId: company_id, id });

/** Subscriptions of all companies to which something may still happen, oldest first: each needs a workflow that runs. */
export async function listUnfinishedSubscriptions(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<OfCompany[]> {
  const rows = await system.query(
    Row,
    Prisma.sql`SELECT company_id, id FROM system.unfinished_subscriptions(${input.after}::bigint, ${input.limit}::int)`,
  );

  return rows.map(toOwned);
}

/** Test clocks of all companies that are on their way, oldest first (D26). */
export async function listAdvancingClocks(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<OfCompany[]> {
  const rows = await system.query(
    Row,
    Prisma.sql`SELECT company_id, id FROM system.advancing_clocks(${input.after}::bigint, ${input.limit}::int)`,
  );

  return rows.map(toOwned);
}
