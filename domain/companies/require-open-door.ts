import { z } from 'zod';

import { type Database, Prisma } from '../../platform/db/database';
import { AppError } from '../errors';

const Row = z.object({ is_open: z.boolean(), is_known: z.boolean(), business_model: z.string() });
const columns = { orders: Prisma.sql`c.accepts_orders`, subscriptions: Prisma.sql`c.accepts_subscriptions` } as const;
const rows = { orders: Prisma.sql`ordering.orders`, subscriptions: Prisma.sql`ordering.subscriptions` } as const;

/**
 * For whoever would start a workflow whose service may be stopped: refuses early what the placing transaction would refuse
 * (D29). What was placed already is let through, so that a repeat gets its answer.
 * @param input.id of the order or subscription that is to be
 * @throws AppError model_not_accepting
 */
export async function requireOpenDoor(
  database: Database,
  { companyId, door, id }: { companyId: number; door: 'orders' | 'subscriptions'; id: number },
): Promise<void> {
  const [found] = await database.eachAlone(companyId).query(
    Row,
    Prisma.sql`SELECT ${columns[door]} AS is_open, c.business_model,
                      EXISTS (SELECT FROM ${rows[door]} o WHERE o.company_id = c.id AND o.id = ${id}::bigint) AS is_known
                 FROM platform.companies c WHERE c.id = ${companyId}::bigint`,
  );

  if (found?.is_open === false && !found.is_known) {
    throw new AppError('model_not_accepting', {
      detail: `This company takes no new ${door} now.`,
      params: { businessModel: found.business_model },
    });
  }
}
