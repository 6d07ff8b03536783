import { Prisma } from '../../../platform/db/database';

/* Statements that settle an invoice, each to stand by itself or as a common table expression of a larger one (D9). */

/** All of an open invoice is paid at once: cash on delivery, whose invoice was numbered before (D8). */
export function payOpenInvoice(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET status = 'paid', paid_amount = total_amount, due_amount = 0, paid_at = ${now}::timestamptz,
               updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint AND status = 'open' RETURNING id`;
}

/** A draft, or an open invoice that nothing was paid or credited of, is void. */
export function voidUnpaidInvoice(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET status = 'void', due_amount = 0, voided_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint AND status IN ('draft', 'open') RETURNING id`;
}

/** A credit note takes off what is still due; where nothing is due then, the invoice is settled. */
export function reduceDue(companyId: number, invoiceId: number, amount: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.invoices SET credited_amount = credited_amount + ${amount}::bigint, due_amount = due_amount - ${amount}::bigint,
               status = CASE WHEN status = 'open' AND due_amount = ${amount}::bigint THEN 'paid' ELSE status END, updated_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${invoiceId}::bigint RETURNING id`;
}
