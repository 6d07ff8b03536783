import { startOfDay } from '../../calendar/zoned-calendar';
import { AppError } from '../../errors';
import { takeBackAhead } from '../charges/period-billing';
import { pausedCollection, resumedCollection } from '../lifecycle/collection-pause-rules';
import { inTurn } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import type { Subscription } from '../lifecycle/subscription-types';
import { isoOf, wrongState } from '../lifecycle/telling-rules';

/**
 * Nobody is asked any more for what is billed, until an instant or until somebody resumes it; asked again, otherwise than
 * before. Invoices of next periods that are unpaid are taken back: they are made at their boundaries. What was billed before
 * is asked for as ever.
 * @throws AppError subscription_state in a trial and before the first payment, no_change, invalid_date_sequence
 */
export function pauseCollection(
  state: Subscription,
  { behavior, resumesAt: asked }: Extract<SubscriptionCommand, { type: 'pause_collection' }>,
  now: number,
): Decision {
  if (state.activatedAt === null) {
    throw wrongState(state, 'Collection can be paused once its first payment is there.');
  }
  const resumesAt = asked === null ? null : instantOf(asked, state.timeZone);

  if (resumesAt !== null && resumesAt <= now) {
    throw new AppError('invalid_date_sequence', {
      field: '/resumesAt',
      detail: `Collection can go on after ${isoOf(now)}, not before.`,
    });
  }
  const { collectionPause: before } = state;

  if (before !== null && before.behavior === behavior && before.resumesAt === resumesAt) {
    throw new AppError('no_change', { detail: 'Its collection is paused like this already.' });
  }

  return inTurn(
    state,
    (open) => takeBackAhead(open, 'reissue', undefined, ({ unpaid }) => unpaid !== null),
    (open) => pausedCollection(open, { behavior, resumesAt }, now),
  );
}

/** @throws AppError subscription_state */
export function resumeCollection(state: Subscription): Decision {
  if (state.collectionPause === null) {
    throw wrongState(state, 'Its collection is not paused.');
  }

  return resumedCollection(state);
}

/**
 * What has to be paid before it counts is refused while nobody is asked for anything.
 * @throws AppError collection_paused
 */
export function requireCollected({ collectionPause }: Subscription, { state: after, effects }: Decision): void {
  const isAwaited = (key: string) =>
    after.items.some((item) => item.key === key && 'status' in item && item.status === 'pending');
  const mustBePaid = effects.some(
    (effect) =>
      effect.type === 'issue' &&
      (effect.as.role === 'first' || (effect.as.role === 'addons' && effect.as.items.some(isAwaited))),
  );

  if (collectionPause !== null && mustBePaid) {
    throw new AppError('collection_paused', {
      detail: 'This counts once it is paid for, and collection is paused: resume it first.',
    });
  }
}

const instantOf = (text: string, timeZone: string): number =>
  !text.includes('T') ? startOfDay(text, timeZone) : Date.parse(text);
