import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { type Database, Prisma } from '../../platform/db/database';

export interface UnsignalledEvent {
  inboxId: number;
  companyId: number;
  paymentId: number;
  orderId: number | null;
  subscriptionId: number | null;
}

/** What the inbox of all companies holds that no owner was told of, oldest first (D5, D6). */
export async function listUnsignalled(
  database: Database,
  input: { before: Date; limit: number },
): Promise<UnsignalledEvent[]> {
  const rows = await database.system.query(
    z.object({
      id: dbInteger,
      company_id: dbInteger,
      payment_id: dbInteger,
      order_id: dbInteger.nullable(),
      subscription_id: dbInteger.nullable(),
    }),
    Prisma.sql`SELECT id, company_id, payment_id, order_id, subscription_id FROM system.unsignalled_provider_events(${input.before}::timestamptz, ${input.limit}::int)`,
  );

  return rows.map((row) => ({
    inboxId: row.id,
    companyId: row.company_id,
    paymentId: row.payment_id,
    orderId: row.order_id,
    subscriptionId: row.subscription_id,
  }));
}
