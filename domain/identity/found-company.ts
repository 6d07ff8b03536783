import type { TenantTransaction } from '../../platform/db/database';
import type { CompanyRow } from '../companies/company-view';
import { createCompany, type NewCompany } from '../companies/create-company';
import { insertUser } from './insert-user';

/**
 * A company together with its first administrator, both or none. Idempotent by the company's id, under which the
 * transaction runs; a retry makes no second administrator.
 * @throws AppError already_exists on /slug
 */
export async function foundCompany(
  tx: TenantTransaction,
  input: {
    company: NewCompany;
    admin?: { id: number; email: string; name: string | null; passwordHash: string } | undefined;
    now: Date;
  },
): Promise<CompanyRow> {
  const { company, admin, now } = input;
  const { row, isNew } = await createCompany(tx, { ...company, now });

  if (isNew && admin !== undefined) {
    await insertUser(tx, { ...admin, role: 'company_admin', now });
  }

  return row;
}
