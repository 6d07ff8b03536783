import type { TenantTransaction } from '../../platform/db/database';
import { linkUser } from '../customers/link-user';
import { AppError } from '../errors';
import type { Account } from './account';
import { insertUser } from './insert-user';
import { readAccount } from './read-account';

/**
 * Gives a customer whom the company entered itself a user to sign in with, under the customer's e-mail address; the
 * administrator who does this answers for who gets the password. Idempotent by the reserved id.
 * @throws AppError not_found; conflict when the customer has a user; email_taken when somebody else signs in with the
 *   address
 */
export async function openCustomerAccount(
  tx: TenantTransaction,
  input: { id: number; customerId: number; passwordHash: string; now: Date },
): Promise<Account> {
  const { id, customerId, passwordHash, now } = input;
  await tx.orm.$queryRaw`SELECT FROM customer.customers WHERE id = ${customerId}::bigint FOR UPDATE`;
  const customer = await tx.orm.customer.findUnique({ where: { id: customerId } });

  if (customer === null) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }
  if (customer.userId !== null && customer.userId !== BigInt(id)) {
    throw new AppError('conflict', { detail: 'The customer has an account already.' });
  }

  const { email, name } = customer;
  const isNew = await insertUser(tx, { id, email, passwordHash, name, role: 'customer', now });

  if (isNew) {
    await linkUser(tx, { customerId, userId: id, now });
  }

  return readAccount(tx, id);
}
