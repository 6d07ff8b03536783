import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { holdTestClockOf } from '../customers/hold-test-clock';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { entitlementChanges, tellable, type ToldEntitlements } from './entitlement-changes-rules';
import { readHeldFeatures } from './read-held-features';

const Told = z.object({ told: z.custom<ToldEntitlements>() });

/**
 * Holds a customer's entitlements until the transaction ends: changes of them are told one after the other,
 * and a test clock that it is on stands still.
 * @returns the customer's time (D26)
 * @throws AppError not_found for the customer
 */
export async function lockTold(tx: TenantSql, of: { customerId: number; now: Date }): Promise<Date> {
  await holdTestClockOf(tx, of.customerId);
  const [row] = await tx.query(
    z.object({ now: dbInstant }),
    Prisma.sql`
      SELECT coalesce(k.now, ${of.now}::timestamptz) AS now
        FROM customer.customers u LEFT JOIN ordering.test_clocks k ON k.company_id = u.company_id AND k.id = u.test_clock_id
       WHERE u.company_id = ${tx.companyId}::bigint AND u.id = ${of.customerId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }
  await readTold(tx, of);

  return row.now;
}

/**
 * Tells what has changed of a customer's entitlements since it was last told, in the transaction of the cause; nothing when
 * nothing has. Called after all else of the transaction, whose last lock but one this is.
 */
export async function tellEntitlements(tx: TenantSql, of: { customerId: number; now: Date }): Promise<void> {
  const { customerId } = of;
  const before = await readTold(tx, of);
  const { features, now } = await readHeldFeatures(tx, { ...of, code: null });
  const after = tellable(features);
  const events = entitlementChanges(before, after, { customerId, features });

  if (events.length === 0) {
    return;
  }
  await tx.write(Prisma.sql`UPDATE ordering.entitlements_told SET told = ${JSON.stringify(after)}::jsonb, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND customer_id = ${customerId}::bigint`);
  await appendEvents(tx, { subject: `customer/${customerId}`, events, now });
}

/** Locks the row, made with nothing in it where there was none: the rows that it is compared with are read afterwards. */
async function readTold(
  tx: TenantSql,
  { customerId, now }: { customerId: number; now: Date },
): Promise<ToldEntitlements> {
  const [row] = await tx.query(
    Told,
    Prisma.sql`
      INSERT INTO ordering.entitlements_told AS t (company_id, customer_id, updated_at)
      VALUES (${tx.companyId}::bigint, ${customerId}::bigint, ${now}::timestamptz)
      ON CONFLICT (company_id, customer_id) DO UPDATE SET updated_at = t.updated_at RETURNING told`,
  );

  return row?.told ?? {};
}
