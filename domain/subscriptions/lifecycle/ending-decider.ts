import { endAddons } from './addon-decider';
import type { Decision, SubscriptionEffect } from './decision-types';
import { addonsOf, planOf, withItem, withoutPeriods } from './item-rules';
import { takeBackAhead } from './period-billing';
import { isInFlight, isOfAddons, unpaidInvoices, withoutInvoices } from './subscription-invoice-rules';
import type { AddonKey, FreeTier, Subscription } from './subscription-types';
import { payloadOf, planChangeEffects } from './telling-rules';
import { heldToInstant, isOfTerms, itemKeyOf, withoutWaiting } from './waiting-change-rules';

/** Where service stops: for ever, until it is resumed, until it is paid for, or because it costs nothing from here. */

/** The end of a subscription: nothing more is billed, and what was billed ahead, or never began to count, is taken back. */
export function withEnd(state: Subscription, status: 'cancelled' | 'expired', at: number, details: string): Decision {
  const taken = takeBackAhead(state, 'cancellation');
  const unpaid = withoutUnpaidStart(taken.state);
  const without = withoutUnpaidPurchases(unpaid.state);
  const unbegun = withoutUnbegun(without.state, at);
  const addons = endAddons(
    unbegun.state,
    addonsOf(state).map(({ key }) => key),
    { status: status === 'expired' ? 'expired' : 'removed', at, reason: 'with the subscription' },
  );
  const data = { ...payloadOf(state), reason: state.cancellationReason ?? details };

  return {
    state: {
      ...addons.state,
      status,
      endedAt: at,
      cancelledAt: state.cancelledAt ?? (status === 'cancelled' ? at : null),
      waitingChanges: [],
    },
    effects: [
      ...taken.effects,
      ...unpaid.effects,
      ...without.effects,
      ...unbegun.effects,
      ...addons.effects,
      { type: 'event', name: status === 'expired' ? 'subscription.expired' : 'subscription.cancelled', payload: data },
      { type: 'history', action: status === 'expired' ? 'status_changed' : 'cancelled', details },
      { type: 'notice', kind: status === 'expired' ? 'subscription_expired' : 'subscription_cancelled', data },
    ],
  };
}

/** What was asked for before anything was paid is void (D17); one that is being charged, when that has failed. */
export function withoutUnpaidStart(state: Subscription): Decision {
  if (state.activatedAt !== null) {
    return { state, effects: [] };
  }
  const isCharged = (invoiceId: number) => isInFlight(state, invoiceId);
  const effects = unpaidInvoices(state)
    .filter((invoice) => !isCharged(invoice.invoiceId) && !isOfAddons(invoice))
    .map(({ invoiceId }): SubscriptionEffect => ({ type: 'reverse', invoiceId, reason: 'void' }));

  return {
    state: withoutInvoices(state, (invoice) => !isCharged(invoice.invoiceId) && !isOfAddons(invoice)),
    effects,
  };
}

/** Service that was to begin after the end, as of a plan that is charged from the next day on, is asked for no more. */
function withoutUnbegun(state: Subscription, at: number): Decision {
  const gone = unpaidInvoices(state).filter(
    ({ invoiceId, unpaid }) => unpaid.startsAt !== null && unpaid.startsAt > at && !isInFlight(state, invoiceId),
  );

  return {
    state: withoutInvoices(state, ({ invoiceId }) => gone.some((one) => one.invoiceId === invoiceId)),
    effects: gone.map(({ invoiceId }) => ({ type: 'reverse', invoiceId, reason: 'cancellation' })),
  };
}

/** Add-ons that were never paid for are asked for no more, but for what is being charged. */
function withoutUnpaidPurchases(state: Subscription): Decision {
  const isPending = (key: AddonKey) => addonsOf(state).some((item) => item.key === key && item.status === 'pending');
  const gone = state.invoices.filter(
    (invoice) => invoice.role === 'addons' && invoice.items.some(isPending) && !isInFlight(state, invoice.invoiceId),
  );

  return {
    state: withoutInvoices(state, ({ invoiceId }) => gone.some((one) => one.invoiceId === invoiceId)),
    effects: gone.flatMap(({ invoiceId, unpaid }): SubscriptionEffect[] =>
      unpaid === null ? [] : [{ type: 'reverse', invoiceId, reason: 'void' }],
    ),
  };
}

/** Service stops until it is resumed; nothing is billed meanwhile, and what waits for the end of the period still does. */
export function withPause(state: Subscription, at: number): Decision {
  const taken = takeBackAhead(state, 'reissue');
  const data = payloadOf(state);
  const held = heldToInstant(withoutWaiting(taken.state, ({ kind }) => kind === 'pause'));

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
