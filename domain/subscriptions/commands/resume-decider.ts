import { otherSchedule, restOfPeriod } from '../lifecycle/billing-schedule-calendar';
import { prepend } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withPauseAdded } from '../charges/discount-rules';
import { asFreeTier, pastDue } from '../lifecycle/ending-decider';
import { addonsOf, isFree, planOf, withItem } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import { type BilledPart, issueAll, serviceOf } from '../charges/period-billing';
import { dunningOfPlan } from '../lifecycle/subscription-invoice-rules';
import { withPeriodCounted } from '../lifecycle/phase-rules';
import type {
  ProrationBehavior,
  Subscription,
  SubscriptionPolicy,
  WaitingChange,
} from '../lifecycle/subscription-types';
import { payloadOf, planChangeEffects, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import {
  findWaiting,
  hasCome,
  heldToPeriod,
  isOfTerms,
  waitingForPeriodEnd,
  waitsForCharge,
  withChanges,
  withoutWaiting,
} from '../lifecycle/waiting-change-rules';

/**
 * Goes on in the middle of the period the day lies in, with the changes whose time came meanwhile; what is not paid for of
 * it yet is billed.
 */
export function resume(
  state: Subscription,
  { prorationBehavior: behavior }: Extract<SubscriptionCommand, { type: 'resume' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const options = { behavior, before: state, policy, now };

  if (findWaiting(state, 'pause') !== undefined && state.status !== 'paused') {
    const active = withoutWaiting(state, (change) => change.kind === 'pause' && !waitsForCharge(change));

    return { state: active, effects: [updatedEvent(state, ['pauseAtPeriodEnd'])] };
  }
  const plan = planOf(state);

  if (state.status !== 'paused' || plan.schedule === null) {
    throw wrongState(state, 'Only a paused subscription can be resumed.');
  }
  const shifted = withPauseAdded(state, now - (state.pausedAt ?? now));
  const free: Subscription = { ...shifted, status: 'active', pausedAt: null };
  // What was not paid before, or during, the pause is still asked for.
  const owing = dunningOfPlan(state).length > 0 ? pastDue(free) : { state: free, effects: [] };
  const active = owing.state;
  const told: SubscriptionEffect[] = [
    { type: 'event', name: 'subscription.resumed', payload: payloadOf(state) },
    { type: 'history', action: 'status_changed', details: 'resumed' },
    { type: 'notice', kind: 'subscription_resumed', data: payloadOf(state) },
    ...owing.effects,
  ];

  if (plan.period !== null && now < plan.period.endsAt) {
    const again = resumedAddons(heldToPeriod(active), now);

    return prepend(told, billedOnResume(again.state, again.parts, options));
  }
  // Its period has ended in the pause.
  const isOver = ({ takesEffect }: WaitingChange) => takesEffect.on === 'instant' && takesEffect.at <= now;
  const due = waitingForPeriodEnd(state).filter((change) => isOver(change) && hasCome(change, now));
  const changed = withChanges(plan, due);
  const left = withoutWaiting(active, ({ id }) => due.some((change) => isOfTerms(change) && change.id === id));
  const resumed = heldToPeriod(withPeriodCounted(left, isOver));
  const withTerms = withItem(resumed, plan.key, changed);
  const effects = [...told, ...planChangeEffects(state, withTerms)];

  if (isFree(changed)) {
    const again = resumedAddons(asFreeTier(withTerms), now);

    return prepend(effects, billedOnResume(again.state, again.parts, options));
  }
  const scheduled = { ...serviceOf(state, changed), ...plan.schedule };
  const { denominator, ...started } =
    changed.terms.billingCycle === plan.terms.billingCycle
      ? restOfPeriod(now, scheduled)
      : otherSchedule(now, scheduled, { ...policy.change, billingTime: policy.billingTime });
  const running = withItem(withTerms, plan.key, started);
  const again = resumedAddons(running, now);
  const parts = [{ item: planOf(running), service: started.period, denominator }, ...again.parts];

  return prepend(effects, billedOnResume(again.state, parts, options));
}

/** Add-ons whose period has been given up, or has run out, in the pause. */
function resumedAddons(state: Subscription, now: number): { state: Subscription; parts: BilledPart[] } {
  return addonsOf(state).reduce<{ state: Subscription; parts: BilledPart[] }>(
    (seen, item) => {
      const { schedule, period, key, terms } = item;
      const { billingCycle } = terms;

      if (
        item.status !== 'active' ||
        schedule === null ||
        billingCycle === null ||
        (period !== null && now < period.endsAt)
      ) {
        return seen;
      }
      const service = serviceOf(seen.state, { ...item, terms: { billingCycle } });
      const { denominator, ...started } = restOfPeriod(now, { ...service, ...schedule });
      const next = { ...item, ...started };

      return {
        state: withItem(seen.state, key, started),
        parts: [...seen.parts, { item: next, service: started.period, denominator }],
      };
    },
    { state, parts: [] },
  );
}

function billedOnResume(
  state: Subscription,
  parts: readonly BilledPart[],
  options: { behavior: ProrationBehavior | undefined; before: Subscription; policy: SubscriptionPolicy; now: number },
): Decision {
  const effects = state.billingTiming === 'in_arrears' ? [] : issueAll(state, parts, 'resume', options.policy);

  return billedBy(options.behavior, { state, effects }, options);
}
