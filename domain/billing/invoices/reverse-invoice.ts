import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import type { BillingParty } from '../account/billing-party';
import { creditShare } from '../credit-notes/credit-line-rules';
import { returnCredit } from '../account/return-credit';
import { ONE } from '../../money/ratio-rules';
import { cancelWaiting } from '../../payments/move-payments';
import { releaseInvoice } from '../service-guard/guard-service';
import { voidUnpaidInvoice } from './settle-invoice';
import type { CreditNoteLineInput } from '../credit-notes/credit-note-rules';
import { type CreditableLine, readCreditableLines } from '../credit-notes/read-creditable-lines';
import { type CreditReason, writeCreditNote } from '../credit-notes/write-credit-note';

const Row = z.object({
  status: z.string(),
  paid_amount: dbInteger,
  credited_amount: dbInteger,
  balance_applied: dbInteger,
  is_charged: z.boolean(),
});

/**
 * Takes a final invoice of a subscription back (D18, D22): void when nothing was paid or credited of it, otherwise by a
 * credit note over all that is left, whose money becomes account credit. Its service may be billed again.
 * @throws AppError charge_in_flight while a saved method is being charged for it; invoice_state for a draft
 */
export async function reverseInvoice(
  tx: TenantSql,
  input: {
    invoiceId: number;
    subscriptionId: number;
    reason: Extract<CreditReason, 'reissue' | 'void' | 'cancellation'>;
    party: BillingParty;
    settings: Settings;
    now: Date;
  },
): Promise<'voided' | 'credited' | 'unchanged'> {
  const { invoiceId, now } = input;
  const [invoice] = await tx.query(
    Row,
    Prisma.sql`
      SELECT i.status, i.paid_amount, i.credited_amount, i.balance_applied,
             EXISTS (SELECT FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.status = 'initiated'
                        AND p.payment_method_id IS NOT NULL) AS is_charged
        FROM finance.invoices i
       WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint AND i.subscription_id = ${input.subscriptionId}::bigint FOR UPDATE`,
  );

  if (invoice === undefined) {
    throw new AppError('not_found', { detail: `There is no invoice ${invoiceId}.` });
  }

  if (invoice.is_charged) {
    throw chargeInFlight();
  }
  await tx.write(releaseInvoice(tx.companyId, invoiceId, now));

  if (invoice.status === 'void') {
    return 'unchanged';
  }

  if (isUntouched({ status: invoice.status, paid: invoice.paid_amount, credited: invoice.credited_amount })) {
    await voidInvoice(tx, input, invoice.balance_applied);

    return 'voided';
  }
  const lines = await readCreditableLines(tx, Prisma.sql`l.invoice_id = ${invoiceId}::bigint`);
  await writeCreditNote(tx, {
    ...input,
    subject: `subscription/${input.subscriptionId}`,
    lines: lines.map(creditAllOf),
    now,
  });

  return 'credited';
}

/** Nothing was paid or credited of it: it can be void. */
export function isUntouched(invoice: { status: string; paid: number; credited: number }): boolean {
  return invoice.status !== 'paid' && invoice.paid === 0 && invoice.credited === 0;
}

/** All that is left of a line. */
export function creditAllOf({ lineId, description, billed, basis, taxesLeft }: CreditableLine): CreditNoteLineInput {
  return {
    lineId,
    description,
    credit: creditShare(billed, ONE),
    taxesLeft,
    discountTiming: billed.discountTiming,
    startsAt: basis === null ? null : new Date(basis.service.startsAt),
    endsAt: basis === null ? null : new Date(basis.service.endsAt),
  };
}

export function chargeInFlight(): AppError {
  return new AppError('charge_in_flight', {
    detail: 'The invoice is being charged; try again when that has an answer.',
  });
}

/** Credit that was used on it goes back to the account. */
async function voidInvoice(
  tx: TenantSql,
  {
    invoiceId,
    subscriptionId,
    party,
    now,
  }: { invoiceId: number; subscriptionId: number; party: BillingParty; now: Date },
  balanceApplied: number,
): Promise<void> {
  await tx.write(Prisma.sql`
      WITH closed AS (${cancelWaiting(tx.companyId, invoiceId, now)}) ${voidUnpaidInvoice(tx.companyId, invoiceId, now)}`);
  await returnCredit(tx, { party, kind: 'returned', amount: balanceApplied, invoiceId, now });
  await appendEvents(tx, {
    subject: `subscription/${subscriptionId}`,
    events: [{ type: 'invoice.updated', payload: { invoiceId, subscriptionId, status: 'void' } }],
    now,
  });
}
