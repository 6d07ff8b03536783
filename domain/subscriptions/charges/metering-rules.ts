import { dueAfter } from './due-date-calendar';
import type {
  Decision,
  EffectOf,
  MeteredStretch,
  ServicePurpose,
  SubscriptionEffect,
} from '../lifecycle/decision-types';
import { areMeteredAlike, isAddonKey, isInPeriod, isMeteredBy, nameOf } from '../lifecycle/item-rules';
import { isDeadlined, isEnded } from '../schedule/subscription-deadline-rules';
import { firstInvoiceOf, roleFor } from '../lifecycle/subscription-invoice-rules';
import {
  type ItemInPeriod,
  planItem,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';

/**
 * What is metered is billed when the stretch that it was agreed on for is over: with its period, at a change to other
 * prices, at a pause, at the end. Which of them it is makes no difference here: a stretch is over when the item is metered
 * no longer, or otherwise, or in another period, than before the decision.
 */

/**
 * A decision with the usage that it brings to bill, on the invoice that it issues or on one of its own, and the state that
 * knows from when on usage is not billed. Usage that came late rides on every invoice of usage, and on that of a renewal.
 * What changes put off (pending-item-rules.ts) is on its invoice before: an invoice of usage alone carries none of it, as a
 * change that puts its price off may bring the usage that it ends to bill at once.
 */
export function withUsage(
  before: Subscription,
  { state, effects }: Decision,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  const after = metered(before, state, now);

  if (after.isMetered !== true) {
    return { state: after, effects };
  }
  const stretches = endedStretches(before, after, now);

  if (stretches.length === 0 && !isRenewed(before, after)) {
    return { state: after, effects };
  }
  const index = effects.findIndex((effect) => effect.type === 'issue' && canCarry(effect, stretches, now));

  if (index >= 0) {
    return {
      state: after,
      effects: effects.map((effect, nth) =>
        nth === index && effect.type === 'issue' ? { ...effect, usage: stretches } : effect,
      ),
    };
  }

  return { state: after, effects: [...effects, ownInvoice(before, after, stretches, { policy, now })] };
}

/** An invoice of what came late to the periods of a subscription that has ended; nothing more is taken from here on. */
export function billLateUsage(
  state: Subscription,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  return { state: { ...state, isMetered: false }, effects: [ownInvoice(state, state, [], { policy, now })] };
}

function ownInvoice(
  before: Subscription,
  after: Subscription,
  stretches: readonly MeteredStretch[],
  { policy, now }: { policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>; now: number },
): SubscriptionEffect {
  const keys = stretches.map(({ item }) => item);

  return {
    type: 'issue',
    purpose: purposeOf(before, after),
    lines: [],
    usage: stretches,
    dueAt: dueAfter(after, policy, Math.max(now, ...stretches.map(({ service }) => service.endsAt))),
    nextBillingAt: null,
    as: roleFor(keys.length === 0 ? [planItem] : keys),
  };
}

function purposeOf(before: Subscription, after: Subscription): ServicePurpose {
  return isEnded(after) || after.status === 'paused' ? 'final' : isRenewed(before, after) ? 'renewal' : 'change';
}

/** An invoice that is asked for at once and by itself, of service that has begun, and of the plan where the usage is the plan's. */
function canCarry({ as, lines }: EffectOf<'issue'>, stretches: readonly MeteredStretch[], now: number): boolean {
  const isOfAddons = stretches.every(({ item }) => isAddonKey(item));
  const isAsked = as.role === 'current' || (as.role === 'addons' && as.payBy === null && isOfAddons);

  return isAsked && lines.every(({ service }) => service.startsAt <= now);
}

/** The state with the instant from which on the usage of each item is not billed. */
function metered(before: Subscription, after: Subscription, now: number): Subscription {
  const [plan, ...addons] = after.items;
  const since = <Item extends SubscriptionItem>(item: Item): Item => {
    const meteredSince = sinceOf(before, after, item, now);

    return meteredSince === (item.meteredSince ?? null) ? item : { ...item, meteredSince };
  };
  const items = [since(plan), ...addons.map(since)] as const;

  return items.some(({ meteredSince }) => meteredSince != null)
    ? { ...after, items, isMetered: true }
    : { ...after, items };
}

function sinceOf(before: Subscription, after: Subscription, item: SubscriptionItem, now: number): number | null {
  if (!isMetering(after, item)) {
    return null;
  }
  const was = itemOf(before, item);

  if (was === undefined || !isInPeriod(was) || !isSamePeriod(was, item) || isPending(was)) {
    return item.period.startsAt;
  }

  if (was.meteredSince != null && areMeteredAlike(was.terms, item.terms)) {
    return was.meteredSince;
  }

  // Other prices, or service again, within the period. Nothing was agreed on before the first payment.
  return firstInvoiceOf(before) === null ? now : item.period.startsAt;
}

/** Stretches whose usage is not billed yet, up to the end of the period that each is in. */
export function runningStretches(state: Subscription): MeteredStretch[] {
  return state.items.flatMap((item) => {
    const { meteredSince: startsAt } = item;

    return startsAt == null || !isMetering(state, item)
      ? []
      : [stretchOf(item, { startsAt, endsAt: item.period.endsAt })];
  });
}

function endedStretches(before: Subscription, after: Subscription, now: number): MeteredStretch[] {
  return before.items.flatMap((item) => {
    const endsAt = endOfStretch(before, after, item, now);
    const { meteredSince: startsAt } = item;

    return startsAt == null || endsAt === null || endsAt <= startsAt ? [] : [stretchOf(item, { startsAt, endsAt })];
  });
}

function stretchOf(item: SubscriptionItem, service: MeteredStretch['service']): MeteredStretch {
  return { item: item.key, name: nameOf(item), meters: item.terms.meters ?? [], service };
}

/** When the stretch of an item that was metered is over; null while it goes on, and where nothing of it is ever asked for. */
function endOfStretch(before: Subscription, after: Subscription, item: SubscriptionItem, now: number): number | null {
  const next = itemOf(after, item);

  if (item.meteredSince == null || !isInPeriod(item)) {
    return null;
  }

  if (next !== undefined && isInPeriod(next) && !isEnded(after) && after.status !== 'paused') {
    if (!isSamePeriod(item, next)) {
      return isUnpaid(before) && next.period.startsAt < item.period.endsAt ? null : next.period.startsAt;
    }

    return isUnpaid(before) || (isMetering(after, next) && areMeteredAlike(item.terms, next.terms)) ? null : now;
  }
  const stops = isEnded(after) ? after.endedAt : after.status === 'paused' ? after.pausedAt : null;

  return isUnpaid(before) ? null : Math.min(item.period.endsAt, stops ?? now);
}

/** Its first invoice is not paid: what it is for may never begin. */
const isUnpaid = (before: Subscription): boolean => firstInvoiceOf(before) !== null;

const itemOf = ({ items }: Subscription, { key }: SubscriptionItem): SubscriptionItem | undefined =>
  items.find((item) => item.key === key);

const isPending = (item: SubscriptionItem): boolean => 'status' in item && item.status === 'pending';

function isMetering(state: Subscription, item: SubscriptionItem): item is ItemInPeriod {
  return isMeteredBy(item.terms) && isInPeriod(item) && isDeadlined(state, item);
}

/** A change within a period may move one of its ends; a new one has both elsewhere. */
const isSamePeriod = ({ period: one }: ItemInPeriod, { period: other }: ItemInPeriod): boolean =>
  one.startsAt === other.startsAt || one.endsAt === other.endsAt;

/** A period of an item has followed on another. */
function isRenewed(before: Subscription, after: Subscription): boolean {
  return before.items.some((item) => {
    const next = itemOf(after, item);

    return item.period !== null && next?.period != null && next.period.startsAt === item.period.endsAt;
  });
}
