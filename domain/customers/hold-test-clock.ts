import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';

/**
 * Holds a test clock where it stands until the transaction ends. Whoever makes something that is due at some instant of a clock
 * does so under this: an advance under way either waits and sees it, or is over, and this is the time that it has come to.
 * Taken after the subject's row and before the billing account, as the clock's own step takes accounts under it.
 */
export async function holdTestClock(tx: TenantSql, testClockId: number): Promise<Date> {
  const [clock] = await tx.query(
    z.object({ now: dbInstant }),
    Prisma.sql`SELECT now FROM ordering.test_clocks WHERE company_id = ${tx.companyId}::bigint AND id = ${testClockId}::bigint FOR SHARE`,
  );

  if (clock === undefined) {
    throw new Error(`Test clock ${testClockId} is gone.`);
  }

  return clock.now;
}

/** The same of the clock that a customer is on; nothing is held where it is on none. Its time is to be read afterwards. */
export function holdTestClockOf(tx: TenantSql, customerId: number): Promise<void> {
  return tx.write(Prisma.sql`
      SELECT 1 FROM ordering.test_clocks k JOIN customer.customers c ON c.company_id = k.company_id AND c.test_clock_id = k.id
       WHERE c.company_id = ${tx.companyId}::bigint AND c.id = ${customerId}::bigint FOR SHARE OF k`);
}
