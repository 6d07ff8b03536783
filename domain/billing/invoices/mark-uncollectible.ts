import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { supersedeWaiting } from '../../payments/move-payments';

/** Gives an open invoice up: nobody asks for it any more, and what waits for its customer is closed (D23). */
export async function markUncollectible(
  tx: TenantSql,
  { invoiceId, subscriptionId, now }: { invoiceId: number; subscriptionId: number; now: Date },
): Promise<void> {
  const given = await tx.query(
    z.object({ id: z.number() }),
    Prisma.sql`
      WITH closed AS (${supersedeWaiting(tx.companyId, invoiceId, now)})
      UPDATE finance.invoices SET status = 'uncollectible', updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${invoiceId}::bigint AND status = 'open' RETURNING id`,
  );
  await appendEvents(tx, {
    subject: `subscription/${subscriptionId}`,
    events: given.map(() => ({
      type: 'invoice.updated' as const,
      payload: { invoiceId, subscriptionId, status: 'uncollectible' },
    })),
    now,
  });
}
