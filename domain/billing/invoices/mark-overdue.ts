import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';

/** `invoice.overdue`, once, when an open invoice's due date has come (D16). */
export async function markOverdue(
  tx: TenantSql,
  { invoiceId, subscriptionId, now }: { invoiceId: number; subscriptionId: number; now: Date },
): Promise<void> {
  const marked = await tx.query(
    z.object({ due_amount: z.number(), currency: z.string() }),
    Prisma.sql`UPDATE finance.invoices SET overdue_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${invoiceId}::bigint AND status = 'open' AND overdue_at IS NULL
               RETURNING due_amount, currency`,
  );
  await appendEvents(tx, {
    subject: `subscription/${subscriptionId}`,
    events: marked.map((row) => ({
      type: 'invoice.overdue' as const,
      payload: { invoiceId, subscriptionId, dueAmount: row.due_amount, currency: row.currency },
    })),
    now,
  });
}
