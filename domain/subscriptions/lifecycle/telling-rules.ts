import type { AppliedPromotion } from '../../billing/pricing/pricer-rules';
import { AppError } from '../../errors';
import type { PricedTerms, SubscriptionEffect } from './decision-types';
import { areSameTerms, nameOf, planOf, priceOf, setupFeeOf } from './item-rules';
import { invoiceOf } from './subscription-invoice-rules';
import {
  type AddonItem,
  type PlanItem,
  planItem,
  type Subscription,
  type SubscriptionItem,
} from './subscription-types';
import { isOfTerms, itemKeyOf, periodEndOf, waitingForPeriodEnd, withChanges } from './waiting-change-rules';

/** What is told of a subscription: its events, its history, and why something is refused. */

export const isoOf = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : isoOf(at));

/** What every event of a subscription says. */
export function payloadOf(state: Subscription): Record<string, unknown> {
  const plan = planOf(state);

  return {
    subscriptionId: state.id,
    customerId: state.customerId,
    planId: plan.terms.planId,
    planName: plan.terms.planName,
    quantity: plan.quantity,
    amount: priceOf(plan),
    currency: state.currency,
    billingCycle: plan.terms.billingCycle,
  };
}

/** What a trial's customer is told of: the plan, with what was bought with it and is tried as well. */
export function payloadOfTrial(state: Subscription): Record<string, unknown> {
  const plan = planOf(state);
  const tried = triedIn(state);
  const isOfOneCycle = tried.every(({ terms }) => terms.billingCycle === plan.terms.billingCycle);
  const together = {
    planName: tried.map(nameOf).join(', '),
    quantity: 1,
    amount: tried.reduce((sum, item) => sum + priceOf(item), 0),
    ...(isOfOneCycle ? {} : { billingCycle: null }),
  };

  const setupFee = tried.reduce((sum, item) => sum + setupFeeOf(item), 0);

  return {
    ...payloadOf(state),
    ...(tried.length === 1 ? {} : together),
    ...(setupFee === 0 ? {} : { setupFee }),
  };
}

/** What a trial is of. */
export function triedIn(state: Subscription): SubscriptionItem[] {
  return state.items.filter((item) => item.key === planItem || item.awaitsPlan === true);
}

/** The same of an add-on, which it names in place of the plan. */
export function payloadOfAddon(state: Subscription, item: AddonItem): Record<string, unknown> {
  return {
    ...payloadOf(state),
    planName: nameOf(item),
    quantity: item.quantity,
    amount: priceOf(item),
    billingCycle: item.terms.billingCycle,
  };
}

/** What is told of one of its invoices: what is about add-ons alone names them and their price in place of the plan (D27). */
export function payloadOfInvoice(state: Subscription, invoiceId: number): Record<string, unknown> {
  const addons = addonsOfInvoice(state, invoiceId);
  const named =
    addons.length === 0
      ? {}
      : {
          planName: addons.map(nameOf).join(', '),
          quantity: 1,
          amount: addons.reduce((sum, item) => sum + priceOf(item), 0),
        };

  return { ...payloadOf(state), ...named, invoiceId };
}

/** What the amount of that is of, for notices. */
export function pricedOfInvoice(state: Subscription, invoiceId: number): readonly PricedTerms[] | undefined {
  const addons = addonsOfInvoice(state, invoiceId);

  return addons.length === 0 ? undefined : addons;
}

function addonsOfInvoice(state: Subscription, invoiceId: number): SubscriptionItem[] {
  const invoice = invoiceOf(state, invoiceId);

  return invoice?.role === 'addons' ? state.items.filter(({ key }) => invoice.items.some((one) => one === key)) : [];
}

/** A change of its terms that has no event of its own; `changed` names the fields as the API does. */
export function updatedEvent(
  state: Subscription,
  changed: readonly string[],
  more: Record<string, unknown> = {},
): SubscriptionEffect {
  return { type: 'event', name: 'subscription.updated', payload: { ...payloadOf(state), changed, ...more } };
}

/** A code is used on the subscription. */
export function redeemedEvent(state: Subscription, { promotionId, code }: AppliedPromotion): SubscriptionEffect {
  const { id: subscriptionId, customerId, currency } = state;

  return {
    type: 'event',
    name: 'promotion.redeemed',
    payload: { promotionId, code, subscriptionId, customerId, discount: null, currency },
  };
}

/** The changes of plan and seats that wait have changed: what they come to together, and when. */
export function waitingChanged(state: Subscription): SubscriptionEffect[] {
  const { key } = planOf(state);
  // A change of price is told where it is announced.
  const asked = waitingForPeriodEnd(state).filter((change) => isOfTerms(change) && change.kind !== 'price');
  const next = withChanges(planOf(state), asked);
  const isChanging = asked.some((change) => itemKeyOf(change) === key);
  const more = isChanging
    ? {
        newPlanId: next.terms.planId,
        newQuantity: next.quantity,
        effectiveAt: isoOrNull(periodEndOf(state)),
      }
    : {};

  const told = updatedEvent(state, ['scheduledChange'], more);
  const { planName, billingCycle } = next.terms;
  const data = {
    ...payloadOf(state),
    planName,
    billingCycle,
    quantity: next.quantity,
    amount: priceOf(next),
    effectiveAt: isoOrNull(periodEndOf(state)),
  };

  return isChanging ? [told, { type: 'notice', kind: 'change_scheduled', data, of: [next] }] : [told];
}

/** What every change of plan leaves behind; nothing when plan and quantity stay. */
export function planChangeEffects(
  before: Subscription,
  after: Subscription,
  details: string | null = null,
): SubscriptionEffect[] {
  const [old, now]: [PlanItem, PlanItem] = [planOf(before), planOf(after)];

  if (areSameTerms(old.terms, now.terms) && old.quantity === now.quantity) {
    return [];
  }
  const [previousPlanId, newPlanId] = [old.terms.planId, now.terms.planId];
  const data = { ...payloadOf(after), previousPlanId, previousQuantity: old.quantity, newPlanId };

  if (previousPlanId === newPlanId && old.quantity === now.quantity) {
    const priced = { ...payloadOf(after), previousAmount: priceOf(old) };

    return [
      { type: 'event', name: 'subscription.price.changed', payload: priced },
      { type: 'history', action: 'plan_changed', details: details ?? 'the price changed', previousPlanId, newPlanId },
      { type: 'notice', kind: 'price_changed', data: priced },
    ];
  }

  return [
    { type: 'event', name: 'subscription.plan.changed', payload: data },
    { type: 'history', action: 'plan_changed', details, previousPlanId, newPlanId },
    { type: 'notice', kind: 'plan_changed', data },
  ];
}

export function wrongState({ status }: Subscription, advice: string): AppError {
  return new AppError('subscription_state', {
    detail: `The subscription is ${status}. ${advice}`,
    params: { state: status },
  });
}

export function chargeInFlight(): AppError {
  return new AppError('charge_in_flight', { detail: 'A charge has no answer yet; try again when it has.' });
}
