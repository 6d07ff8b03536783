import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/**
 * Closes the campaign of an account of which nothing is overdue any more, so that a later debt begins a new one. Two
 * statements: two payments at once would each see the other's invoice unpaid; the one that waits for the lock does not.
 */
export async function closeCampaignWhenClear(
  tx: TenantSql,
  { billingAccountId, now }: { billingAccountId: number; now: Date },
): Promise<void> {
  const [open] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`SELECT id FROM finance.dunning_campaigns
                WHERE company_id = ${tx.companyId}::bigint AND billing_account_id = ${billingAccountId}::bigint AND status <> 'closed' FOR UPDATE`,
  );

  if (open === undefined) {
    return;
  }
  await tx.write(Prisma.sql`
      UPDATE finance.dunning_campaigns g SET status = 'closed', next_look_at = NULL, closed_at = ${now}::timestamptz
       WHERE g.company_id = ${tx.companyId}::bigint AND g.id = ${open.id}::bigint
         AND NOT EXISTS (SELECT FROM finance.invoices i
                          WHERE i.company_id = g.company_id AND i.customer_id = g.customer_id AND i.billing_account_id = g.billing_account_id
                            AND i.status = 'open' AND i.due_amount > 0 AND i.due_date <= ${now}::timestamptz)`);
}
