import { toNumber } from '../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { formatInstant } from '../../platform/instant';

const parts = { balanceEntries: { orderBy: { id: 'desc' }, take: 100 } } as const;
type AccountRow = Prisma.BillingAccountGetPayload<{ include: typeof parts }>;

/** A customer's billing account with the latest entries of its credit ledger (D21); null for an unknown customer. */
export function readBalance(tx: TenantTransaction, customerId: number): Promise<AccountRow | null> {
  return tx.orm.billingAccount.findFirst({ where: { customerId }, include: parts });
}

const optionalId = (value: bigint | null) => (value === null ? null : toNumber(value));

/** The statement of an account's credit, newest first; amounts in minor units. */
export function viewBalance(row: AccountRow) {
  return {
    customerId: toNumber(row.customerId),
    currency: row.currency,
    balance: toNumber(row.balance),
    entries: row.balanceEntries.map((entry) => ({
      id: toNumber(entry.id),
      kind: entry.kind,
      amount: toNumber(entry.amount),
      balanceAfter: toNumber(entry.balanceAfter),
      invoiceId: optionalId(entry.invoiceId),
      creditNoteId: optionalId(entry.creditNoteId),
      paymentId: optionalId(entry.paymentId),
      notes: entry.notes,
      createdAt: formatInstant(entry.createdAt, row.timeZone),
    })),
  };
}
