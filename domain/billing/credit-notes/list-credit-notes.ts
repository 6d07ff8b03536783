import { toNumber } from '../../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { summariseTaxes, taxesOfLine } from '../taxes/tax-summary-rules';
import { taxedLine } from '../taxes/taxed-line';

const parts = {
  lines: {
    orderBy: { lineNo: 'asc' },
    include: { invoiceLine: { select: { taxRatePpm: true, basis: true, invoice: { select: { metadata: true } } } } },
  },
  billingAccount: true,
} as const;
export type CreditNoteRow = Prisma.CreditNoteGetPayload<{ include: typeof parts }>;

export interface CreditNoteFilter {
  id?: number | undefined;
  customerId?: number | undefined;
  invoiceId?: number | undefined;
  before: number | null;
  limit: number;
}

/** Credit notes of the company, newest first. */
export function listCreditNotes(
  tx: TenantTransaction,
  { before, limit, ...equal }: CreditNoteFilter,
): Promise<CreditNoteRow[]> {
  const where: Prisma.CreditNoteWhereInput = {
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(before === null ? {} : { AND: { id: { lt: before } } }),
  };

  return tx.orm.creditNote.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: parts });
}

/** A credit note as the API shows it: its amounts are negative, in minor units. */
export function viewCreditNote(row: CreditNoteRow) {
  const { timeZone } = row.billingAccount;

  return {
    id: toNumber(row.id),
    creditNoteNumber: row.creditNoteNumber,
    customerId: toNumber(row.customerId),
    invoiceId: toNumber(row.invoiceId),
    reason: row.reason,
    notes: row.notes,
    subtotal: toNumber(row.subtotal),
    tax: toNumber(row.tax),
    discount: toNumber(row.discount),
    totalAmount: toNumber(row.totalAmount),
    reducedDue: toNumber(row.reducedDue),
    toBalance: toNumber(row.toBalance),
    toPayment: toNumber(row.toPayment),
    refundId: row.refundId === null ? null : toNumber(row.refundId),
    currency: row.currency,
    taxes: summariseTaxes(row.lines.map(({ invoiceLine, ...line }) => taxedLine({ ...invoiceLine, ...line }))),
    lines: row.lines.map((line) => ({
      lineNo: line.lineNo,
      invoiceLineId: toNumber(line.invoiceLineId),
      description: line.description,
      subtotal: toNumber(line.subtotal),
      discount: toNumber(line.discount),
      tax: toNumber(line.tax),
      taxes: taxesOfLine(taxedLine({ ...line.invoiceLine, ...line })),
      periodStart: formatOptionalInstant(line.periodStart, timeZone),
      periodEnd: formatOptionalInstant(line.periodEnd, timeZone),
    })),
    createdAt: formatInstant(row.createdAt, timeZone),
  };
}
