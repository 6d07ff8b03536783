import { readCustomer } from '../../domain/customers/read-customer';
import { assertMaySee, type Principal } from '../../domain/identity/principal';
import type { Database } from '../../platform/db/database';

/** A customer sees only their own. @throws AppError not_found */
export async function requireCustomer(
  database: Database,
  { companyId, customerId, principal }: { companyId: number; customerId: number; principal: Principal | null },
): Promise<void> {
  assertMaySee(principal, customerId);
  await database.withTenant(companyId, (tx) => readCustomer(tx, customerId));
}
