import type { TenantTransaction } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import type { CompanyRow } from './company-view';
import { readCompany } from './read-company';

/**
 * Renames, suspends or reopens the transaction's company. People of a suspended company can neither sign in nor refresh,
 * and its requests are refused; what is stored stays.
 * @throws AppError not_found
 */
export async function updateCompany(
  tx: TenantTransaction,
  input: { name?: string; status?: 'active' | 'suspended'; now: Date },
): Promise<CompanyRow> {
  await tx.orm.$queryRaw`SELECT FROM platform.companies WHERE id = ${tx.companyId}::bigint FOR UPDATE`;
  const before = await readCompany(tx);
  const { name = before.name, status = before.status, now } = input;

  if (name === before.name && status === before.status) {
    return before;
  }

  await tx.orm.company.update({ where: { id: tx.companyId }, data: { name, status, updatedAt: now } });
  await appendEvents(tx, {
    subject: `company/${tx.companyId}`,
    events: [{ type: 'company.updated', payload: { companyId: tx.companyId, name, status } }],
    now,
  });

  return readCompany(tx);
}
