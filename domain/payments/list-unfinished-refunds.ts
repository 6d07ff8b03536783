import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';

/** Money on its way back. `refundId`: a person asked for this refund; null: the payment itself is due to go back. */
export interface UnfinishedRefund {
  paymentId: number;
  refundId: number | null;
  /** Minor units; null: all that is left. */
  amount: number | null;
  reason: string;
}

const Row = z.object({
  payment_id: dbInteger,
  refund_id: dbInteger.nullable(),
  amount: dbInteger.nullable(),
  reason: z.string().nullable(),
});

/**
 * What a company still has to give back: payments that are `refund_due`, until the one refund of that has its outcome (what
 * is declined, or left by a refund on request that failed, is for a person to mend); and refunds on request that have no
 * outcome yet.
 * @param paymentId of this one alone
 */
export async function listUnfinishedRefunds(tx: TenantSql, paymentId?: number): Promise<UnfinishedRefund[]> {
  const ofPayment = paymentId === undefined ? Prisma.empty : Prisma.sql`AND p.id = ${paymentId}::bigint`;
  const rows = await tx.query(
    Row,
    Prisma.sql`
      SELECT p.id AS payment_id, NULL::bigint AS refund_id, NULL::bigint AS amount, 'refund_due' AS reason
        FROM finance.payments p
       WHERE p.company_id = ${tx.companyId}::bigint AND p.status = 'refund_due' ${ofPayment}
         AND NOT EXISTS (SELECT FROM finance.refunds r WHERE r.company_id = p.company_id AND r.payment_id = p.id
                            AND r.effect_key LIKE '%:refund-due' AND r.status <> 'pending')
      UNION ALL
      SELECT r.payment_id, r.id, r.amount, r.reason
        FROM finance.refunds r JOIN finance.payments p ON p.company_id = r.company_id AND p.id = r.payment_id
       WHERE r.company_id = ${tx.companyId}::bigint AND r.status = 'pending' AND r.effect_key LIKE '%:refund/' || r.id ${ofPayment}
       ORDER BY 1, 2 NULLS FIRST`,
  );

  return rows.map((row) => ({
    paymentId: row.payment_id,
    refundId: row.refund_id,
    amount: row.amount,
    reason: row.reason ?? 'refund',
  }));
}
