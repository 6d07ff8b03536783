import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import type { BillingParty } from '../account/billing-party';
import { creditOfLine } from './credit-from';
import { creditableLeft, creditAmount, totalCredit } from './credit-line-rules';
import { formatMoney } from '../../money/currency-rules';
import { splitOver } from '../../money/split-rules';
import { type CreditableLine, readCreditableLines } from './read-creditable-lines';
import { writeCreditNote, type WrittenCreditNote } from './write-credit-note';

/**
 * A person takes part of a final invoice back (D8, D21): an amount before tax, spread over its lines by what is left of them;
 * discount and tax follow each line. The service stays billed.
 * @param input.creditNoteId reserved by who asks; absent: the sequence gives one
 * @param input.amount minor units before tax; null: all that is left
 * @throws AppError not_found, invoice_state for drafts and void ones, amount_out_of_range for more than is left
 */
export async function adjustInvoice(
  tx: TenantSql,
  input: {
    invoiceId: number;
    creditNoteId?: number | undefined;
    subscriptionId: number;
    amount: number | null;
    notes: string | null;
    party: BillingParty;
    settings: Settings;
    now: Date;
  },
): Promise<WrittenCreditNote | null> {
  const { invoiceId } = input;
  const [invoice] = await tx.query(
    z.object({ id: dbInteger, status: z.string(), left: dbInteger }),
    Prisma.sql`SELECT i.id, i.status, i.due_amount + i.paid_amount + i.balance_applied - i.returned_amount AS left FROM finance.invoices i WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint
                  AND i.subscription_id = ${input.subscriptionId}::bigint FOR UPDATE`,
  );

  if (invoice === undefined) {
    throw new AppError('not_found', { detail: `There is no invoice ${invoiceId}.` });
  }

  if (invoice.status === 'draft' || invoice.status === 'void') {
    throw new AppError('invoice_state', {
      detail: `The invoice is ${invoice.status}; there is nothing to take back.`,
      params: { state: invoice.status },
    });
  }
  const lines = await readCreditableLines(tx, Prisma.sql`l.invoice_id = ${invoiceId}::bigint`);
  const leftOf = ({ billed }: CreditableLine) => creditableLeft(billed).amount;
  const total = lines.reduce((sum, line) => sum + leftOf(line), 0n);
  const wanted = input.amount === null ? total : BigInt(input.amount);

  if (wanted > total || wanted <= 0n) {
    throw new AppError('amount_out_of_range', {
      field: '/amount',
      detail: `${formatMoney(total, input.party.currency)} is left of the invoice before tax.`,
      params: { creditable: Number(total) },
    });
  }
  const credits = splitOver(lines, wanted, leftOf).map(({ part, share }) =>
    creditOfLine(part, creditAmount(part.billed, share)),
  );

  // What a refund under way has reserved is not there to be taken back twice.
  const wantedBack = totalCredit(credits.map(({ credit }) => credit));

  if (wantedBack > BigInt(invoice.left) && (input.amount !== null || invoice.left <= 0)) {
    throw new AppError('amount_out_of_range', {
      field: '/amount',
      detail: `${formatMoney(BigInt(invoice.left), input.party.currency)} is left of the invoice, tax included; a refund is under way for the rest.`,
      params: { creditable: invoice.left },
    });
  }

  return writeCreditNote(tx, {
    ...input,
    notes: input.notes ?? undefined,
    reason: 'adjustment',
    subject: `subscription/${input.subscriptionId}`,
    lines: credits,
  });
}
