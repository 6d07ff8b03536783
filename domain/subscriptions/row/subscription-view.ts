import { toNumber } from '../../../platform/db/columns';
import type { Prisma } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { viewMeters } from './agreed-meter-view';
import { viewDiscounts } from './discount-view';
import { viewPending } from './pending-item-view';
import { PendingItems } from './subscription-row';
import { currentAddons, viewUserAddon } from './user-addon-view';
import { viewWaiting } from './waiting-change-view';

/** What a subscription's row is read with: its latest invoice, and the payment that waits for its customer. */
export const subscriptionParts = {
  invoices: { orderBy: { id: 'desc' }, take: 1 },
  payments: { where: { status: 'initiated' }, orderBy: { id: 'desc' }, take: 1 },
  addons: currentAddons,
} as const;

export type SubscriptionRow = Prisma.SubscriptionGetPayload<{ include: typeof subscriptionParts }>;

const optionalId = (value: bigint | null) => (value === null ? null : toNumber(value));

/** A subscription as the API shows it: amounts in minor units, times in its own zone (S185–S188). */
export function viewSubscription(row: SubscriptionRow) {
  const maybe = (date: Date | null) => formatOptionalInstant(date, row.timeZone);
  const [invoice] = row.invoices;
  const [payment] = row.payments;
  const waiting = viewWaiting(row);

  return {
    id: toNumber(row.id),
    customerId: toNumber(row.customerId),
    planId: toNumber(row.planId),
    planName: row.planName,
    amount: toNumber(row.amount),
    taxBehavior: row.taxBehavior,
    currency: row.currency,
    billingCycle: row.billingCycle,
    quantity: row.quantity,
    status: row.status,
    isFreeTier: row.isFreeTier,
    isTrialUsed: row.isTrialUsed,
    startsAt: maybe(row.startsAt),
    trialStart: maybe(row.trialStart),
    trialEnd: maybe(row.trialEnd),
    currentPeriodStart: maybe(row.currentPeriodStart),
    currentPeriodEnd: maybe(row.currentPeriodEnd),
    cancelAtPeriodEnd: waiting.isWaiting('cancel'),
    pauseAtPeriodEnd: waiting.isWaiting('pause'),
    cancelledAt: maybe(row.cancelledAt),
    cancellationReason: row.cancellationReason,
    activatedAt: maybe(row.activatedAt),
    pausedAt: maybe(row.pausedAt),
    collectionPause: viewCollectionPause(row),
    billingAnchorDay: row.anchorDay,
    endsAt: maybe(row.endsAt),
    endedAt: maybe(row.endedAt),
    scheduledChange: waiting.scheduledChange,
    waitingChanges: waiting.changes,
    meters: viewMeters(row.meters),
    meteredSince: maybe(row.meteredSince),
    usageThreshold: optionalId(row.usageThreshold),
    pendingItems: viewPending(PendingItems.parse(row.pendingItems), row.timeZone),
    addons: row.addons.map((addon) => viewUserAddon(addon, row.timeZone)),
    discounts: viewDiscounts(row),
    billingTiming: row.billingTiming,
    collection: row.collection,
    daysUntilDue: row.daysUntilDue,
    paymentMethod: row.paymentMethod,
    paymentMethodId: optionalId(row.paymentMethodId),
    nextDeadline: row.nextDeadline,
    nextDeadlineAt: maybe(row.nextDeadlineAt),
    testClockId: optionalId(row.testClockId),
    latestInvoiceId: invoice === undefined ? null : toNumber(invoice.id),
    openPaymentId: payment === undefined ? null : toNumber(payment.id),
    paymentUrl: payment?.paymentUrl ?? null,
    metadata: row.metadata,
    createdAt: formatInstant(row.createdAt, row.timeZone),
    updatedAt: formatInstant(row.updatedAt, row.timeZone),
  };
}

type PausedRow = Pick<
  SubscriptionRow,
  'collectionBehavior' | 'collectionPausedAt' | 'collectionResumesAt' | 'timeZone'
>;

function viewCollectionPause({ collectionBehavior, collectionPausedAt, collectionResumesAt, timeZone }: PausedRow) {
  return collectionBehavior === null || collectionPausedAt === null
    ? null
    : {
        behavior: collectionBehavior,
        pausedAt: formatInstant(collectionPausedAt, timeZone),
        resumesAt: formatOptionalInstant(collectionResumesAt, timeZone),
      };
}
