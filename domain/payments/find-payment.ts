import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { type Database, Prisma } from '../../platform/db/database';

/** Whose payment a provider speaks of: it knows the reference only (D5, D6). */
export async function findPaymentByReference(
  database: Database,
  reference: string,
): Promise<{ companyId: number; paymentId: number } | null> {
  const [row] = await database.system.query(
    z.object({ company_id: dbInteger, payment_id: dbInteger }),
    Prisma.sql`SELECT company_id, payment_id FROM system.find_payment(${reference})`,
  );

  return row === undefined ? null : { companyId: row.company_id, paymentId: row.payment_id };
}
