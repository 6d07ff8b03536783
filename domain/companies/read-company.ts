import { toNumber } from '../../platform/db/columns';
import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import type { CompanyRow } from './company-view';

/** The company of the transaction. @throws AppError not_found when there is none with this id */
export async function readCompany(tx: TenantTransaction): Promise<CompanyRow> {
  const row = await tx.orm.company.findUnique({ where: { id: tx.companyId } });

  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such company.' });
  }

  const { id, slug, name, status, businessModel, isSandbox, createdAt, updatedAt } = row;

  return { id: toNumber(id), slug, name, status, businessModel, isSandbox, createdAt, updatedAt };
}
