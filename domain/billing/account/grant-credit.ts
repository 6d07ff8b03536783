import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { formatMoney } from '../../money/currency-rules';
import { enterBalance } from './enter-balance';
import { assertCurrency, lockAccountOf } from './lock-account';

export interface GrantCredit {
  /** Reserved by who asks. */
  creditGrantId: number;
  customerId: number;
  /** minor units, above 0 */
  amount: number;
  /** Of the amount; null: the account's. */
  currency: string | null;
  reason: string;
  /** From this instant on it pays nothing any more; null: it does not expire. */
  expiresAt: Date | null;
  now: Date;
}

/**
 * A person gives a customer credit: it pays the next invoices first, and what is left of it when it expires is taken back
 * (D21). Idempotent by the reserved id.
 * @throws AppError not_found, currency_mismatch, amount_out_of_range, invalid_date_sequence when it would have expired already
 */
export async function grantCredit(tx: TenantSql, input: GrantCredit): Promise<void> {
  const { creditGrantId, customerId, amount, reason, expiresAt } = input;
  const account = await lockAccountOf(tx, input);
  const known = await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM finance.credit_grants WHERE company_id = ${tx.companyId}::bigint AND id = ${creditGrantId}::bigint`,
  );

  if (known.length > 0) {
    return;
  }
  assertCurrency(account, input.currency);

  if (expiresAt !== null && expiresAt <= account.now) {
    throw new AppError('invalid_date_sequence', {
      field: '/expiresAt',
      detail: `It must lie after ${account.now.toISOString()}.`,
    });
  }
  const { billingAccountId, balance, currency, now } = account;
  const most = Number.MAX_SAFE_INTEGER - balance;

  if (amount > most) {
    throw new AppError('amount_out_of_range', {
      field: '/amount',
      detail: `An account holds at most ${formatMoney(Number.MAX_SAFE_INTEGER, currency)}.`,
      params: { most },
    });
  }
  await tx.write(Prisma.sql`
      INSERT INTO finance.credit_grants (id, company_id, billing_account_id, customer_id, amount, remaining, currency, reason, expires_at, created_at, updated_at)
      VALUES (${creditGrantId}::bigint, ${tx.companyId}::bigint, ${billingAccountId}::bigint, ${customerId}::bigint, ${amount}::bigint, ${amount}::bigint,
        ${currency}, ${reason}, ${expiresAt}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)`);
  await enterBalance(tx, { party: account, kind: 'granted', amount, creditGrantId, notes: reason, now });
  await appendEvents(tx, {
    subject: `customer/${customerId}`,
    events: [
      {
        type: 'customer.credit.granted',
        payload: { customerId, creditGrantId, amount, currency, reason, expiresAt: expiresAt?.toISOString() ?? null },
      },
    ],
    now,
  });
}
