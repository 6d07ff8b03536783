import { z } from 'zod';

import { toNumber } from '../../../platform/db/columns';
import type { Prisma } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { summariseTaxes, taxesOfLine } from '../taxes/tax-summary-rules';
import { taxedLine } from '../taxes/taxed-line';
import { buyerOf } from './invoice-buyer';
import { lastSecondOf } from '../../calendar/zoned-calendar';

/** What an invoice's row is read with. */
export const invoiceParts = { lines: { orderBy: { lineNo: 'asc' } }, billingAccount: true } as const;

export type InvoiceRow = Prisma.InvoiceGetPayload<{ include: typeof invoiceParts }>;

const PromotionDiscounts = z.array(z.object({ promotionId: z.int(), code: z.string(), amount: z.int() }));

const optionalId = (value: bigint | null) => (value === null ? null : toNumber(value));

/** An invoice as the API shows it: amounts in minor units, times in the zone of the billing account. */
export function viewInvoice(row: InvoiceRow) {
  const timeZone = row.billingAccount.timeZone;
  const buyer = row.finalisedAt === null ? null : buyerOf(row.snapshot);
  const maybe = (date: Date | null) => formatOptionalInstant(date, timeZone);

  return {
    id: toNumber(row.id),
    invoiceNumber: row.invoiceNumber,
    invoiceType: row.invoiceType,
    status: row.status,
    customerId: toNumber(row.customerId),
    orderId: optionalId(row.orderId),
    orderNumber: row.orderNumber,
    subscriptionId: optionalId(row.subscriptionId),
    subtotal: toNumber(row.subtotal),
    tax: toNumber(row.tax),
    discount: toNumber(row.discount),
    totalAmount: toNumber(row.totalAmount),
    dueAmount: toNumber(row.dueAmount),
    paidAmount: toNumber(row.paidAmount),
    balanceApplied: toNumber(row.balanceApplied),
    creditedAmount: toNumber(row.creditedAmount),
    purpose: row.purpose,
    currency: row.currency,
    dueDate: maybe(row.dueDate),
    periodStart: maybe(row.periodStart),
    periodEnd: maybe(row.periodEnd),
    periodThrough:
      row.periodEnd && formatInstant(new Date(lastSecondOf({ endsAt: row.periodEnd.getTime() })), timeZone),
    notes: row.notes,
    buyer,
    taxNote: buyer?.taxStatus === 'reverse_charge' ? ('reverse_charge' as const) : null,
    metadata: row.metadata,
    taxes: summariseTaxes(row.lines.map((line) => taxedLine({ ...line, invoice: row }))),
    lines: row.lines.map((line) => ({
      lineNo: line.lineNo,
      description: line.description,
      productId: optionalId(line.productId),
      planId: optionalId(line.planId),
      item: line.item,
      quantity: line.quantity,
      unitAmount: toNumber(line.unitAmount),
      taxBehavior: line.taxBehavior,
      subtotal: toNumber(line.subtotal),
      discount: toNumber(line.discount),
      taxRatePpm: line.taxRatePpm,
      tax: toNumber(line.tax),
      taxes: taxesOfLine(taxedLine({ ...line, invoice: row })),
      promotionDiscounts: PromotionDiscounts.parse(line.promotionDiscounts ?? []),
      periodStart: maybe(line.periodStart),
      periodEnd: maybe(line.periodEnd),
      usage: line.usage,
    })),
    finalisedAt: maybe(row.finalisedAt),
    paidAt: maybe(row.paidAt),
    voidedAt: maybe(row.voidedAt),
    overdueAt: maybe(row.overdueAt),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
