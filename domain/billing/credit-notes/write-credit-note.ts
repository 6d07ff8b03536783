import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { appendEvents } from '../../events/append-events';
import type { DomainEvent } from '../../events/event-types';
import type { BillingParty } from '../account/billing-party';
import { releaseInvoice } from '../service-guard/guard-service';
import {
  type CreditDestination,
  type CreditNoteLineInput,
  draftCreditNote,
  isOwed,
  type TaxedCreditLine,
  withCreditedTaxes,
} from './credit-note-rules';
import { returnCredit } from '../account/return-credit';
import { creditNoteNumbering } from '../invoices/invoice-document';
import { toSafeNumber } from '../../money/money-rules';
import { enqueueNotices } from '../../notifications/enqueue-notices';
import { supersedeWaiting } from '../../payments/move-payments';
import { creditInvoice } from '../invoices/settle-invoice';
import { counterExpression, numberExpression } from '../invoices/next-number';

export type CreditReason = 'plan_change' | 'pause' | 'cancellation' | 'reissue' | 'void' | 'adjustment' | 'refund';

export interface WrittenCreditNote {
  creditNoteId: number;
  invoiceId: number;
  /** negative, minor units */
  totalAmount: number;
  reducedDue: number;
  toBalance: number;
  toPayment: number;
  /** Of the invoice, after it: void when nothing is left of it. */
  status: string;
  /** The invoice is settled: nothing of it is to be paid any more. */
  isSettled: boolean;
  /** It was this note that settled it, and no money that came. */
  settled: 'by_credit' | null;
}

const Invoice = z.object({
  credit_note_id: dbInteger,
  status: z.string(),
  total_amount: dbInteger,
  taken_back: dbInteger,
  due_amount: dbInteger,
  kept: dbInteger,
  currency: z.string(),
});

/**
 * Writes one credit note for lines of one final invoice (D8, D21; what it comes to: credit-note-rules.ts). Numbered without
 * gaps, in a series of its own. The account's row is locked with the invoice's, because its credit is entered after the
 * number was taken and the counter comes last (D8).
 * @returns null when the lines give nothing back
 */
export async function writeCreditNote(
  tx: TenantSql,
  input: {
    invoiceId: number;
    /** Reserved by who asks; absent: the sequence gives one. */
    creditNoteId?: number | undefined;
    reason: CreditReason;
    lines: readonly CreditNoteLineInput[];
    to?: CreditDestination;
    party: BillingParty;
    settings: Settings;
    subject: string;
    notes?: string;
    now: Date;
  },
): Promise<WrittenCreditNote | null> {
  const { invoiceId, party, now } = input;
  const [invoice] = await tx.query(
    Invoice,
    Prisma.sql`
      SELECT coalesce(${input.creditNoteId ?? null}::bigint, nextval('finance.credit_notes_id_seq')) AS credit_note_id, i.status, i.total_amount, i.due_amount,
             i.paid_amount + i.balance_applied - i.returned_amount AS kept, i.currency,
             (SELECT coalesce(-sum(c.total_amount), 0)::bigint FROM finance.credit_notes c WHERE c.company_id = i.company_id AND c.invoice_id = i.id) AS taken_back
        FROM finance.invoices i JOIN finance.billing_accounts a ON a.company_id = i.company_id AND a.id = i.billing_account_id
       WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint FOR UPDATE OF i FOR NO KEY UPDATE OF a`,
  );

  if (invoice === undefined) {
    throw new Error(`Invoice ${invoiceId} is gone.`);
  }
  const { to = 'balance' } = input;
  const draft = draftCreditNote(
    {
      status: invoice.status,
      totalAmount: invoice.total_amount,
      dueAmount: invoice.due_amount,
      kept: invoice.kept,
      takenBack: invoice.taken_back,
    },
    input.lines,
    to,
  );

  if (draft === null) {
    return null;
  }
  const { refundId = null, reserved = 0 } = to === 'balance' ? {} : to;
  const { lines, subtotal, tax, discount, ...amounts } = draft;
  const numbering = creditNoteNumbering(input.settings, party.isTest);
  const isSettled = !isOwed(amounts);
  const note: WrittenCreditNote = {
    creditNoteId: invoice.credit_note_id,
    invoiceId,
    ...amounts,
    isSettled,
    settled: isOwed(invoice) && isSettled ? 'by_credit' : null,
  };
  const [written] = await tx.query(
    z.object({ number: z.string() }),
    Prisma.sql`
      WITH credited AS (${creditInvoice(tx.companyId, invoiceId, { ...amounts, reserved }, now)}),
      set_aside AS (${supersedeWaiting(tx.companyId, invoiceId, now, note.reducedDue > 0)}), ${counterExpression(tx.companyId, numbering)}, note AS (
        INSERT INTO finance.credit_notes (id, company_id, credit_note_number, billing_account_id, customer_id, invoice_id, reason, notes, subtotal, tax,
          discount, total_amount, reduced_due, to_balance, to_payment, refund_id, currency, created_at)
        SELECT ${note.creditNoteId}::bigint, ${tx.companyId}::bigint, ${numberExpression(numbering)},
               ${party.billingAccountId}::bigint, ${party.customerId}::bigint, ${invoiceId}::bigint, ${input.reason}, ${input.notes ?? null},
               ${subtotal}::bigint, ${tax}::bigint, ${discount}::bigint, ${note.totalAmount}::bigint, ${note.reducedDue}::bigint,
               ${note.toBalance}::bigint, ${note.toPayment}::bigint, ${refundId}::bigint, ${invoice.currency}, ${now}::timestamptz
          FROM counter RETURNING id, credit_note_number
      )
      INSERT INTO finance.credit_note_lines (company_id, credit_note_id, line_no, invoice_line_id, description, subtotal, discount, tax, taxes, period_start, period_end)
      SELECT ${tx.companyId}::bigint, note.id, l."lineNo", l."lineId", l.description, l.subtotal, l.discount, l.tax, l.taxes, l."startsAt", l."endsAt"
        FROM note, jsonb_to_recordset(${JSON.stringify(withCreditedTaxes(lines).map(toColumns))}::jsonb) AS l("lineNo" int, "lineId" bigint, description text, subtotal bigint,
             discount bigint, tax bigint, taxes jsonb, "startsAt" timestamptz, "endsAt" timestamptz)
      RETURNING (SELECT credit_note_number FROM note) AS number`,
  );
  // Credited in full, its service may be billed again (D22).
  if (note.status === 'void') {
    await tx.write(releaseInvoice(tx.companyId, invoiceId, now));
  }
  await returnCredit(tx, {
    party,
    kind: 'credit_note',
    amount: note.toBalance,
    invoiceId,
    creditNoteId: note.creditNoteId,
    now,
  });
  await appendEvents(tx, { subject: input.subject, events: eventsOf(note, { ...input, invoice }), now });

  // What goes back by the way it came is told when it does; where a code had taken all of it off, nothing does.
  if (written !== undefined && input.reason !== 'reissue' && note.toPayment === 0 && note.totalAmount !== 0) {
    const { customerId, locale, isTest } = party;
    const creditNote = { number: written.number, amount: -note.totalAmount, toBalance: note.toBalance };
    await enqueueNotices(tx, {
      recipient: { customerId, locale, isTest, subject: input.subject },
      notices: [{ kind: 'credit_note', data: { creditNote, currency: invoice.currency }, invoiceId }],
      now,
    });
  }

  return note;
}

function toColumns({ lineId, description, credit, taxes, startsAt, endsAt }: TaxedCreditLine, index: number) {
  return {
    lineNo: index + 1,
    lineId,
    description,
    subtotal: toSafeNumber(credit.amount),
    discount: toSafeNumber(credit.discount),
    tax: toSafeNumber(credit.tax),
    taxes,
    startsAt: startsAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
  };
}

function eventsOf(
  { status, isSettled: _isSettled, settled: _settled, ...amounts }: WrittenCreditNote,
  { reason, invoice }: { reason: CreditReason; invoice: z.output<typeof Invoice> },
): DomainEvent[] {
  const isChanged = amounts.reducedDue > 0 || amounts.toPayment > 0 || status !== invoice.status;

  return [
    { type: 'credit_note.created', payload: { ...amounts, reason, currency: invoice.currency } },
    ...(isChanged
      ? [
          {
            type: 'invoice.updated' as const,
            payload: { invoiceId: amounts.invoiceId, status, reducedDue: amounts.reducedDue },
          },
        ]
      : []),
  ];
}
