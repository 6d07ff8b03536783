import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BilledLevel } from '../lifecycle/decision-types';
import type { ItemKey } from '../lifecycle/subscription-types';

const Row = z.object({ price: dbInteger, layers: z.number() });

/**
 * What is billed of an item from an instant to the end of its period (D22): the guard's layers over it, and the prices of
 * their lines together. Of a change that charges the difference, so not read by anything else.
 * @param input.at epoch milliseconds
 */
export async function readBilledLevel(
  tx: TenantSql,
  { subscriptionId, item, at }: { subscriptionId: number; item: ItemKey; at: number },
): Promise<BilledLevel> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT coalesce(sum(l.unit_amount * l.quantity), 0)::bigint AS price, coalesce(max(b.layer) + 1, 0)::int AS layers
        FROM finance.billed_service b JOIN finance.invoice_lines l ON l.company_id = b.company_id AND l.id = b.invoice_line_id
       WHERE b.company_id = ${tx.companyId}::bigint AND b.subscription_id = ${subscriptionId}::bigint AND b.released_at IS NULL
         AND b.item = ${item} AND b.service @> ${new Date(at)}::timestamptz`,
  );

  return row ?? { price: 0, layers: 0 };
}
