import type { Decision, SubscriptionEffect } from './decision-types';
import type { CollectionPause, Subscription } from './subscription-types';
import { isoOf, isoOrNull, payloadOf } from './telling-rules';

/** Pauses of collection: nobody is asked for what is billed meanwhile (charges/collection-rules.ts says what becomes of it). */

/** Collection is paused from `now` on, or otherwise than before. */
export function pausedCollection(
  state: Subscription,
  wanted: Pick<CollectionPause, 'behavior' | 'resumesAt'>,
  now: number,
): Decision {
  const { behavior, resumesAt } = wanted;
  const collectionPause = { behavior, resumesAt, pausedAt: state.collectionPause?.pausedAt ?? now };
  const data = { ...payloadOf(state), behavior, resumesAt: isoOrNull(resumesAt) };
  const until = resumesAt === null ? '' : ` until ${isoOf(resumesAt)}`;

  return {
    state: { ...state, collectionPause },
    effects: [
      { type: 'event', name: 'subscription.collection.paused', payload: data },
      { type: 'history', action: 'collection_changed', details: `collection is paused${until}: ${behavior}` },
      { type: 'notice', kind: 'collection_paused', data: { ...data, isOwedLater: behavior === 'keep_as_draft' } },
    ],
  };
}

/** It is collected again: what is billed from here on, and the drafts that were kept. */
export function resumedCollection(state: Subscription): Decision {
  const data = { ...payloadOf(state), draftCount: state.drafts.length };
  const effects: SubscriptionEffect[] = [
    { type: 'event', name: 'subscription.collection.resumed', payload: data },
    { type: 'history', action: 'collection_changed', details: 'collection goes on' },
    { type: 'notice', kind: 'collection_resumed', data: { ...data, isOwedLater: state.drafts.length > 0 } },
  ];

  return { state: { ...state, collectionPause: null }, effects };
}
