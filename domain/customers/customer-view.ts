import { toNumber, toShownSum } from '../../platform/db/columns';
import type { Prisma } from '../../platform/db/database';
import { formatInstant } from '../../platform/instant';

/** What a customer's row is read with. */
export const customerParts = { billingAccount: true } as const;

export type CustomerRow = Prisma.CustomerGetPayload<{ include: typeof customerParts }>;
export type CustomerView = ReturnType<typeof viewCustomer>;

/** A customer as the API shows it; times in the zone of the billing account. */
export function viewCustomer(row: CustomerRow) {
  const account = row.billingAccount;
  const timeZone = account?.timeZone;

  return {
    id: toNumber(row.id),
    userId: row.userId === null ? null : toNumber(row.userId),
    name: row.name,
    email: row.email,
    phone: row.phone,
    segment: row.segment,
    daysUntilDue: row.daysUntilDue,
    taxStatus: row.taxStatus,
    taxExemptReason: row.taxExemptReason,
    taxCode: row.taxCode,
    legalName: row.legalName,
    billingAddress: row.billingAddress,
    country: row.country,
    lifecycleStage: row.lifecycleStage,
    totalSpent: toShownSum(row.totalSpent),
    orderCount: row.orderCount,
    testClockId: row.testClockId === null ? null : toNumber(row.testClockId),
    billingAccount:
      account === null
        ? null
        : {
            id: toNumber(account.id),
            currency: account.currency,
            timeZone: account.timeZone,
            locale: account.locale,
          },
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
