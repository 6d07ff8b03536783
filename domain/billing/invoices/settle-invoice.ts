import { Prisma } from '../../../platform/db/database';

/*
 * Statements that move the money of an invoice, each to stand by itself or as a common table expression of a larger one
 * (D9). What was received for it (paid_amount, less what was refunded, and balance_applied) is kept, but for returned_amount:
 * what became account credit, or is reserved by refunds under way. The database refuses to return more than was received.
 */

/** All of an open invoice is paid at once: cash on delivery, whose invoice was numbered before (D8). */
export function payOpenInvoice(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET status = 'paid', paid_amount = total_amount, due_amount = 0, paid_at = ${now}::timestamptz,
               updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint AND status = 'open' RETURNING id`;
}

/** Money that has come pays what is due, late for an invoice that was given up (D23). */
export function payInvoicePart(companyId: number, invoiceId: number, amount: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET paid_amount = paid_amount + ${amount}::bigint, due_amount = due_amount - ${amount}::bigint,
               status = CASE WHEN due_amount = ${amount}::bigint THEN 'paid' ELSE status END,
               paid_at = CASE WHEN due_amount = ${amount}::bigint THEN ${now}::timestamptz ELSE paid_at END, updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint AND status IN ('open', 'uncollectible') RETURNING id`;
}

/** A draft, or an invoice that nothing was paid or credited of, is void; credit that was used on it goes back. */
export function voidUnpaidInvoice(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET status = 'void', due_amount = 0, returned_amount = balance_applied, voided_at = ${now}::timestamptz,
               updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint AND status IN ('draft', 'open', 'uncollectible') RETURNING id`;
}

export interface InvoiceCredit {
  /** What is no longer due; minor units, as the rest. */
  reducedDue: number;
  /** What was received and becomes account credit. */
  toBalance: number;
  /** What was received and goes back by the way it came. */
  toPayment: number;
  /** What its refund had reserved. */
  reserved: number;
  /** Where the invoice stands after it. */
  status: string;
}

/** What a credit note takes back is taken off. */
export function creditInvoice(companyId: number, invoiceId: number, credit: InvoiceCredit, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET credited_amount = credited_amount + ${credit.reducedDue + credit.toPayment}::bigint,
               due_amount = due_amount - ${credit.reducedDue}::bigint, paid_amount = paid_amount - ${credit.toPayment}::bigint,
               returned_amount = returned_amount + ${credit.toBalance}::bigint - ${credit.reserved}::bigint, status = ${credit.status},
               voided_at = CASE WHEN ${credit.status} = 'void' THEN coalesce(voided_at, ${now}::timestamptz) END, updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint RETURNING id`;
}

/** A refund under way reserves what was received; a negative amount gives back what a failed one had reserved. */
export function reserveReturn(companyId: number, invoiceId: number, amount: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET returned_amount = returned_amount + ${amount}::bigint, updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint RETURNING id`;
}
