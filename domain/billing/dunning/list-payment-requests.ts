import { toNumber } from '../../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';

const parts = {
  campaign: { select: { billingAccount: { select: { timeZone: true } } } },
  invoices: { orderBy: { id: 'asc' }, include: { invoice: { select: { invoiceNumber: true } } } },
} as const;
export type PaymentRequestRow = Prisma.PaymentRequestGetPayload<{ include: typeof parts }>;

/** What a customer was asked to pay by dunning campaigns, newest first. */
export function listPaymentRequests(
  tx: TenantTransaction,
  { customerId, before, limit }: { customerId: number; before: number | null; limit: number },
): Promise<PaymentRequestRow[]> {
  return tx.orm.paymentRequest.findMany({
    where: { customerId, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
    include: parts,
  });
}

/** Amounts in minor units, as they were when it was asked for; instants in the zone of the account. */
export function viewPaymentRequest(row: PaymentRequestRow) {
  return {
    id: toNumber(row.id),
    dunningCampaignId: toNumber(row.dunningCampaignId),
    customerId: toNumber(row.customerId),
    attempt: row.attempt,
    amount: toNumber(row.amount),
    currency: row.currency,
    requestedOn: row.requestedOn.toISOString().slice(0, 10),
    invoices: row.invoices.map((listed) => ({
      invoiceId: toNumber(listed.invoiceId),
      invoiceNumber: listed.invoice.invoiceNumber,
      dueAmount: toNumber(listed.dueAmount),
    })),
    createdAt: formatInstant(row.createdAt, row.campaign.billingAccount.timeZone),
  };
}
