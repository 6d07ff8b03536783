import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection, type TenantSql } from '../../../platform/db/database';
import { usableCredit } from './lock-account';

/** Takes what has expired out of one account; a repeat finds nothing. */
export async function expireCredit(tx: TenantSql, input: { billingAccountId: number; now: Date }): Promise<void> {
  await usableCredit(tx, input);
}

/** Accounts of all companies that hold credit which has expired, the longest expired first; none on a test clock. */
export async function listExpiredCredits(
  system: SystemConnection,
  { until, limit }: { until: Date; limit: number },
): Promise<{ companyId: number; billingAccountId: number }[]> {
  const rows = await system.query(
    z.object({ company_id: dbInteger, billing_account_id: dbInteger }),
    Prisma.sql`SELECT company_id, billing_account_id FROM system.expired_credits(${until}::timestamptz, ${limit}::int)`,
  );

  return rows.map((row) => ({ companyId: row.company_id, billingAccountId: row.billing_account_id }));
}
