import type { AppliedPromotion } from '../../billing/pricing/pricer-rules';
import { AppError } from '../../errors';
import { addonPayload, purchasedAddon, purchaseTold, requireNoTopUps } from './addon-rules';
import { daysOn } from '../schedule/billing-schedule-calendar';
import { prepend } from './decision-rules';
import type { Decision, WantedAddon } from './decision-types';
import { withDiscountEnds } from '../charges/discount-calendar';
import { addonsOf, isFree, planOf } from './item-rules';
import { DAY_MS } from '../schedule/subscription-deadline-rules';
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

/** How far a start may lie behind, and ahead: days. */
const mostDaysBack = 3 * 366;
const mostDaysAhead = 5 * 366;

/**
 * What is true of a subscription that is made now, before anything is billed (D17). One whose start is to come waits for it.
 * @param begin.trialEnd of the trial that it begins with; where it is not given, of one of `trialDays` days
 * @param begin.redeemed promotions whose codes it begins with
 * @param begin.addons what is bought with the plan
 * @throws AppError invalid_date_sequence when its term ends before it begins to be paid for, or its start lies too far off;
 *   currency_mismatch
 */
export function decideStart(
  unbegun: Subscription,
  { trialDays = 0, trialEnd: named = null, redeemed = [], addons = [] }: Beginning,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const plan = planOf(unbegun);
  const startsAt = startOf(unbegun, now);
  const trialEnd = named ?? (trialDays > 0 ? daysOn(startsAt, trialDays, unbegun.timeZone) : null);
  requireNoTopUps(addons);
  const bought = addons.map((one): AddonItem => ({ ...purchasedAddon(unbegun, one, now), awaitsPlan: true }));
  const fresh: Subscription = { ...unbegun, items: [plan, ...bought], trialEnd };
  const earliestEnd = Math.max(trialEnd ?? startsAt, now);

  if (plan.endsAt !== null && plan.endsAt < earliestEnd) {
    throw new AppError('invalid_date_sequence', {
      field: '/endsAt',
      detail: `The term cannot end before ${isoOf(earliestEnd)}, when it begins to be paid for.`,
    });
  }
  const { state, effects } =
    startsAt > now
      ? { state: { ...fresh, status: 'scheduled' as const }, effects: [] }
      : begin(fresh, startsAt, policy, now);
  const starts = unbegun.startsAt === null ? {} : { startsAt: isoOf(startsAt) };

  return {
    state,
    effects: [
      {
        type: 'event',
        name: 'subscription.created',
        payload: { ...payloadOf(state), status: state.status, isFreeTier: isFree(plan), ...starts },
      },
      { type: 'history', action: 'created', details: null, newPlanId: plan.terms.planId },
      ...redeemed.map((promotion) => redeemedEvent(state, promotion)),
      ...purchaseTold(state, addonsOf(state)),
      ...effects,
    ],
  };
}

/** The start that was waited for has come: from here it is a subscription like any that begins at once. */
export function startScheduled(state: Subscription, at: number, policy: SubscriptionPolicy, now: number): Decision {
  const begun = begin(state, at, policy, now);
  const told = { ...payloadOf(begun.state), status: begun.state.status, startsAt: isoOf(at) };

  return prepend(
    [
      { type: 'event', name: 'subscription.started', payload: told },
      { type: 'history', action: 'status_changed', details: 'it began' },
    ],
    begun,
  );
}

/** @throws AppError invalid_date_sequence */
function startOf({ startsAt }: Subscription, now: number): number {
  const at = startsAt ?? now;

  if (at < now - mostDaysBack * DAY_MS || at > now + mostDaysAhead * DAY_MS) {
    throw new AppError('invalid_date_sequence', {
      field: '/startsAt',
      detail: 'It may lie three years back, or five ahead.',
    });
  }

  return at;
}

/** With its trial, where that is not over by now; else with service that is paid for, from the end of the trial on. */
function begin(fresh: Subscription, at: number, policy: SubscriptionPolicy, now: number): Decision {
  const { trialEnd } = fresh;

  if (trialEnd !== null && trialEnd > now) {
    // What is bought with the plan is tried with it.
    const tried = addonsOf(fresh).map((item): AddonItem => ({ ...item, status: 'active', activatedAt: now }));
    const state: Subscription = { ...fresh, items: [planOf(fresh), ...tried], status: 'trial' };
    const payload = { ...payloadOf(state), trialStart: isoOf(at), trialEnd: isoOf(trialEnd) };

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
  const from = trialEnd ?? at;
  const active: Subscription = { ...fresh, status: 'active' };

  return isFree(planOf(fresh))
    ? beginAddonsAlone(withDiscountEnds({ ...active, activatedAt: from }, from, false), from, policy, now)
    : beginService(active, from, firstInvoice(active, null, policy, now), policy, now);
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
