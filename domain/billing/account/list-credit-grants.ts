import { toNumber } from '../../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';

const parts = { billingAccount: { select: { timeZone: true } } } as const;
type CreditGrantRow = Prisma.CreditGrantGetPayload<{ include: typeof parts }>;

/** Credit that a customer was given by hand, newest first. @param input.before id of the last one of the page before */
export function listCreditGrants(
  tx: TenantTransaction,
  { customerId, before, limit }: { customerId: number; before: number | null; limit: number },
): Promise<CreditGrantRow[]> {
  return tx.orm.creditGrant.findMany({
    where: { customerId, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
    include: parts,
  });
}

/** One that is known to be there. */
export function readCreditGrant(tx: TenantTransaction, creditGrantId: number): Promise<CreditGrantRow> {
  return tx.orm.creditGrant.findUniqueOrThrow({ where: { id: creditGrantId }, include: parts });
}

/** A grant as the API shows it; amounts in minor units, times in the zone of the billing account. */
export function viewCreditGrant({ billingAccount: { timeZone }, ...row }: CreditGrantRow) {
  return {
    id: toNumber(row.id),
    customerId: toNumber(row.customerId),
    amount: toNumber(row.amount),
    remaining: toNumber(row.remaining),
    currency: row.currency,
    reason: row.reason,
    expiresAt: formatOptionalInstant(row.expiresAt, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
  };
}
