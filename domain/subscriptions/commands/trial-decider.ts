import { AppError } from '../../errors';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import { endTrial } from '../lifecycle/due-decider';
import { planOf } from '../lifecycle/item-rules';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { isoOf, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { plannedTrialEnd } from '../schedule/trial-calendar';

/**
 * A trial that runs ends earlier, later, or now. The first paid period begins where it ends, whenever that is, and what
 * waits for its end, as a cancellation, moves with it. Who was told of the other end is told again, ahead of this one.
 * @throws AppError subscription_state, no_change, invalid_date_sequence
 */
export function changeTrial(
  state: Subscription,
  { trialEnd: asked }: Extract<SubscriptionCommand, { type: 'change_trial' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const { status, trialEnd: before, timeZone } = state;

  if (status !== 'trial' || before === null) {
    throw wrongState(state, 'It is not in a trial.');
  }

  if (asked === 'now') {
    return endTrial({ ...state, trialEnd: now }, { at: now }, policy);
  }
  const trialEnd = plannedTrialEnd(asked, { now, hourOf: before, timeZone, termEnd: planOf(state).endsAt });

  if (trialEnd === before) {
    throw new AppError('no_change', { field: '/trialEnd', detail: `The trial ends at ${isoOf(before)} already.` });
  }
  const [ends, previously] = [isoOf(trialEnd), isoOf(before)];

  return {
    state: { ...state, trialEnd, trialEndingTold: false },
    effects: [
      updatedEvent(state, ['trialEnd'], { trialEnd: ends, previousTrialEnd: previously }),
      { type: 'history', action: 'trial_changed', details: `the trial ends ${ends}, not ${previously}` },
    ],
  };
}
