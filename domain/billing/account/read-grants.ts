import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { epochMs } from '../../../platform/db/epoch-ms';
import type { CreditGrant } from './credit-grant-rules';

const Row = z.object({ grantId: dbInteger, remaining: dbInteger, expiresAt: z.number().nullable() });

/** Grants of an account that something is left of. */
export function readGrantsLeft(tx: TenantSql, billingAccountId: number): Promise<CreditGrant[]> {
  return tx.query(
    Row,
    Prisma.sql`SELECT g.id AS "grantId", g.remaining, ${epochMs('g.expires_at')} AS "expiresAt" FROM finance.credit_grants g
                WHERE g.company_id = ${tx.companyId}::bigint AND g.billing_account_id = ${billingAccountId}::bigint AND g.remaining > 0`,
  );
}

/** What an invoice, or else a payment, of an account has drawn from grants and not given back; `remaining` is so much. */
export function readDrawnGrants(
  tx: TenantSql,
  billingAccountId: number,
  { invoiceId = null, paymentId = null }: { invoiceId?: number | null; paymentId?: number | null },
): Promise<CreditGrant[]> {
  const which =
    invoiceId === null
      ? Prisma.sql`e.payment_id = ${paymentId}::bigint AND e.kind IN ('refunded', 'refund_failed')`
      : Prisma.sql`e.invoice_id = ${invoiceId}::bigint`;

  return tx.query(
    Row,
    Prisma.sql`
      SELECT g.id AS "grantId", sum(d.amount)::bigint AS remaining, ${epochMs('g.expires_at')} AS "expiresAt"
        FROM finance.balance_entries e
        JOIN finance.credit_grant_draws d ON d.company_id = e.company_id AND d.balance_entry_id = e.id
        JOIN finance.credit_grants g ON g.company_id = d.company_id AND g.id = d.credit_grant_id
       WHERE e.company_id = ${tx.companyId}::bigint AND e.billing_account_id = ${billingAccountId}::bigint AND ${which}
       GROUP BY g.id, g.expires_at HAVING sum(d.amount) > 0`,
  );
}
