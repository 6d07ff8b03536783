import type { TenantTransaction } from '../../platform/db/database';
import { insertCustomer } from '../customers/insert-customer';
import { AppError } from '../errors';
import { noticeToUser } from '../notifications/notice-to-user';
import type { Account } from './account';
import { insertUser } from './insert-user';
import { readAccount } from './read-account';

/**
 * A person joins the transaction's company as a customer: user, customer and billing account at once, with
 * `user.created` before `customer.created` (S81, S87), and the welcome with a link to confirm the address. Idempotent by
 * the reserved id.
 *
 * A customer record that the company entered itself is never taken over by whoever signs up with its address, since
 * nothing proves that the address is theirs; an administrator opens that account (open-customer-account.ts).
 * @throws AppError email_taken on /email
 */
export async function signUp(
  tx: TenantTransaction,
  input: {
    id: number;
    email: string;
    passwordHash: string;
    name: string | null;
    locale?: string | undefined;
    now: Date;
  },
): Promise<Account> {
  const { id, email, name, locale, now } = input;
  const isNew = await insertUser(tx, { ...input, role: 'customer' });

  if (isNew) {
    const customer = await insertCustomer(tx, {
      userId: id,
      name: name ?? nameFrom(email),
      email,
      ...(locale === undefined ? {} : { billingAccount: { locale } }),
      now,
    });

    if (customer === null) {
      throw new AppError('email_taken', {
        field: '/email',
        detail: 'The company knows this e-mail address already. Ask it to open your account.',
      });
    }
    await noticeToUser(tx, { kind: 'welcome', user: { id }, now });
  }

  return readAccount(tx, id);
}

/** Customers always have a name to print; until they give one, it is what stands before the @. */
function nameFrom(email: string): string {
  return email.slice(0, email.indexOf('@'));
}
