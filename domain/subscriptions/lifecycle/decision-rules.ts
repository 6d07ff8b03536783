import type { Decision, SubscriptionEffect } from './decision-types';
import { withCollection } from '../charges/collection-rules';
import { withUsage } from '../charges/metering-rules';
import { withPending } from '../charges/pending-item-rules';
import { withoutOtherPlans } from '../schedule/phase-rules';
import type { Subscription, SubscriptionPolicy } from './subscription-types';

/**
 * A decision with all that it brings to bill besides: what was put off until its first invoice, and the usage that it ends;
 * without what waited for another plan, and with nothing collected while that is paused. For whoever carries a decision out, so that none goes without, whatever it came from.
 */
export function withAllToBill(
  before: Subscription,
  decision: Decision,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  const kept = { ...decision, state: withoutOtherPlans(decision.state) };

  return withCollection(before, withUsage(before, withPending(kept, policy, now), policy, now), policy, now);
}

/** Several decisions as one, each on what the ones before it have made of the state. */
export function inTurn(state: Subscription, ...steps: readonly ((state: Subscription) => Decision)[]): Decision {
  return steps.reduce<Decision>(
    (seen, step) => {
      const next = step(seen.state);

      return { state: next.state, effects: [...seen.effects, ...next.effects] };
    },
    { state, effects: [] },
  );
}

/** A decision with effects that come before its own. */
export const prepend = (effects: readonly SubscriptionEffect[], decision: Decision): Decision => ({
  state: decision.state,
  effects: [...effects, ...decision.effects],
});
