import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { DomainEvent } from '../../events/event-types';
import { finalSnapshot } from './invoice-document';
import type { Numbering } from './invoice-numbering-rules';
import { counterExpression, numberExpression } from './next-number';

export interface FinaliseInvoice {
  invoiceId: number;
  /** `open`: issued, still to be paid. `paid`: settled in full, by money received and account credit. */
  status: 'open' | 'paid';
  /** Account credit used on it, minor units (D21). */
  balanceApplied?: number;
  numbering: Numbering;
  /** Seller, buyer, tax, locale and template version as they are now; never read from elsewhere again (D8). How the buyer is
   * taxed stays as the draft has it. */
  snapshot: Record<string, unknown>;
  dueDate: Date | null;
  /** Of the subject that owns the invoice; `invoice.updated` among them gets the number. */
  subject: string;
  events: readonly DomainEvent[];
  now: Date;
}

const Numbered = z.object({ invoice_number: z.string() });

/**
 * Numbers a draft invoice and makes it final (D8). Must be the last statement of its transaction, under the lock of its
 * subject: the counter's row is held from here to the commit, and a rollback gives the number back, so there is no gap.
 * @returns the invoice number, such as `INV-000042`
 * @throws Error when the invoice is final already
 */
export async function finaliseInvoice(tx: TenantSql, input: FinaliseInvoice): Promise<string> {
  const { balanceApplied = 0 } = input;
  const isPaid = input.status === 'paid';
  const [row] = await tx.query(
    Numbered,
    Prisma.sql`
      WITH ${counterExpression(tx.companyId, input.numbering)}, numbered AS (
        UPDATE finance.invoices i
           SET invoice_number = ${numberExpression(input.numbering)},
               status = ${input.status}, finalised_at = ${input.now}::timestamptz, updated_at = ${input.now}::timestamptz,
               snapshot = ${finalSnapshot(input.snapshot)}, due_date = coalesce(${input.dueDate}::timestamptz, i.due_date),
               paid_at = CASE WHEN ${isPaid} THEN ${input.now}::timestamptz END,
               balance_applied = ${balanceApplied}::bigint,
               paid_amount = CASE WHEN ${isPaid} THEN i.total_amount - ${balanceApplied}::bigint ELSE i.paid_amount END,
               due_amount = CASE WHEN ${isPaid} THEN 0 ELSE i.due_amount - ${balanceApplied}::bigint END
          FROM counter
         WHERE counter.series = ${input.numbering.series} AND i.company_id = ${tx.companyId}::bigint AND i.id = ${input.invoiceId}::bigint
           AND i.finalised_at IS NULL
        RETURNING i.invoice_number
      )
      SELECT n.invoice_number, platform.append_events(${tx.companyId}::bigint, ${input.subject}, ${input.now}::timestamptz, (
               SELECT jsonb_agg(CASE WHEN e.event ->> 'type' IN ('invoice.updated', 'invoice.created')
                                     THEN jsonb_set(e.event, '{payload,invoiceNumber}', to_jsonb(n.invoice_number)) ELSE e.event END ORDER BY e.nth)
                 FROM jsonb_array_elements(${JSON.stringify(input.events)}::jsonb) WITH ORDINALITY AS e (event, nth))) AS last_seq
        FROM numbered n`,
  );

  if (row === undefined) {
    throw new Error(`Invoice ${input.invoiceId} is final already.`);
  }

  return row.invoice_number;
}
