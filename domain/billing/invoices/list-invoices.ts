import { z } from 'zod';

import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { invoiceParts, type InvoiceRow } from './invoice-view';

export interface InvoiceFilter {
  customerId?: number | undefined;
  orderId?: number | undefined;
  subscriptionId?: number | undefined;
  status?: string | undefined;
  invoiceType?: string | undefined;
  /** As it is printed; capitals do not matter. */
  number?: string | undefined;
  createdFrom?: Date;
  createdBefore?: Date;
  before: number | null;
  limit: number;
}

/**
 * Invoices of the company, newest first: by id, or by their instant where a time is asked for, which clocks of tests may set
 * apart from it.
 */
export async function listInvoices(tx: TenantTransaction, filter: InvoiceFilter): Promise<InvoiceRow[]> {
  const { before, limit, number, createdFrom, createdBefore, ...equal } = filter;
  const isByTime = createdFrom !== undefined || createdBefore !== undefined;
  const where: Prisma.InvoiceWhereInput = {
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(before === null ? {} : isByTime ? await earlierThan(tx, before) : { id: { lt: before } }),
    ...(number === undefined ? {} : { invoiceNumber: { in: await numbersLike(tx, number) } }),
    createdAt: { ...(createdFrom && { gte: createdFrom }), ...(createdBefore && { lt: createdBefore }) },
  };
  const orderBy: Prisma.InvoiceOrderByWithRelationInput[] = [
    ...(isByTime ? [{ createdAt: 'desc' as const }] : []),
    { id: 'desc' },
  ];

  return tx.orm.invoice.findMany({ where, orderBy, take: limit, include: invoiceParts });
}

/** Numbers that differ in capitals alone: what stands before them is the company's to choose, and may have been another. */
async function numbersLike(tx: TenantTransaction, number: string): Promise<string[]> {
  const rows = await tx.query(
    z.object({ invoice_number: z.string() }),
    Prisma.sql`SELECT invoice_number FROM finance.invoices WHERE company_id = ${tx.companyId}::bigint AND upper(invoice_number) = upper(${number})`,
  );

  return rows.map(({ invoice_number: found }) => found);
}

/** Behind the last row of the page before, by instant and id. */
async function earlierThan(tx: TenantTransaction, before: number): Promise<Prisma.InvoiceWhereInput> {
  const last = await tx.orm.invoice.findFirst({ where: { id: before }, select: { createdAt: true } });

  return last === null
    ? { id: { lt: before } }
    : {
        AND: [
          { createdAt: { lte: last.createdAt } },
          { OR: [{ createdAt: { lt: last.createdAt } }, { id: { lt: before } }] },
        ],
      };
}

/** @param customerId when given, another customer's invoice is not found */
export async function readInvoice(
  tx: TenantTransaction,
  input: { invoiceId: number; customerId?: number | null },
): Promise<InvoiceRow | null> {
  const { invoiceId, customerId } = input;

  return tx.orm.invoice.findFirst({
    where: { id: invoiceId, ...(customerId == null ? {} : { customerId }) },
    include: invoiceParts,
  });
}
