import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { formatMoney } from '../../money/currency-rules';
import { enterBalance } from './enter-balance';
import { assertCurrency, lockAccountOf } from './lock-account';

export interface PayOutCredit {
  /** Reserved by who asks. */
  entryId: number;
  customerId: number;
  /** minor units, above 0 */
  amount: number;
  currency: string | null;
  /** Of the transfer, as the bank shows it. */
  reference: string;
  notes: string | null;
  now: Date;
}

/**
 * Records that a person has paid credit out, by a transfer of their own: money that was received first, then what expires
 * last. Idempotent by the reserved id.
 * @throws AppError not_found, currency_mismatch, payout_exceeds_balance
 */
export async function payOutCredit(tx: TenantSql, input: PayOutCredit): Promise<void> {
  const { entryId, customerId, amount, reference } = input;
  const account = await lockAccountOf(tx, input);
  const known = await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM finance.balance_entries WHERE company_id = ${tx.companyId}::bigint AND id = ${entryId}::bigint`,
  );

  if (known.length > 0) {
    return;
  }
  assertCurrency(account, input.currency);
  const { balance, currency, now } = account;

  if (amount > balance) {
    throw new AppError('payout_exceeds_balance', {
      field: '/amount',
      detail: `The account has ${formatMoney(balance, currency)} of credit.`,
      params: { balance },
    });
  }
  await enterBalance(tx, {
    entryId,
    party: account,
    kind: 'paid_out',
    amount: -amount,
    reference,
    notes: input.notes ?? undefined,
    now,
  });
  await appendEvents(tx, {
    subject: `customer/${customerId}`,
    events: [
      {
        type: 'customer.credit.paid_out',
        payload: { customerId, balanceEntryId: entryId, amount, currency, reference },
      },
    ],
    now,
  });
}
