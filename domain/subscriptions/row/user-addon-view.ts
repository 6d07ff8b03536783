import { toNumber } from '../../../platform/db/columns';
import type { Prisma } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { viewMeters } from './agreed-meter-view';

/** Add-ons that a subscription has now. */
export const currentAddons = { where: { endedAt: null }, orderBy: { id: 'asc' } } as const;

/** An add-on that was bought, as the API shows it (S244): amounts in minor units, times in the subscription's zone. */
export function viewUserAddon(row: Prisma.UserAddonGetPayload<object>, timeZone: string) {
  const maybe = (date: Date | null) => formatOptionalInstant(date, timeZone);

  return {
    id: toNumber(row.id),
    subscriptionId: toNumber(row.subscriptionId),
    addonId: toNumber(row.addonId),
    key: row.addonKey,
    name: row.addonName,
    price: toNumber(row.price),
    setupFee: toNumber(row.setupFee),
    taxBehavior: row.taxBehavior,
    quantity: row.quantity,
    billingPeriod: row.billingPeriod,
    termPeriods: row.termPeriods,
    status: row.status,
    currentPeriodStart: maybe(row.currentPeriodStart),
    currentPeriodEnd: maybe(row.currentPeriodEnd),
    nextBillingDate: row.nextBillingDate === null ? null : row.nextBillingDate.toISOString().slice(0, 10),
    purchasedAt: formatInstant(row.purchasedAt, timeZone),
    activatedAt: maybe(row.activatedAt),
    expiresAt: maybe(row.expiresAt),
    endedAt: maybe(row.endedAt),
    endReason: row.endReason,
    prepaid:
      row.prepaidMeterId === null || row.prepaidUnits === null
        ? null
        : {
            meterId: toNumber(row.prepaidMeterId),
            units: toNumber(row.prepaidUnits),
            expiresAfterDays: row.prepaidDays,
          },
    meters: viewMeters(row.meters),
    meteredSince: row.endedAt === null ? maybe(row.meteredSince) : null,
  };
}
