import { AppError } from '../../errors';
import { daysOn } from '../schedule/billing-schedule-calendar';
import { addonPayload, isTried } from '../lifecycle/addon-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { areSameTerms, isInPeriod, itemOf, planOf, priceOf, withItem } from '../lifecycle/item-rules';
import { phasesOf } from '../schedule/phase-rules';
import { isLastPeriod } from '../schedule/subscription-deadline-rules';
import { aheadOf } from '../lifecycle/subscription-invoice-rules';
import {
  type AgreedTerms,
  planItem,
  type PriceChange,
  type ProrationBehavior,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionPolicy,
  type WaitingChange,
} from '../lifecycle/subscription-types';
import { isoOrNull, payloadOf, payloadOfAddon, planChangeEffects, wrongState } from '../lifecycle/telling-rules';
import { effectiveAt, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { addonPriceAtOnce } from './addon-price-decider';
import { changeAtOnce, type ChangeOptions, requireProratable } from './change-decider';
import { requireChangeable } from './plan-change-decider';
import { withoutTermsWaiting } from './take-back-decider';

type ChangePrice = Extract<SubscriptionCommand, { type: 'change_price' }>;

/**
 * Another price of the plan, or of an add-on, that it has: at the renewal of that, or now and billed as any change at once;
 * with notice, not before that many days. What is invoiced ahead already keeps its price, and the one after it is the first to
 * change. The price it has takes back one that waits.
 * @throws AppError validation_failed, currency_mismatch, no_change, proration_unavailable, subscription_state,
 *   subscription_past_due, charge_in_flight
 */
export function changePrice(
  state: Subscription,
  command: ChangePrice,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const { to, currency, priceId, immediate, noticeDays, billed, prorationBehavior: behavior } = command;
  const item = pricedItem(state, to.item);
  const isOfItem = (change: WaitingChange) => change.kind === 'price' && change.item === item.key;
  const waiting = state.waitingChanges.find((change): change is PriceChange & WaitingChange => isOfItem(change));

  requireProrated(command);
  requireAgreedByPeriod(state, item);

  if (currency !== state.currency) {
    throw new AppError('currency_mismatch', {
      field: '/priceId',
      detail: `The price is in ${currency}, the subscription in ${state.currency}.`,
    });
  }

  if (areSameTerms(to.terms, item.terms)) {
    if (waiting === undefined) {
      throw new AppError('no_change', { field: '/priceId', detail: 'The subscription has this price already.' });
    }

    return withoutTermsWaiting(state, ({ id }) => id === waiting.id);
  }

  if (immediate && noticeDays === 0) {
    return priceAtOnce(withoutWaiting(state, isOfItem), to, { policy, at: now, behavior, billed });
  }
  const isAnnounced =
    waiting !== undefined &&
    areSameTerms(waiting.terms, to.terms) &&
    waiting.atOnce === immediate &&
    waiting.prorationBehavior === behavior;

  if (isAnnounced) {
    throw new AppError('no_change', { field: '/priceId', detail: 'This price was announced, and waits already.' });
  }
  requireRenewal(state, item, immediate);
  requireProratable(item, to, behavior);
  const told = noticeDays === 0 ? null : daysOn(now, noticeDays, state.timeZone);
  const isInvoiced = aheadOf(state, [item.key]).length > 0;
  const invoicedUntil = isInvoiced && isInPeriod(item) ? item.period.endsAt + 1 : null;
  const notBefore = immediate || invoicedUntil === null ? told : Math.max(told ?? 0, invoicedUntil);
  const wanted: PriceChange = {
    kind: 'price',
    ...to,
    priceId,
    notBefore,
    atOnce: immediate,
    ...(immediate && invoicedUntil !== null ? { renewalNotBefore: Math.max(told ?? 0, invoicedUntil) } : {}),
    ...(behavior === undefined ? {} : { prorationBehavior: behavior }),
  };
  const next = withWaiting(state, wanted, { on: 'period_end' });

  return { state: next, effects: announced(next, item, wanted) };
}

/** What an item's price is now to be; @throws Error where there is no such item */
function pricedItem(state: Subscription, key: SubscriptionItem['key']): SubscriptionItem {
  const item = itemOf(state, key);

  if (item === undefined) {
    throw new Error(`Subscription ${state.id} has no ${key}.`);
  }

  return item;
}

/**
 * A price holds from now on; what it costs and gives back of the period is billed as any change at once.
 * @throws AppError subscription_state, subscription_past_due, charge_in_flight, proration_unavailable
 */
export function priceAtOnce(state: Subscription, to: ChangePrice['to'], options: ChangeOptions): Decision {
  if (to.item === planItem) {
    return planPriceAtOnce(state, to.terms, options);
  }
  const item = pricedItem(state, to.item);

  return item.key === planItem ? { state, effects: [] } : addonPriceAtOnce(state, item, to.terms, options);
}

function planPriceAtOnce(state: Subscription, terms: AgreedTerms, options: ChangeOptions): Decision {
  const plan = planOf(state);
  const to = { terms, quantity: plan.quantity };

  if (state.status === 'trial') {
    const changed = withItem(state, plan.key, to);

    return { state: changed, effects: planChangeEffects(state, changed) };
  }
  requireChangeable(state);

  return changeAtOnce(state, to, options);
}

/** @throws AppError subscription_state: what is agreed on for later would come in between, or it is paid for once and for all */
export function requireAgreedByPeriod(state: Subscription, item: SubscriptionItem): void {
  if (item.key === planItem && phasesOf(state).length > 0) {
    throw wrongState(state, 'Its price follows phases: set others, or none.');
  }

  if (item.terms.billingCycle === null) {
    throw wrongState(state, 'An add-on that is bought once keeps its price.');
  }
}

/** @throws AppError validation_failed: a renewal costs what its period costs */
export function requireProrated({
  immediate,
  prorationBehavior,
}: {
  immediate: boolean;
  prorationBehavior?: ProrationBehavior | null | undefined;
}): void {
  if (prorationBehavior != null && !immediate) {
    throw new AppError('validation_failed', {
      field: '/prorationBehavior',
      detail: 'prorationBehavior: Nothing is prorated at a renewal. Leave it out, or ask for an immediate change.',
    });
  }
}

/** @throws AppError subscription_state where there is no renewal that the price could wait for */
function requireRenewal(state: Subscription, item: SubscriptionItem, immediate: boolean): void {
  if (!immediate && isLastPeriod(state, item)) {
    throw wrongState(state, 'It ends with its period, and is not renewed.');
  }
  const isBegunLater = item.key === planItem ? state.status === 'trial' : isTried(state, item);
  const isRenewed = item.key === planItem || item.schedule !== null;

  if (!isBegunLater && !(state.status === 'paused' && isRenewed) && item.period === null) {
    throw wrongState(state, 'It has no period that ends: change the price now, without notice.');
  }
}

function announced(
  state: Subscription,
  item: SubscriptionItem,
  { terms, priceId, notBefore, atOnce }: PriceChange,
): SubscriptionEffect[] {
  const change = state.waitingChanges.find((one) => one.kind === 'price' && one.item === item.key);
  const end = change === undefined ? null : effectiveAt(state, change);
  const holdsAt = atOnce ? notBefore : end !== null && (notBefore === null || notBefore <= end) ? end : null;
  const { quantity } = item;
  const more = {
    amount: priceOf({ terms, quantity }),
    billingCycle: terms.billingCycle,
    previousAmount: priceOf(item),
    priceId,
    notBefore: isoOrNull(notBefore),
    effectiveAt: isoOrNull(holdsAt ?? notBefore),
  };
  const [payload, data] =
    item.key === planItem
      ? [payloadOf(state), payloadOf(state)]
      : [addonPayload(state, item), payloadOfAddon(state, item)];

  return [
    { type: 'event', name: 'price.change.announced', payload: { ...payload, ...more } },
    {
      type: 'notice',
      kind: 'price_change_announced',
      data: { ...data, ...more },
      of: [{ terms, quantity }],
    },
  ];
}
