import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/** A campaign that looks at its account again; plain JSON. */
export interface ActiveCampaign {
  campaignId: number;
  /** epoch milliseconds */
  nextLookAt: number;
}

/** @returns null when the account is not asked to pay, or not any more */
export async function findActiveCampaign(tx: TenantSql, billingAccountId: number): Promise<ActiveCampaign | null> {
  const [row] = await tx.query(
    z.object({ id: dbInteger, next_look_at: dbInstant }),
    Prisma.sql`SELECT id, next_look_at FROM finance.dunning_campaigns
                WHERE company_id = ${tx.companyId}::bigint AND billing_account_id = ${billingAccountId}::bigint AND status = 'active'`,
  );

  return row === undefined ? null : { campaignId: row.id, nextLookAt: row.next_look_at.getTime() };
}
