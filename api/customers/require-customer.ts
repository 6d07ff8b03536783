import { readCustomer } from '../../domain/customers/read-customer';
import { AppError } from '../../domain/errors';
import { ownCustomer, type Principal } from '../../domain/identity/principal';
import type { Database } from '../../platform/db/database';

/** A customer sees only their own. @throws AppError not_found */
export async function requireCustomer(
  database: Database,
  { companyId, customerId, principal }: { companyId: number; customerId: number; principal: Principal | null },
): Promise<void> {
  const own = ownCustomer(principal);
  const row =
    own !== undefined && own !== customerId
      ? null
      : await database.withTenant(companyId, (tx) => readCustomer(tx, customerId));

  if (row === null) {
    throw new AppError('not_found', { detail: `There is no customer ${customerId}.` });
  }
}
