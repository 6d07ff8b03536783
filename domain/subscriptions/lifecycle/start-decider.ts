import type { AppliedPromotion } from '../../billing/pricing/pricer-rules';
import { AppError } from '../../errors';
import { daysOn } from './billing-schedule-calendar';
import type { Decision } from './decision-types';
import { withDiscountEnds } from '../charges/discount-calendar';
import { isFree, planOf } from './item-rules';
import { beginService } from '../charges/period-billing';
import type { FreeTier, InvoiceRole, Subscription, SubscriptionPolicy } from './subscription-types';
import { isoOf, payloadOf, redeemedEvent } from './telling-rules';

/**
 * What is true of a subscription that begins now, before anything is billed (D17).
 * @param options.redeemed promotions whose codes it begins with
 * @throws AppError invalid_date_sequence when its term ends before it begins to be paid for
 */
export function decideStart(
  fresh: Subscription,
  { trialDays, redeemed = [] }: { trialDays: number; redeemed?: readonly AppliedPromotion[] },
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const plan = planOf(fresh);
  const begins = trialDays > 0 ? daysOn(now, trialDays, fresh.timeZone) : now;

  if (plan.endsAt !== null && plan.endsAt < begins) {
    throw new AppError('invalid_date_sequence', {
      field: '/endsAt',
      detail: `The term cannot end before ${isoOf(begins)}, when it begins to be paid for.`,
    });
  }
  const { state, effects } = started(fresh, { trialEnd: trialDays > 0 ? begins : null }, policy, now);

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
    const state: Subscription = { ...fresh, status: 'trial', trialEnd };
    const payload = { ...payloadOf(state), trialStart: isoOf(now), trialEnd: isoOf(trialEnd) };

    return {
      state,
      effects: [
        { type: 'event', name: 'subscription.trial.started', payload },
        { type: 'notice', kind: 'trial_started', data: payload },
      ],
    };
  }
  const active: Subscription = { ...fresh, status: 'active' };

  return isFree(planOf(fresh))
    ? { state: withDiscountEnds({ ...active, activatedAt: now }, now, false), effects: [] }
    : beginService(active, now, firstInvoice(active, null, policy, now), policy);
}

/**
 * The role of an invoice that must be paid before anything counts (D17): within hours where payments are made at once, by
 * its due date where it is sent.
 */
export function firstInvoice(
  { paysAtOnce }: Subscription,
  fallback: FreeTier | null,
  { firstInvoiceExpiryHours }: SubscriptionPolicy,
  from: number,
): InvoiceRole {
  return { role: 'first', payBy: paysAtOnce ? from + firstInvoiceExpiryHours * 3_600_000 : null, fallback };
}
