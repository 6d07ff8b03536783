import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { holdTestClockOf } from '../../customers/hold-test-clock';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { expiredBy, remainingOf } from './credit-grant-rules';
import { enterBalance } from './enter-balance';
import { readGrantsLeft } from './read-grants';

export interface LockedAccount {
  billingAccountId: number;
  customerId: number;
  currency: string;
  /** minor units; what has expired is no part of it */
  balance: number;
  /** The clock's time for a customer on a test clock, the caller's otherwise (D26). */
  now: Date;
}

const Account = z.object({
  billingAccountId: dbInteger,
  customerId: dbInteger,
  currency: z.string(),
  balance: dbInteger,
  clockNow: dbInstant.nullable(),
});

/**
 * Locks a billing account for what uses its credit (lock order of D8), and takes out of it first what has expired by now:
 * credit pays until the instant it expires, whether anybody has looked at it since or not.
 * @param of SQL over `a`, such as its id
 * @returns null when there is none
 */
export async function lockAccount(
  tx: TenantSql,
  { of, now }: { of: Prisma.Sql; now: Date },
): Promise<LockedAccount | null> {
  const [row] = await tx.query(
    Account,
    Prisma.sql`
      SELECT a.id AS "billingAccountId", a.customer_id AS "customerId", a.currency, a.balance,
             (SELECT k.now FROM customer.customers c JOIN ordering.test_clocks k ON k.company_id = c.company_id AND k.id = c.test_clock_id
               WHERE c.company_id = a.company_id AND c.id = a.customer_id) AS "clockNow"
        FROM finance.billing_accounts a WHERE a.company_id = ${tx.companyId}::bigint AND ${of} FOR NO KEY UPDATE OF a`,
  );

  if (row === undefined) {
    return null;
  }
  const { clockNow, ...account } = row;
  const locked = { ...account, now: clockNow ?? now };

  return { ...locked, balance: await withoutExpired(tx, locked) };
}

/** What of an account's credit can be used now, in minor units; the account is locked, and what has expired is gone. */
export async function usableCredit(
  tx: TenantSql,
  { billingAccountId, now }: { billingAccountId: number; now: Date },
): Promise<number> {
  const account = await lockAccount(tx, { of: Prisma.sql`a.id = ${billingAccountId}::bigint`, now });

  if (account === null) {
    throw new Error(`Billing account ${billingAccountId} is gone.`);
  }

  return account.balance;
}

/** The same by its customer, whose test clock stands still meanwhile. @throws AppError not_found */
export async function lockAccountOf(
  tx: TenantSql,
  { customerId, now }: { customerId: number; now: Date },
): Promise<LockedAccount> {
  await holdTestClockOf(tx, customerId);
  const account = await lockAccount(tx, { of: Prisma.sql`a.customer_id = ${customerId}::bigint`, now });

  if (account === null) {
    throw new AppError('not_found', { detail: `There is no customer ${customerId}.` });
  }

  return account;
}

/** @throws AppError currency_mismatch */
export function assertCurrency(account: LockedAccount, currency: string | null): void {
  if (currency !== null && currency !== account.currency) {
    throw new AppError('currency_mismatch', {
      field: '/currency',
      detail: `The account of the customer is in ${account.currency}.`,
    });
  }
}

/**
 * Takes what has expired out of an account that this transaction has locked.
 * @returns what is left of its balance, in minor units
 */
export async function withoutExpired(tx: TenantSql, account: LockedAccount): Promise<number> {
  const { billingAccountId, customerId, currency, balance, now } = account;
  const expired = expiredBy(await readGrantsLeft(tx, billingAccountId), now.getTime());

  for (const { grantId, remaining } of expired) {
    await enterBalance(tx, {
      party: account,
      kind: 'expired',
      amount: -remaining,
      creditGrantId: grantId,
      now,
    });
  }

  if (expired.length > 0) {
    await appendEvents(tx, {
      subject: `customer/${customerId}`,
      events: expired.map(({ grantId, remaining }) => ({
        type: 'customer.credit.expired',
        payload: { customerId, creditGrantId: grantId, amount: remaining, currency },
      })),
      now,
    });
  }

  return balance - remainingOf(expired);
}
