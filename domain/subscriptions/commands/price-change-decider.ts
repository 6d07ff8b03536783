import { AppError } from '../../errors';
import { daysOn } from '../lifecycle/billing-schedule-calendar';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { areSameTerms, isInPeriod, planOf, priceOf, withItem } from '../lifecycle/item-rules';
import { phasesOf } from '../lifecycle/phase-rules';
import { isLastPeriod } from '../lifecycle/subscription-deadline-rules';
import { invoiceAheadOf } from '../lifecycle/subscription-invoice-rules';
import type {
  AgreedTerms,
  PriceChange,
  ProrationBehavior,
  Subscription,
  SubscriptionPolicy,
  WaitingChange,
} from '../lifecycle/subscription-types';
import { isoOrNull, payloadOf, planChangeEffects, wrongState } from '../lifecycle/telling-rules';
import { periodEndOf, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { changeAtOnce, type ChangeOptions, requireProratable } from './change-decider';
import { requireChangeable } from './plan-change-decider';
import { withoutTermsWaiting } from './take-back-decider';

type ChangePrice = Extract<SubscriptionCommand, { type: 'change_price' }>;

/**
 * Another price of the plan that it has: at its renewal, or now and billed as any change at once; with notice, not before that
 * many days. What is invoiced ahead already keeps its price, and the one after it is the first to change. The price it has
 * takes back one that waits.
 * @throws AppError validation_failed, currency_mismatch, no_change, proration_unavailable, subscription_state,
 *   subscription_past_due, charge_in_flight
 */
export function changePrice(
  state: Subscription,
  command: ChangePrice,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const { terms, priceId, immediate, noticeDays, billed, prorationBehavior: behavior } = command;
  const { currency, ...agreed } = terms;
  const plan = planOf(state);
  const waiting = state.waitingChanges.find((change): change is PriceChange & WaitingChange => change.kind === 'price');

  requireProrated(command);
  requireNoPhases(state);

  if (currency !== state.currency) {
    throw new AppError('currency_mismatch', {
      field: '/priceId',
      detail: `The price is in ${currency}, the subscription in ${state.currency}.`,
    });
  }

  if (areSameTerms(agreed, plan.terms)) {
    if (waiting === undefined) {
      throw new AppError('no_change', { field: '/priceId', detail: 'The subscription has this price already.' });
    }

    return withoutTermsWaiting(state, ({ id }) => id === waiting.id);
  }

  if (immediate && noticeDays === 0) {
    const free = withoutWaiting(state, ({ kind }) => kind === 'price');

    return priceAtOnce(free, agreed, { policy, at: now, behavior, billed });
  }
  const isAnnounced =
    waiting !== undefined &&
    areSameTerms(waiting.terms, agreed) &&
    waiting.atOnce === immediate &&
    waiting.prorationBehavior === behavior;

  if (isAnnounced) {
    throw new AppError('no_change', { field: '/priceId', detail: 'This price was announced, and waits already.' });
  }
  requireRenewal(state, immediate);
  requireProratable(plan, { terms: agreed, quantity: plan.quantity }, behavior);
  const told = noticeDays === 0 ? null : daysOn(now, noticeDays, state.timeZone);
  const invoicedUntil = invoiceAheadOf(state) !== null && isInPeriod(plan) ? plan.period.endsAt + 1 : null;
  const notBefore = immediate || invoicedUntil === null ? told : Math.max(told ?? 0, invoicedUntil);
  const wanted: PriceChange = {
    kind: 'price',
    item: plan.key,
    terms: agreed,
    priceId,
    notBefore,
    atOnce: immediate,
    ...(immediate && invoicedUntil !== null ? { renewalNotBefore: Math.max(told ?? 0, invoicedUntil) } : {}),
    ...(behavior === undefined ? {} : { prorationBehavior: behavior }),
  };
  const next = withWaiting(state, wanted, { on: 'period_end' });

  return { state: next, effects: announced(next, wanted) };
}

/** A price holds from now on; what it costs and gives back of the period is billed as any change at once. */
export function priceAtOnce(state: Subscription, terms: AgreedTerms, options: ChangeOptions): Decision {
  const plan = planOf(state);
  const to = { terms, quantity: plan.quantity };

  if (state.status === 'trial') {
    const changed = withItem(state, plan.key, to);

    return { state: changed, effects: planChangeEffects(state, changed) };
  }
  requireChangeable(state);

  return changeAtOnce(state, to, options);
}

/** @throws AppError subscription_state: what is agreed on for later would come in between */
function requireNoPhases(state: Subscription): void {
  if (phasesOf(state).length > 0) {
    throw wrongState(state, 'Its price follows phases: set others, or none.');
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
function requireRenewal(state: Subscription, immediate: boolean): void {
  const plan = planOf(state);

  if (!immediate && isLastPeriod(state, plan)) {
    throw wrongState(state, 'It ends with its period, and is not renewed.');
  }

  if (state.status !== 'trial' && state.status !== 'paused' && plan.period === null) {
    throw wrongState(state, 'It has no period that ends: change the price now, without notice.');
  }
}

function announced(state: Subscription, { terms, priceId, notBefore, atOnce }: PriceChange): SubscriptionEffect[] {
  const plan = planOf(state);
  const end = periodEndOf(state);
  const effectiveAt = atOnce ? notBefore : end !== null && (notBefore === null || notBefore <= end) ? end : null;
  const data = {
    ...payloadOf(state),
    amount: priceOf({ terms, quantity: plan.quantity }),
    billingCycle: terms.billingCycle,
    previousAmount: priceOf(plan),
    priceId,
    notBefore: isoOrNull(notBefore),
    effectiveAt: isoOrNull(effectiveAt ?? notBefore),
  };

  return [
    { type: 'event', name: 'price.change.announced', payload: data },
    { type: 'notice', kind: 'price_change_announced', data, of: [{ terms, quantity: plan.quantity }] },
  ];
}
