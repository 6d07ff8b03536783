import type { Decision } from './decision-types';
import type { Subscription } from './subscription-types';

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
