import { toNumber } from '../../../platform/db/columns';
import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { formatInstant, zoneInstants } from '../../../platform/instant';
import { subscriptionParts, type SubscriptionRow } from './subscription-view';

export interface SubscriptionFilter {
  customerId?: number | undefined;
  planId?: number | undefined;
  status?: string | undefined;
  before: number | null;
  limit: number;
}

/** Subscriptions of the company, newest first. */
export async function listSubscriptions(
  tx: TenantTransaction,
  { before, limit, ...equal }: SubscriptionFilter,
): Promise<SubscriptionRow[]> {
  const where: Prisma.SubscriptionWhereInput = {
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(before === null ? {} : { id: { lt: before } }),
  };

  return tx.orm.subscription.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: subscriptionParts });
}

/** @param customerId when given, another customer's subscription is not found */
export async function readSubscription(
  tx: TenantTransaction,
  { subscriptionId, customerId }: { subscriptionId: number; customerId?: number | null | undefined },
): Promise<SubscriptionRow | null> {
  return tx.orm.subscription.findFirst({
    where: { id: subscriptionId, ...(customerId == null ? {} : { customerId }) },
    include: subscriptionParts,
  });
}

/** Every add-on that a subscription has or had, newest first. */
export function listUserAddons(
  tx: TenantTransaction,
  { subscriptionId, before, limit }: { subscriptionId: number; before: number | null; limit: number },
): Promise<Prisma.UserAddonGetPayload<object>[]> {
  return tx.orm.userAddon.findMany({
    where: { subscriptionId, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

export type HistoryRow = Prisma.SubscriptionHistoryGetPayload<object>;

/** What has happened to a subscription, newest first (S189). */
export function listHistory(
  tx: TenantTransaction,
  { subscriptionId, before, limit }: { subscriptionId: number; before: number | null; limit: number },
): Promise<HistoryRow[]> {
  return tx.orm.subscriptionHistory.findMany({
    where: { subscriptionId, ...(before === null ? {} : { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

/** @param timeZone the subscription's own */
export function viewHistory(row: HistoryRow, timeZone: string) {
  return {
    id: toNumber(row.id),
    subscriptionId: toNumber(row.subscriptionId),
    action: row.action,
    previousStatus: row.previousStatus,
    newStatus: row.newStatus,
    previousPlanId: row.previousPlanId === null ? null : toNumber(row.previousPlanId),
    newPlanId: row.newPlanId === null ? null : toNumber(row.newPlanId),
    details: zoneInstants(row.details, timeZone),
    metadata: zoneInstants(row.metadata, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
  };
}
