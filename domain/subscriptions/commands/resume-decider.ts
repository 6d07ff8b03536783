import { otherSchedule, restOfPeriod } from '../schedule/billing-schedule-calendar';
import { prepend } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withPauseAdded } from '../charges/discount-rules';
import { asFreeTier, pastDue } from '../lifecycle/ending-decider';
import { endAddons } from '../lifecycle/addon-decider';
import { addonPriceEffects } from '../lifecycle/addon-rules';
import { addonsOf, isFree, planOf, withItem, withoutPeriods } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import { addonPeriodFrom, serviceOf } from '../charges/item-schedule';
import { type BilledPart, issueAll } from '../charges/period-billing';
import { dunningOfPlan } from '../lifecycle/subscription-invoice-rules';
import { withPeriodCounted } from '../schedule/phase-rules';
import type {
  AddonInPeriod,
  AddonItem,
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

  // What was to happen at ends of periods that came in the pause.
  const isOver = ({ takesEffect }: WaitingChange) => takesEffect.on === 'instant' && takesEffect.at <= now;
  const due = waitingForPeriodEnd(state).filter((change) => isOver(change) && hasCome(change, now));
  const left = withoutWaiting(active, ({ id }) => due.some((change) => isOfTerms(change) && change.id === id));

  if (plan.period !== null && now < plan.period.endsAt) {
    const again = resumedAddons(heldToPeriod(left), due, policy, now);

    return prepend([...told, ...again.effects], billedOnResume(again.state, again.parts, options));
  }
  const changed = withChanges(plan, due);
  const resumed = heldToPeriod(withPeriodCounted(left, isOver));
  const withTerms = withItem(resumed, plan.key, changed);
  const effects = [...told, ...planChangeEffects(state, withTerms)];

  if (isFree(changed)) {
    const again = resumedAddons(asFreeTier(withTerms), due, policy, now);

    return prepend([...effects, ...again.effects], billedOnResume(again.state, again.parts, options));
  }
  const scheduled = { ...serviceOf(state, changed), ...plan.schedule };
  const { denominator, ...started } =
    changed.terms.billingCycle === plan.terms.billingCycle
      ? restOfPeriod(now, scheduled)
      : otherSchedule(now, scheduled, { ...policy.change, billingTime: policy.billingTime });
  const running = withItem(withTerms, plan.key, started);
  const again = resumedAddons(running, due, policy, now);
  const parts = [{ item: planOf(running), service: started.period, denominator }, ...again.parts];

  return prepend([...effects, ...again.effects], billedOnResume(again.state, parts, options));
}

/** Add-ons whose period has been given up, or has run out, in the pause. @param due what was to happen to them at its end */
function resumedAddons(
  state: Subscription,
  due: readonly WaitingChange[],
  policy: SubscriptionPolicy,
  now: number,
): Decision & { parts: BilledPart[] } {
  const isResumed = (item: AddonItem): item is AddonItem & Pick<AddonInPeriod, 'schedule' | 'terms'> =>
    item.status === 'active' &&
    item.schedule !== null &&
    item.terms.billingCycle !== null &&
    (item.period === null || now >= item.period.endsAt);
  const removals = due.filter((change) => change.kind === 'remove');
  const without = removals.reduce<Decision>(
    (seen, { item, takesEffect }) => {
      const at = takesEffect.on === 'instant' ? takesEffect.at : now;
      const over = endAddons(seen.state, [item], { status: 'removed', at, reason: 'at the end of its period' });

      return { state: over.state, effects: [...seen.effects, ...over.effects] };
    },
    { state, effects: [] },
  );
  const parts: BilledPart[] = [];
  const resumed = addonsOf(without.state)
    .filter(isResumed)
    .reduce((seen, before) => {
      const changed = withChanges(before, due);

      if (isFree(changed)) {
        return withItem(seen, before.key, { ...changed, ...withoutPeriods });
      }
      const isSame = changed.terms.billingCycle === before.terms.billingCycle;
      const { denominator, ...started } = isSame
        ? restOfPeriod(now, { ...serviceOf(seen, changed), ...before.schedule })
        : addonPeriodFrom(now, seen, changed, policy);
      const next = { ...changed, ...started };
      parts.push({ item: next, service: started.period, denominator });

      return withItem(seen, before.key, next);
    }, without.state);

  return { state: resumed, parts, effects: [...without.effects, ...addonPriceEffects(without.state, resumed)] };
}

function billedOnResume(
  state: Subscription,
  parts: readonly BilledPart[],
  options: { behavior: ProrationBehavior | undefined; before: Subscription; policy: SubscriptionPolicy; now: number },
): Decision {
  const effects = state.billingTiming === 'in_arrears' ? [] : issueAll(state, parts, 'resume', options.policy);

  return billedBy(options.behavior, { state, effects }, options);
}
