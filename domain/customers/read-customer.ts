import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { type CustomerRow, customerParts } from './customer-view';

/** @throws AppError not_found, also for a customer of another company */
export async function readCustomer(tx: TenantTransaction, id: number): Promise<CustomerRow> {
  const row = await tx.orm.customer.findUnique({ where: { id }, include: customerParts });

  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }

  return row;
}
