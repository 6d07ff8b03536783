import { z } from 'zod';

import { dbInteger, dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { appendEvents } from '../../events/append-events';
import type { DomainEvent } from '../../events/event-types';
import { settleCredit } from '../account/account-credit-rules';
import type { BillingParty } from '../account/billing-party';
import { type CreditLine, totalCredit } from './credit-line-rules';
import { enterBalance } from '../account/enter-balance';
import { creditNoteNumbering } from '../invoices/invoice-document';
import { toSafeNumber } from '../../money/money-rules';
import { supersedeWaiting } from '../../payments/move-payments';
import { reduceDue } from '../invoices/settle-invoice';
import { counterExpression, numberExpression } from '../invoices/next-number';

export type CreditReason = 'plan_change' | 'pause' | 'cancellation' | 'reissue' | 'void' | 'adjustment';

export interface CreditNoteLineInput {
  lineId: number;
  description: string;
  credit: CreditLine;
  startsAt: Date | null;
  endsAt: Date | null;
}

export interface WrittenCreditNote {
  creditNoteId: number;
  invoiceId: number;
  /** negative, minor units */
  totalAmount: number;
  reducedDue: number;
  toBalance: number;
  /** The invoice is settled: nothing of it is to be paid any more. */
  isSettled: boolean;
}

const Invoice = z.object({
  credit_note_id: dbInteger,
  status: z.string(),
  due_amount: dbInteger,
  received: dbInteger,
  returned: dbInteger,
  currency: z.string(),
});

/**
 * Writes one credit note for lines of one final invoice (D8, D21): what is still due of it shrinks first, and only money
 * that was received for it becomes account credit. Numbered without gaps, in a series of its own. The account's row is
 * locked with the invoice's, because its credit is entered after the number was taken and the counter comes last (D8).
 * @returns null when the lines give nothing back
 */
export async function writeCreditNote(
  tx: TenantSql,
  input: {
    invoiceId: number;
    reason: CreditReason;
    lines: readonly CreditNoteLineInput[];
    party: BillingParty;
    settings: Settings;
    subject: string;
    notes?: string;
    now: Date;
  },
): Promise<WrittenCreditNote | null> {
  const { invoiceId, party, now } = input;
  const lines = input.lines.filter(({ credit }) => credit.amount !== 0n || credit.tax !== 0n || credit.discount !== 0n);

  if (lines.length === 0) {
    return null;
  }
  const [invoice] = await tx.query(
    Invoice,
    Prisma.sql`
      SELECT nextval('finance.credit_notes_id_seq') AS credit_note_id, i.status, i.due_amount, i.paid_amount + i.balance_applied AS received, i.currency,
             (SELECT coalesce(sum(c.to_balance), 0)::bigint FROM finance.credit_notes c WHERE c.company_id = i.company_id AND c.invoice_id = i.id) AS returned
        FROM finance.invoices i JOIN finance.billing_accounts a ON a.company_id = i.company_id AND a.id = i.billing_account_id
       WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint FOR UPDATE OF i FOR NO KEY UPDATE OF a`,
  );

  if (invoice === undefined) {
    throw new Error(`Invoice ${invoiceId} is gone.`);
  }
  const credits = lines.map(({ credit }) => credit);
  const numbering = creditNoteNumbering(input.settings, party.isTest);
  const due = BigInt(invoice.status === 'open' ? invoice.due_amount : 0);
  const { reducesDue, toAccount } = settleCredit(
    totalCredit(credits),
    due,
    BigInt(invoice.received - invoice.returned),
  );
  const sumOf = (part: 'amount' | 'tax' | 'discount' | 'total') =>
    toSafeNumber(credits.reduce((sum, credit) => sum + credit[part], 0n));
  const note: WrittenCreditNote = {
    creditNoteId: invoice.credit_note_id,
    invoiceId,
    totalAmount: sumOf('total'),
    reducedDue: toSafeNumber(reducesDue),
    toBalance: toSafeNumber(toAccount),
    isSettled: invoice.status !== 'open' || due === reducesDue,
  };
  await tx.query(
    dbNothing,
    Prisma.sql`
      WITH reduced AS (${reduceDue(tx.companyId, invoiceId, note.reducedDue, now)}), set_aside AS (${supersedeWaiting(tx.companyId, invoiceId, now, note.reducedDue > 0)}), ${counterExpression(tx.companyId, numbering)}, note AS (
        INSERT INTO finance.credit_notes (id, company_id, credit_note_number, billing_account_id, customer_id, invoice_id, reason, notes, subtotal, tax,
          discount, total_amount, reduced_due, to_balance, currency, created_at)
        SELECT ${note.creditNoteId}::bigint, ${tx.companyId}::bigint, ${numberExpression(numbering)},
               ${party.billingAccountId}::bigint, ${party.customerId}::bigint, ${invoiceId}::bigint, ${input.reason}, ${input.notes ?? null},
               ${sumOf('amount')}::bigint, ${sumOf('tax')}::bigint, ${sumOf('discount')}::bigint, ${note.totalAmount}::bigint, ${note.reducedDue}::bigint,
               ${note.toBalance}::bigint, ${invoice.currency}, ${now}::timestamptz
          FROM counter RETURNING id
      )
      INSERT INTO finance.credit_note_lines (company_id, credit_note_id, line_no, invoice_line_id, description, subtotal, discount, tax, period_start, period_end)
      SELECT ${tx.companyId}::bigint, note.id, l."lineNo", l."lineId", l.description, l.subtotal, l.discount, l.tax, l."startsAt", l."endsAt"
        FROM note, jsonb_to_recordset(${JSON.stringify(lines.map(toColumns))}::jsonb) AS l("lineNo" int, "lineId" bigint, description text, subtotal bigint,
             discount bigint, tax bigint, "startsAt" timestamptz, "endsAt" timestamptz)`,
  );
  await enterBalance(tx, {
    party,
    kind: 'credit_note',
    amount: note.toBalance,
    invoiceId,
    creditNoteId: note.creditNoteId,
    now,
  });
  await appendEvents(tx, { subject: input.subject, events: eventsOf(note, input.reason, invoice.currency), now });

  return note;
}

function toColumns({ lineId, description, credit, startsAt, endsAt }: CreditNoteLineInput, index: number) {
  return {
    lineNo: index + 1,
    lineId,
    description,
    subtotal: toSafeNumber(credit.amount),
    discount: toSafeNumber(credit.discount),
    tax: toSafeNumber(credit.tax),
    startsAt: startsAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
  };
}

function eventsOf(note: WrittenCreditNote, reason: CreditReason, currency: string): DomainEvent[] {
  const { isSettled, ...amounts } = note;

  return [
    { type: 'credit_note.created', payload: { ...amounts, reason, currency } },
    ...(note.reducedDue > 0
      ? [
          {
            type: 'invoice.updated' as const,
            payload: { invoiceId: note.invoiceId, status: isSettled ? 'paid' : 'open', reducedDue: note.reducedDue },
          },
        ]
      : []),
  ];
}
