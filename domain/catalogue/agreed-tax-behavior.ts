import { Prisma } from '../../platform/db/database';

/**
 * SQL for whether a price holds its tax: as the price says, else as the company has it now (setting taxBehavior).
 * @param of SQL of what the price says, null for nothing
 */
export function agreedTaxBehavior(companyId: number, of: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce(${of}, (SELECT g.values ->> 'taxBehavior' FROM platform.company_settings g
    WHERE g.company_id = ${companyId}::bigint), 'exclusive')`;
}
