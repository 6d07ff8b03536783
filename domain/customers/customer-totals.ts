import { Prisma } from '../../platform/db/database';

/**
 * Adds to what a customer has spent (minor units, what went back taken off) and to the count of paid orders, by itself or
 * as a common table expression of a larger statement (D9). Nothing to add touches no row.
 */
export function addToTotals(
  companyId: number,
  customerId: number,
  { spent = 0, orders = 0 }: { spent?: number; orders?: number },
  now: Date,
): Prisma.Sql {
  return Prisma.sql`UPDATE customer.customers SET total_spent = total_spent + ${spent}::bigint, order_count = order_count + ${orders}::int,
               updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${customerId}::bigint AND ${spent !== 0 || orders !== 0} RETURNING id`;
}

/** @param takings SQL that yields `customer_id` and `amount`, money that is no longer spent */
export function takeFromTotals(companyId: number, takings: Prisma.Sql, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE customer.customers c SET total_spent = c.total_spent - t.amount, updated_at = ${now}::timestamptz FROM (${takings}) t
         WHERE c.company_id = ${companyId}::bigint AND c.id = t.customer_id RETURNING c.id`;
}

/** A customer has one trial (D17): of two requests at once one finds it there. @returns SQL that yields no row where it was used */
export function markTrialUsed(companyId: number, customerId: number, isUsed: boolean, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE customer.customers SET is_trial_used = true, updated_at = ${now}::timestamptz
         WHERE ${isUsed} AND NOT is_trial_used AND company_id = ${companyId}::bigint AND id = ${customerId}::bigint RETURNING id`;
}
