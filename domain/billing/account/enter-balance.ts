import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BillingParty } from './billing-party';
import { drawBack, drawToLeave, drawToPay, type GrantDraw } from './credit-grant-rules';
import { readDrawnGrants, readGrantsLeft } from './read-grants';

export interface NewBalanceEntry {
  /** Reserved by who asks; none: the next one. */
  entryId?: number;
  party: Pick<BillingParty, 'billingAccountId'>;
  kind:
    | 'credit_note'
    | 'applied'
    | 'late_payment'
    | 'adjustment'
    | 'returned'
    | 'refunded'
    | 'refund_failed'
    | 'granted'
    | 'expired'
    | 'paid_out';
  /** minor units: positive is credit given, negative credit used */
  amount: number;
  invoiceId?: number;
  creditNoteId?: number;
  paymentId?: number;
  /** The grant that gives it, or that expires. */
  creditGrantId?: number;
  /** Of the transfer by which it was paid out. */
  reference?: string;
  notes?: string;
  now: Date;
}

const Entry = z.object({ id: dbInteger, balance_after: dbInteger });

/**
 * Enters an amount into the append-only ledger of a billing account, and moves its balance with it (D21), and what is left
 * of the grants that it uses. The account's row is locked by it, after the subject and before the counter (D8).
 * @returns what it took from grants, or gave back to them
 */
export async function enterBalance(tx: TenantSql, input: NewBalanceEntry): Promise<readonly GrantDraw[]> {
  if (input.amount === 0) {
    return [];
  }
  const entryId =
    input.entryId === undefined
      ? Prisma.sql`nextval('finance.balance_entries_id_seq')`
      : Prisma.sql`${input.entryId}::bigint`;
  const [entry] = await tx.query(
    Entry,
    Prisma.sql`
      WITH account AS (
        UPDATE finance.billing_accounts SET balance = balance + ${input.amount}::bigint, updated_at = ${input.now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${input.party.billingAccountId}::bigint
        RETURNING id, balance, currency)
      INSERT INTO finance.balance_entries (id, company_id, billing_account_id, kind, amount, balance_after, currency, invoice_id, credit_note_id, payment_id,
        credit_grant_id, reference, notes, created_at)
      SELECT ${entryId}, ${tx.companyId}::bigint, account.id, ${input.kind}, ${input.amount}::bigint, account.balance, account.currency,
             ${input.invoiceId ?? null}::bigint, ${input.creditNoteId ?? null}::bigint, ${input.paymentId ?? null}::bigint,
             ${input.creditGrantId ?? null}::bigint, ${input.reference ?? null}, ${input.notes ?? null}, ${input.now}::timestamptz
        FROM account
      RETURNING id, balance_after`,
  );

  if (entry === undefined) {
    throw new Error(`Billing account ${input.party.billingAccountId} is gone.`);
  }
  const draws = await drawsOf(tx, input, entry.balance_after - input.amount);

  if (draws.length > 0) {
    await saveDraws(tx, { entryId: entry.id, draws, now: input.now });
  }

  return draws;
}

/** Under the lock of the account, which the entry has taken. */
async function drawsOf(tx: TenantSql, input: NewBalanceEntry, balance: number): Promise<GrantDraw[]> {
  const { kind, amount, creditGrantId, party } = input;

  switch (kind) {
    case 'granted':
    case 'adjustment':
    case 'late_payment':
      return [];
    case 'expired':
      return creditGrantId === undefined ? [] : [{ grantId: creditGrantId, amount: -amount }];
    case 'applied':
      return drawToPay(await readGrantsLeft(tx, party.billingAccountId), -amount);
    case 'refunded':
    case 'paid_out':
      return drawToLeave(await readGrantsLeft(tx, party.billingAccountId), balance, -amount);
    case 'credit_note':
    case 'returned':
    case 'refund_failed':
      return drawBack(await readDrawnGrants(tx, party.billingAccountId, input), amount);
  }
}

async function saveDraws(
  tx: TenantSql,
  { entryId, draws, now }: { entryId: number; draws: readonly GrantDraw[]; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`
      WITH drawn AS (
        INSERT INTO finance.credit_grant_draws (company_id, credit_grant_id, balance_entry_id, amount)
        SELECT ${tx.companyId}::bigint, d."grantId", ${entryId}::bigint, d.amount
          FROM jsonb_to_recordset(${JSON.stringify(draws)}::jsonb) AS d("grantId" bigint, amount bigint)
        RETURNING credit_grant_id, amount)
      UPDATE finance.credit_grants g SET remaining = g.remaining - drawn.amount, updated_at = ${now}::timestamptz
        FROM drawn WHERE g.company_id = ${tx.companyId}::bigint AND g.id = drawn.credit_grant_id`);
}
