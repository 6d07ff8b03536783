import { AppError } from '../../errors';
import type { Decision } from '../lifecycle/decision-types';
import { takeBackAhead } from '../charges/period-billing';
import { planItem, type Subscription, type WaitingChange } from '../lifecycle/subscription-types';
import { payloadOf, updatedEvent, waitingChanged, wrongState } from '../lifecycle/telling-rules';
import { isOfTerms, itemKeyOf, withoutWaiting } from '../lifecycle/waiting-change-rules';

/** Changes that wait are taken back: one of them, those of plan and seats, or whatever ends or pauses the subscription. */

/** Takes cancellation and pause back; the renewal's invoice is issued again when its time has come. */
export function reactivate(state: Subscription): Decision {
  const goesOn = withoutWaiting(state, ({ kind }) => kind === 'cancel' || kind === 'pause');

  if (goesOn === state) {
    throw wrongState(state, 'Nothing is to end: there is no cancellation to take back.');
  }

  return {
    state: { ...goesOn, cancelledAt: null, cancellationReason: null },
    effects: [
      { type: 'event', name: 'subscription.reactivated', payload: payloadOf(state) },
      { type: 'history', action: 'status_changed', details: 'reactivated' },
    ],
  };
}

/** @throws AppError not_found when no such change waits */
export function takeChangeBack(state: Subscription, changeId: number): Decision {
  const change = state.waitingChanges.find(({ id }) => id === changeId);

  if (change === undefined) {
    throw new AppError('not_found', { field: '/changeId', detail: `No change ${changeId} waits.` });
  }
  const isOther = ({ kind, id }: WaitingChange) => kind === 'cancel' && id !== changeId;

  if (change.kind === 'cancel' && !state.waitingChanges.some(isOther)) {
    const kept = state.waitingChanges.filter(({ kind }) => kind === 'pause');
    const back = reactivate(state);

    return { ...back, state: { ...back.state, waitingChanges: [...back.state.waitingChanges, ...kept] } };
  }

  if (isOfTerms(change)) {
    return withoutTermsWaiting(state, ({ id }) => id === changeId);
  }

  if (change.kind === 'remove') {
    return { state: withoutWaiting(state, ({ id }) => id === changeId), effects: [updatedEvent(state, ['addons'])] };
  }

  return {
    state: withoutWaiting(state, ({ id }) => id === changeId),
    effects: [updatedEvent(state, [change.kind === 'pause' ? 'pauseAtPeriodEnd' : 'cancelAtPeriodEnd'])],
  };
}

/** Changes of plan, seats or price, of the plan or an add-on, that waited; the next period's invoice, issued with them, is issued again without. */
export function withoutTermsWaiting(state: Subscription, isGone: (change: WaitingChange) => boolean): Decision {
  const items = state.waitingChanges.filter(isGone).flatMap((change) => itemKeyOf(change) ?? []);
  const taken = takeBackAhead(withoutWaiting(state, isGone), 'reissue', items);
  const isOfPlan = items.includes(planItem);

  return {
    state: taken.state,
    effects: [...(isOfPlan ? waitingChanged(taken.state) : [updatedEvent(taken.state, ['addons'])]), ...taken.effects],
  };
}
