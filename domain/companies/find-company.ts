import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../platform/db/database';

const Row = z.object({ id: dbInteger, slug: z.string(), status: z.enum(['active', 'suspended']) });

/** The company that a slug names, whatever tenant asks; null when there is none. */
export async function findCompany(system: SystemConnection, slug: string): Promise<z.output<typeof Row> | null> {
  const [row] = await system.query(Row, Prisma.sql`SELECT * FROM system.find_company(${slug})`);

  return row ?? null;
}
