import { dueAfter } from './due-date-calendar';
import type { Decision, SubscriptionEffect } from '../lifecycle/decision-types';
import { isEnded } from '../schedule/subscription-deadline-rules';
import type { CollectionBehavior, KeptDraft, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';

/**
 * A decision whose invoices are collected, or are not while that is paused. Drafts that were kept get their numbers where
 * collection goes on, or the subscription is over: before everything else, so that what the decision credits may be a part
 * of them, and they are asked for after it.
 */
export function withCollection(
  before: Subscription,
  decision: Decision,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  const after = isEnded(decision.state) ? { ...decision.state, collectionPause: null } : decision.state;
  const behavior = behaviorOf(before, after);
  const effects = decision.effects.map((effect) =>
    effect.type === 'issue' && behavior !== null ? { ...effect, uncollected: behavior } : effect,
  );

  if (after.collectionPause !== null || before.drafts.length === 0) {
    return { state: after, effects };
  }
  const dueAt = dueAfter(after, policy, now);
  const numbered = before.drafts.map((draft) => settledDraft(draft, after, dueAt));

  return {
    state: { ...after, drafts: [] },
    effects: [
      ...numbered,
      ...effects,
      ...numbered.flatMap((effect) =>
        effect.type === 'number_draft'
          ? [{ type: 'collect' as const, invoiceId: effect.invoiceId, attempt: 'first' as const }]
          : [],
      ),
    ],
  };
}

/** What is billed up to the end of a pause is billed in it; what would be a draft then is asked for with the others. */
function behaviorOf(before: Subscription, after: Subscription): CollectionBehavior | null {
  const behavior = (before.collectionPause ?? after.collectionPause)?.behavior ?? null;

  return behavior === 'keep_as_draft' && after.collectionPause === null ? null : behavior;
}

/** Service that was to begin with the end, or after it, is not asked for. */
function settledDraft(draft: KeptDraft, { endedAt }: Subscription, dueAt: number): SubscriptionEffect {
  const isUnbegun = endedAt !== null && draft.startsAt !== null && draft.startsAt >= endedAt;

  return isUnbegun
    ? { type: 'reverse', invoiceId: draft.invoiceId, reason: 'cancellation' }
    : { type: 'number_draft', dueAt, ...draft };
}
