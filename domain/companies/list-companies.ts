import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../platform/db/database';
import type { CompanyRow } from './company-view';

const Row = z
  .object({
    id: dbInteger,
    slug: z.string(),
    name: z.string(),
    status: z.string(),
    business_model: z.string(),
    is_sandbox: z.boolean(),
    created_at: dbInstant,
    updated_at: dbInstant,
  })
  .transform(({ business_model, is_sandbox, created_at, updated_at, ...row }) => ({
    ...row,
    businessModel: business_model,
    isSandbox: is_sandbox,
    createdAt: created_at,
    updatedAt: updated_at,
  }));

/** Companies of the installation, oldest first; for super_admin, since it crosses tenants. */
export async function listCompanies(
  system: SystemConnection,
  input: { after: number; limit: number },
): Promise<CompanyRow[]> {
  return system.query(
    Row,
    Prisma.sql`SELECT * FROM system.list_companies(${input.after}::bigint, ${input.limit}::int)`,
  );
}
