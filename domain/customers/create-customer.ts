import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { type CustomerRow, customerParts } from './customer-view';
import { insertCustomer, type NewCustomer } from './insert-customer';

/**
 * A customer whom the company's own people enter; there is no user yet who can sign in. Idempotent by the reserved id.
 * @throws AppError already_exists on /email; validation_failed on /taxCode, /taxExemptReason, /testClockId
 */
export async function createCustomer(tx: TenantTransaction, input: NewCustomer & { id: number }): Promise<CustomerRow> {
  const { testClockId } = input;

  if (testClockId !== undefined && (await tx.orm.testClock.findFirst({ where: { id: testClockId } })) === null) {
    throw new AppError('validation_failed', {
      field: '/testClockId',
      detail: `There is no test clock ${testClockId}.`,
    });
  }
  const created = await insertCustomer(tx, input);

  if (created !== null) {
    return created;
  }

  const own = await tx.orm.customer.findUnique({ where: { id: input.id }, include: customerParts });

  if (own === null) {
    throw new AppError('already_exists', { field: '/email', detail: 'A customer with this e-mail address exists.' });
  }

  return own;
}
