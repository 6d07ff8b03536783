import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BillingParty } from './billing-party';

/**
 * Enters an amount into the append-only ledger of a billing account, and moves its balance with it (D21). The account's row
 * is locked by it, after the subject and before the counter (D8).
 * @param input.amount minor units: positive is credit given, negative credit used
 */
export async function enterBalance(
  tx: TenantSql,
  input: {
    party: Pick<BillingParty, 'billingAccountId'>;
    kind: 'credit_note' | 'applied' | 'late_payment' | 'adjustment' | 'returned' | 'refunded' | 'refund_failed';
    amount: number;
    invoiceId?: number;
    creditNoteId?: number;
    paymentId?: number;
    notes?: string;
    now: Date;
  },
): Promise<void> {
  if (input.amount === 0) {
    return;
  }
  await tx.query(
    dbNothing,
    Prisma.sql`
      WITH account AS (
        UPDATE finance.billing_accounts SET balance = balance + ${input.amount}::bigint, updated_at = ${input.now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${input.party.billingAccountId}::bigint
        RETURNING id, balance, currency)
      INSERT INTO finance.balance_entries (company_id, billing_account_id, kind, amount, balance_after, currency, invoice_id, credit_note_id, payment_id,
        notes, created_at)
      SELECT ${tx.companyId}::bigint, account.id, ${input.kind}, ${input.amount}::bigint, account.balance, account.currency,
             ${input.invoiceId ?? null}::bigint, ${input.creditNoteId ?? null}::bigint, ${input.paymentId ?? null}::bigint, ${input.notes ?? null},
             ${input.now}::timestamptz
        FROM account`,
  );
}
