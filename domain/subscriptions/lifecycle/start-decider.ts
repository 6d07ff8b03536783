import type { AppliedPromotion } from '../../billing/pricing/pricer-rules';
import { AppError } from '../../errors';
import { addonPayload, purchasedAddon, purchaseTold } from './addon-rules';
import { daysOn } from './billing-schedule-calendar';
import type { Decision, WantedAddon } from './decision-types';
import { withDiscountEnds } from '../charges/discount-calendar';
import { addonsOf, isFree, planOf } from './item-rules';
import { beginAddonsAlone, beginService, payBy } from '../charges/service-start';
import type { AddonItem, FreeTier, InvoiceRole, Subscription, SubscriptionPolicy } from './subscription-types';
import { isoOf, payloadOf, payloadOfTrial, redeemedEvent, triedIn } from './telling-rules';

/** What a subscription begins with besides its plan. */
export interface Beginning {
  trialDays?: number;
  /** epoch milliseconds */
  trialEnd?: number | null;
  redeemed?: readonly AppliedPromotion[];
  addons?: readonly WantedAddon[];
}

/**
 * What is true of a subscription that begins now, before anything is billed (D17).
 * @param begin.trialEnd of the trial that it begins with; where it is not given, of one of `trialDays` days
 * @param begin.redeemed promotions whose codes it begins with
 * @param begin.addons what is bought with the plan
 * @throws AppError invalid_date_sequence when its term ends before it begins to be paid for, currency_mismatch
 */
export function decideStart(
  unbegun: Subscription,
  { trialDays = 0, trialEnd: named = null, redeemed = [], addons = [] }: Beginning,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const plan = planOf(unbegun);
  const bought = addons.map((one): AddonItem => ({ ...purchasedAddon(unbegun, one, now), awaitsPlan: true }));
  const fresh: Subscription = { ...unbegun, items: [plan, ...bought] };
  const trialEnd = named ?? (trialDays > 0 ? daysOn(now, trialDays, fresh.timeZone) : null);
  const begins = trialEnd ?? now;

  if (plan.endsAt !== null && plan.endsAt < begins) {
    throw new AppError('invalid_date_sequence', {
      field: '/endsAt',
      detail: `The term cannot end before ${isoOf(begins)}, when it begins to be paid for.`,
    });
  }
  const { state, effects } = started(fresh, { trialEnd }, policy, now);

  return {
    state,
    effects: [
      {
        type: 'event',
        name: 'subscription.created',
        payload: { ...payloadOf(state), status: state.status, isFreeTier: isFree(plan) },
      },
      { type: 'history', action: 'created', details: null, newPlanId: plan.terms.planId },
      ...redeemed.map((promotion) => redeemedEvent(state, promotion)),
      ...purchaseTold(state, addonsOf(state)),
      ...effects,
    ],
  };
}

function started(
  fresh: Subscription,
  { trialEnd }: { trialEnd: number | null },
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (trialEnd !== null) {
    // What is bought with the plan is tried with it.
    const tried = addonsOf(fresh).map((item): AddonItem => ({ ...item, status: 'active', activatedAt: now }));
    const state: Subscription = { ...fresh, items: [planOf(fresh), ...tried], status: 'trial', trialEnd };
    const payload = { ...payloadOf(state), trialStart: isoOf(now), trialEnd: isoOf(trialEnd) };

    return {
      state,
      effects: [
        { type: 'event', name: 'subscription.trial.started', payload },
        ...tried.map((item) => ({
          type: 'event' as const,
          name: 'addon.activated' as const,
          payload: addonPayload(state, item),
        })),
        { type: 'notice', kind: 'trial_started', data: { ...payload, ...payloadOfTrial(state) }, of: triedIn(state) },
      ],
    };
  }
  const active: Subscription = { ...fresh, status: 'active' };

  return isFree(planOf(fresh))
    ? beginAddonsAlone(withDiscountEnds({ ...active, activatedAt: now }, now, false), now, policy)
    : beginService(active, now, firstInvoice(active, null, policy, now), policy);
}

/**
 * The role of an invoice that must be paid before anything counts (D17): within hours where payments are made at once, by
 * its due date where it is sent.
 */
export function firstInvoice(
  state: Subscription,
  fallback: FreeTier | null,
  policy: SubscriptionPolicy,
  from: number,
): InvoiceRole {
  return { role: 'first', payBy: payBy(state, from, policy), fallback };
}
