import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';

const Account = z.object({ currency: z.string(), timeZone: z.string(), clockNow: dbInstant.nullable() });

/** How a customer's usage is shown, and the time of its clock. @throws AppError not_found for the customer */
export async function readUsageAccount(tx: TenantSql, customerId: number): Promise<z.output<typeof Account>> {
  const [account] = await tx.query(
    Account,
    Prisma.sql`SELECT a.currency, a.time_zone AS "timeZone", k.now AS "clockNow"
                 FROM customer.customers c JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
                 LEFT JOIN ordering.test_clocks k ON k.company_id = c.company_id AND k.id = c.test_clock_id
                WHERE c.company_id = ${tx.companyId}::bigint AND c.id = ${customerId}::bigint`,
  );

  if (account === undefined) {
    throw new AppError('not_found', { detail: `There is no customer ${customerId}.` });
  }

  return account;
}
