import { dueAfter } from './due-date-calendar';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import { otherSchedule, periodFrom, restOfPeriod, type StartedPeriod } from '../schedule/billing-schedule-calendar';
import type { Decision, EffectOf, ServicePurpose, SubscriptionEffect } from '../lifecycle/decision-types';
import { holdsUnits, isAddonKey, isForInstant, isFree, isInPeriod, planOf, setupFeeOf } from '../lifecycle/item-rules';
import { addonPeriodFrom, serviceOf, wholeOf } from './item-schedule';
import { isDeadlined, isLastPeriod } from '../schedule/subscription-deadline-rules';
import { aheadOf, roleFor, withoutInvoices } from '../lifecycle/subscription-invoice-rules';
import {
  type AddonItem,
  type InvoiceRole,
  type IssueLine,
  type ItemInPeriod,
  type ItemKey,
  planItem,
  type Subscription,
  type SubscriptionInvoice,
  type SubscriptionItem,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { hasCome, isOfTerms, waitingForBoundary, withChanges, withoutWaiting } from '../lifecycle/waiting-change-rules';

/** What periods of items bill: the invoice of stretches of service, and those issued ahead of a boundary (D18). */

interface Stretch {
  service: InstantSpan;
  /** The whole period that measures it. */
  denominator: InstantSpan;
}

/** An item with a stretch of its service. */
export interface BilledPart extends Stretch {
  item: SubscriptionItem;
  /** The fee that it begins with, rather than its service. */
  isSetup?: true;
}

/** One or more; what is to be billed together. */
type BilledParts = readonly [BilledPart, ...BilledPart[]];

/** An invoice of service, one stretch or more. */
type ServiceInvoice = EffectOf<'issue'> & { lines: readonly [IssueLine, ...IssueLine[]] };

/** The invoice of a stretch of an item's service, due so many days after its start (in arrears: after its end). */
export function issueFor(
  state: Subscription,
  item: SubscriptionItem,
  stretch: Stretch,
  as: { purpose: ServicePurpose; as: InvoiceRole },
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
): ServiceInvoice {
  return issueTogether(state, [{ item, ...stretch }], as, policy);
}

/** One invoice of several items (D27). */
function issueTogether(
  state: Subscription,
  parts: BilledParts,
  { purpose, as }: { purpose: ServicePurpose; as: InvoiceRole },
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
): ServiceInvoice {
  const [first, ...others] = parts;
  const from = state.billingTiming === 'in_arrears' ? first.service.endsAt : first.service.startsAt;
  const ends = parts.flatMap(({ item, service, isSetup }) =>
    isForInstant({ terms: item.terms, isSetup }) ? [] : [service.endsAt],
  );

  return {
    type: 'issue',
    purpose,
    lines: [lineOf(first), ...others.map(lineOf)],
    dueAt: dueAfter(state, policy, from),
    nextBillingAt: ends.length === 0 ? null : Math.min(...ends),
    as,
  };
}

function lineOf({ item, service, denominator, isSetup }: BilledPart): IssueLine {
  const { key, terms, quantity } = item;
  const line = { item: key, layer: 0, terms, service, denominator };

  if (isSetup === true) {
    return { ...line, quantity: 1, unitPrice: setupFeeOf(item), isSetup };
  }

  return { ...line, quantity, unitPrice: terms.amount };
}

export const current: InvoiceRole = { role: 'current' };

/** The invoice of what goes on, where there is any. */
export function issueAll(
  state: Subscription,
  parts: readonly BilledPart[],
  purpose: ServicePurpose,
  policy: SubscriptionPolicy,
  as: InvoiceRole = roleFor(parts.map(({ item }) => item.key)),
): SubscriptionEffect[] {
  const [first, ...others] = parts;

  return first === undefined ? [] : [issueTogether(state, [first, ...others], { purpose, as }, policy)];
}

/** An add-on that is bought once: for the instant that it is bought for, so that guard and credits know it as any other line. */
export function boughtOnce(item: AddonItem, at: number = item.purchasedAt): BilledPart {
  const service = { startsAt: at, endsAt: at + 1 };

  return { item, service, denominator: service };
}

/** The fee that an add-on begins with, likewise for an instant; nothing where it has none. */
export function setupOf(item: AddonItem, at: number): BilledPart[] {
  return setupFeeOf(item) === 0 ? [] : [{ ...boughtOnce(item, at), isSetup: true }];
}

/** Items whose periods end at one instant: they are billed together (D27). The plan first. */
export function dueTogether(state: Subscription, { period }: ItemInPeriod): ItemInPeriod[] {
  return state.items
    .filter((item) => isInPeriod(item))
    .filter((item) => isDeadlined(state, item) && item.period.endsAt === period.endsAt);
}

/** Those of them that have a next period. */
export function goingOnTogether(state: Subscription, item: ItemInPeriod): ItemInPeriod[] {
  return dueTogether(state, item).filter((one) => !isLastPeriod(state, one));
}

/**
 * An item as it is right after its current period, with the changes that wait for then, and the whole period that measures
 * its new one; one that costs nothing from there has none.
 */
export function afterBoundary<Item extends ItemInPeriod>(
  state: Subscription,
  item: Item,
  policy: SubscriptionPolicy,
): { next: Item; denominator: InstantSpan } {
  const changed = withChanges(item, waitingForBoundary(state, item.period.endsAt));
  const { denominator, ...started } = continued(state, { before: item, changed, at: item.period.endsAt }, policy);

  return { next: { ...changed, ...started }, denominator };
}

function continued(
  state: Subscription,
  { before, changed, at }: { before: ItemInPeriod; changed: ItemInPeriod; at: number },
  policy: SubscriptionPolicy,
): StartedPeriod {
  const scheduled = { ...serviceOf(state, changed), ...before.schedule };

  if (before.terms.billingCycle !== changed.terms.billingCycle) {
    return otherPeriods(at, state, changed, policy);
  }

  return isAddonKey(before.key)
    ? restOfPeriod(at, scheduled)
    : periodFrom(at, scheduled, before.schedule.periodIndex + 1);
}

/** Where service of an item goes on in periods of another length. @param item as it was, with its new terms */
export function otherPeriods(
  from: number,
  state: Subscription,
  item: ItemInPeriod,
  policy: SubscriptionPolicy,
): StartedPeriod {
  return item.key === planItem
    ? otherSchedule(
        from,
        { ...serviceOf(state, item), ...item.schedule },
        { ...policy.change, billingTime: policy.billingTime },
      )
    : addonPeriodFrom(from, state, item, policy);
}

/** What waited for a boundary has happened to the item. */
export function withoutTermChanges(state: Subscription, { key }: SubscriptionItem, at: number): Subscription {
  return withoutWaiting(
    state,
    (change) => isOfTerms(change) && 'item' in change && change.item === key && hasCome(change, at),
  );
}

/**
 * Invoices of next periods, issued ahead of their boundary, are taken back: void, or credited when they are paid.
 * @param about items, one of which they are to be about; all of them when absent
 * @param isMeant which of those; all of them when absent
 */
export function takeBackAhead(
  state: Subscription,
  reason: 'reissue' | 'cancellation',
  about?: readonly ItemKey[],
  isMeant: (invoice: SubscriptionInvoice) => boolean = () => true,
): Decision {
  const ahead = aheadOf(state, about).filter(isMeant);

  return {
    state: {
      ...withoutInvoices(state, ({ invoiceId }) => ahead.some((one) => one.invoiceId === invoiceId)),
      // What waited for the next invoice waits for the one after it.
      pendingItems: [...state.pendingItems, ...ahead.flatMap(({ pending }) => pending)],
    },
    effects: ahead.map(({ invoiceId }) => ({ type: 'reverse', invoiceId, reason })),
  };
}

/**
 * The invoice of the next period of an item, and of what is due with it, for what holds then; none where there is nothing to
 * bill, and while collection is paused.
 */
export function issueAhead(
  state: Subscription,
  policy: SubscriptionPolicy,
  of: SubscriptionItem = planOf(state),
): SubscriptionEffect[] {
  if (!isInPeriod(of) || state.collectionPause !== null) {
    return [];
  }
  const parts = goingOnTogether(state, of)
    .filter((item) => aheadOf(state, [item.key]).length === 0)
    .map((item) => afterBoundary(state, item, policy))
    .filter(({ next }) => !isFree(next))
    .map(periodPart);

  return issueAll(state, parts, 'renewal', policy, {
    role: 'ahead',
    items: parts.map(({ item }) => item.key),
    pending: [],
  });
}

/** What a period that has begun bills. */
export function periodPart({ next, denominator }: { next: ItemInPeriod; denominator: InstantSpan }): BilledPart {
  return { item: next, service: next.period, denominator };
}

/** In arrears: the invoice of what is used of the current periods of items up to an instant; in advance it is billed already. */
export function issueUsed(
  state: Subscription,
  items: readonly SubscriptionItem[],
  { at, purpose }: { at: number; purpose: ServicePurpose },
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const used = items
    .filter((item) => isInPeriod(item))
    .filter(({ period }) => at > period.startsAt)
    .map((item) => ({
      item,
      service: { startsAt: item.period.startsAt, endsAt: Math.min(at, item.period.endsAt) },
      denominator: wholeOf(state, item),
    }));

  return state.billingTiming === 'in_advance' ? [] : issueAll(state, used, purpose, policy);
}

/**
 * What is billed of items and not used, where the company credits it: of their current periods, in advance, and of the units
 * of top-ups that end.
 */
export function creditUnused(
  state: Subscription,
  items: readonly SubscriptionItem[],
  { from, reason }: Pick<EffectOf<'credit'>, 'from' | 'reason'>,
  setting: 'none' | 'prorate',
): SubscriptionEffect[] {
  if (setting === 'none') {
    return [];
  }

  return items.flatMap((item): SubscriptionEffect[] => {
    if (isInPeriod(item)) {
      return state.billingTiming === 'in_arrears' ? [] : [{ type: 'credit', item: item.key, from, reason }];
    }

    return holdsUnits(item) && reason === 'cancellation'
      ? [
          { type: 'return_units', item: item.key, at: from },
          { type: 'credit', item: item.key, from, reason, isOfUnits: true },
        ]
      : [];
  });
}
