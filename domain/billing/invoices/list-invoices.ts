import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { invoiceParts, type InvoiceRow } from './invoice-view';

export interface InvoiceFilter {
  customerId?: number | undefined;
  orderId?: number | undefined;
  subscriptionId?: number | undefined;
  status?: string | undefined;
  invoiceType?: string | undefined;
  /** As it is printed, or in small letters. */
  number?: string | undefined;
  createdFrom?: Date;
  createdBefore?: Date;
  before: number | null;
  limit: number;
}

/** Invoices of the company, newest first. */
export async function listInvoices(tx: TenantTransaction, filter: InvoiceFilter): Promise<InvoiceRow[]> {
  const { before, limit, number, createdFrom, createdBefore, ...equal } = filter;
  const where: Prisma.InvoiceWhereInput = {
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(before === null ? {} : { id: { lt: before } }),
    ...(number === undefined ? {} : { invoiceNumber: { in: [number, number.toUpperCase()] } }),
    createdAt: { ...(createdFrom && { gte: createdFrom }), ...(createdBefore && { lt: createdBefore }) },
  };

  return tx.orm.invoice.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: invoiceParts });
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
