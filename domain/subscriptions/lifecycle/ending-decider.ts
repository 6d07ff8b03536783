import { endAddons } from './addon-decider';
import { inTurn } from './decision-rules';
import type { Decision, SubscriptionEffect } from './decision-types';
import { addonsOf, planOf, withItem, withoutPeriods } from './item-rules';
import { takeBackAhead } from '../charges/period-billing';
import { isInFlight, isOfAddons, unpaidInvoices, withoutInvoices } from './subscription-invoice-rules';
import type { AddonKey, FreeTier, Subscription, SubscriptionInvoice } from './subscription-types';
import { payloadOf, planChangeEffects } from './telling-rules';
import { allHeldToInstant, heldToInstant, isOfTerms, itemKeyOf, withoutWaiting } from './waiting-change-rules';

/** Where service stops: for ever, until it is resumed, until it is paid for, or because it costs nothing from here. */

/** The end of a subscription: nothing more is billed, and what was billed ahead, or never began to count, is taken back. */
export function withEnd(state: Subscription, status: 'cancelled' | 'expired', at: number, details: string): Decision {
  const over = inTurn(
    state,
    (open) => takeBackAhead(open, 'cancellation'),
    withoutUnpaidStart,
    withoutUnpaidPurchases,
    (open) => withoutUnbegun(open, at),
    (open) =>
      endAddons(
        open,
        addonsOf(open).map(({ key }) => key),
        { status: status === 'expired' ? 'expired' : 'removed', at, reason: 'with the subscription' },
      ),
  );
  const data = { ...payloadOf(state), reason: state.cancellationReason ?? details };

  // As a code on an order that nobody has paid.
  const released: SubscriptionEffect[] =
    state.status === 'scheduled'
      ? [{ type: 'release_promotions', promotionId: null, isTrialHad: false }]
      : state.activatedAt === null && state.discounts.length > 0
        ? [{ type: 'release_promotions', promotionId: null, isTrialHad: true }]
        : [];
  const trial: SubscriptionEffect[] =
    state.status === 'scheduled' && state.trialEnd !== null ? [{ type: 'release_trial' }] : [];

  return {
    state: {
      ...over.state,
      status,
      endedAt: at,
      cancelledAt: state.cancelledAt ?? (status === 'cancelled' ? at : null),
      waitingChanges: [],
    },
    effects: [
      ...released,
      ...trial,
      ...over.effects,
      { type: 'event', name: status === 'expired' ? 'subscription.expired' : 'subscription.cancelled', payload: data },
      { type: 'history', action: status === 'expired' ? 'status_changed' : 'cancelled', details },
      { type: 'notice', kind: status === 'expired' ? 'subscription_expired' : 'subscription_cancelled', data },
    ],
  };
}

/** What was asked for before anything was paid is void (D17); one that is being charged, when that has failed. */
export function withoutUnpaidStart(state: Subscription): Decision {
  return state.activatedAt === null
    ? withoutAsked(state, (invoice) => !isOfAddons(invoice), 'void')
    : { state, effects: [] };
}

/** Service that begins with the end or was to begin after it, as of a plan that is charged from the next day on, is asked for no more. */
function withoutUnbegun(state: Subscription, at: number): Decision {
  return withoutAsked(state, ({ unpaid }) => (unpaid?.startsAt ?? -Infinity) >= at, 'cancellation');
}

/** Add-ons that were never paid for are asked for no more. */
function withoutUnpaidPurchases(state: Subscription): Decision {
  const isPending = (key: AddonKey) => addonsOf(state).some((item) => item.key === key && item.status === 'pending');

  return withoutAsked(state, (invoice) => invoice.role === 'addons' && invoice.items.some(isPending), 'void');
}

/** Nothing depends on these invoices any more, and what is due of them is taken back, but for what is being charged. */
export function withoutAsked(
  state: Subscription,
  isMeant: (invoice: SubscriptionInvoice) => boolean,
  reason: 'void' | 'cancellation' | 'reissue',
): Decision {
  const isGone = (invoice: SubscriptionInvoice) => isMeant(invoice) && !isInFlight(state, invoice.invoiceId);

  return {
    state: withoutInvoices(state, isGone),
    effects: unpaidInvoices(state)
      .filter(isGone)
      .map(({ invoiceId }) => ({ type: 'reverse', invoiceId, reason })),
  };
}

/** Service stops until it is resumed; nothing is billed meanwhile, and what waits for the end of the period still does. */
export function withPause(state: Subscription, at: number): Decision {
  const taken = takeBackAhead(state, 'reissue');
  const data = payloadOf(state);
  const held = allHeldToInstant(withoutWaiting(taken.state, ({ kind }) => kind === 'pause'));

  return {
    state: { ...held, status: 'paused', pausedAt: at },
    effects: [
      ...taken.effects,
      { type: 'event', name: 'subscription.paused', payload: data },
      { type: 'history', action: 'status_changed', details: 'paused' },
      { type: 'notice', kind: 'subscription_paused', data },
    ],
  };
}

/** An active subscription becomes past due; every other status stays. */
export function pastDue(state: Subscription): Decision {
  if (state.status !== 'active') {
    return { state, effects: [] };
  }
  const data = payloadOf(state);

  return {
    state: { ...state, status: 'past_due' },
    effects: [
      { type: 'event', name: 'subscription.past_due', payload: data },
      { type: 'history', action: 'status_changed', details: 'an invoice was not paid' },
      { type: 'notice', kind: 'subscription_past_due', data },
    ],
  };
}

/** An upgrade that was never paid for: the free tier holds again, as it stood before. */
export function backToFreeTier(state: Subscription, { terms, quantity, activatedAt }: FreeTier): Decision {
  const plan = planOf(state);
  const back: Subscription = { ...withItem(state, plan.key, { terms, quantity }), status: 'active', activatedAt };

  return { state: asFreeTier(back), effects: planChangeEffects(state, back, 'the upgrade was not paid') };
}

/** The plan costs nothing from here: no periods, and nothing that waits for one but the end (D27). */
export function asFreeTier(state: Subscription): Subscription {
  const { key } = planOf(state);
  const ending = withoutWaiting(
    heldToInstant(state),
    (change) => (isOfTerms(change) && itemKeyOf(change) === key) || change.kind === 'pause',
  );

  return withItem(ending, key, withoutPeriods);
}
