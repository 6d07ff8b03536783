import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { containing } from '../../platform/db/containing';
import { type CustomerRow, customerParts } from './customer-view';

/**
 * Customers of the company, newest first.
 * @param input.q part of a name or e-mail address, in any case
 * @param input.before id of the last row of the page before
 */
export async function listCustomers(
  tx: TenantTransaction,
  input: { q?: string; email?: string; segment?: string; before: number | null; limit: number },
): Promise<CustomerRow[]> {
  const { q, email, segment, before, limit } = input;
  const where: Prisma.CustomerWhereInput = {
    ...(q === undefined ? {} : { OR: [{ name: containing(q) }, { email: containing(q) }] }),
    ...(email === undefined ? {} : { email }),
    ...(segment === undefined ? {} : { segment }),
    ...(before === null ? {} : { id: { lt: before } }),
  };

  return tx.orm.customer.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: customerParts });
}
