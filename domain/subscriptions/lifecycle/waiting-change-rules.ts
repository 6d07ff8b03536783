import { addonsOf, areOfSame, isInPeriod, planOf } from './item-rules';
import type {
  AddonKey,
  ItemKey,
  Subscription,
  SubscriptionItem,
  TakesEffect,
  WaitingChange,
  WantedChange,
} from './subscription-types';

/** Changes that wait, as one ordered list: several hold, and those of one kind and item replace each other. */

/** Adds a change; one of the same kind that waits for the same is replaced. */
export function withWaiting(state: Subscription, wanted: WantedChange, takesEffect: TakesEffect): Subscription {
  const id = state.lastChangeId + 1;
  const others = state.waitingChanges.filter((one) => !isReplacedBy(one, wanted, takesEffect));

  return { ...state, lastChangeId: id, waitingChanges: [...others, { ...wanted, id, takesEffect }] };
}

function isReplacedBy(one: WaitingChange, wanted: WantedChange, takesEffect: TakesEffect): boolean {
  return (
    one.kind === wanted.kind &&
    itemKeyOf(one) === itemKeyOf(wanted) &&
    waitsForCharge(one) === (takesEffect.on === 'charge_answer')
  );
}

export const itemKeyOf = (change: WantedChange): ItemKey | null => ('item' in change ? change.item : null);

/** Waits for the end of that item's own period. */
const isOfAddon = (change: WantedChange): boolean => itemKeyOf(change)?.startsWith('addon/') === true;

export const waitsForCharge = ({ takesEffect }: WaitingChange): boolean => takesEffect.on === 'charge_answer';

/** Those that wait for the end of a period, or for the instant that it had before a pause. */
export function waitingForPeriodEnd(state: Subscription): readonly WaitingChange[] {
  return state.waitingChanges.filter((change) => !waitsForCharge(change));
}

export function findWaiting(state: Subscription, kind: WantedChange['kind']): WaitingChange | undefined {
  return waitingForPeriodEnd(state).find((change) => change.kind === kind);
}

export function withoutWaiting(state: Subscription, isGone: (change: WaitingChange) => boolean): Subscription {
  const left = state.waitingChanges.filter((change) => !isGone(change));

  return left.length === state.waitingChanges.length ? state : { ...state, waitingChanges: left };
}

export const isOfTerms = ({ kind }: WantedChange): boolean =>
  kind === 'plan' || kind === 'quantity' || kind === 'price' || kind === 'phase';

/** Those of them whose time has come at the end of a period of the plan, or of an add-on. */
export function waitingForBoundary(state: Subscription, at: number): readonly WaitingChange[] {
  return waitingForPeriodEnd(state).filter((change) => hasCome(change, at));
}

/** Whether the end of a period brings it about: a price after its notice, a phase with the last period before it. */
export function hasCome(change: WantedChange, at: number): boolean {
  switch (change.kind) {
    case 'price': {
      const notBefore = change.renewalNotBefore ?? change.notBefore;

      return notBefore === null || notBefore <= at;
    }
    case 'phase':
      return change.periods <= 1;
    default:
      return true;
  }
}

/** An item with the plan and the seats that the changes make of it, in their order. */
export function withChanges<Item extends SubscriptionItem>(item: Item, changes: readonly WaitingChange[]): Item {
  return changes.reduce<Item>((seen, change) => {
    if (itemKeyOf(change) !== item.key) {
      return seen;
    }

    switch (change.kind) {
      case 'plan':
        return { ...seen, terms: change.terms };
      case 'price':
        return areOfSame(seen.terms, change.terms) ? { ...seen, terms: change.terms } : seen;
      case 'phase': {
        const { amount, quantity } = change;

        return isOfPlan(seen, change.planId)
          ? {
              ...seen,
              terms: { ...seen.terms, amount: amount ?? seen.terms.amount },
              quantity: quantity ?? seen.quantity,
            }
          : seen;
      }
      case 'quantity':
        return { ...seen, quantity: change.quantity };
      default:
        return seen;
    }
  }, item);
}

function isOfPlan({ terms }: SubscriptionItem, planId: number): boolean {
  return 'planId' in terms && terms.planId === planId;
}

/** When the period that they wait for ends; of a free tier the last one of its add-ons. Null where none is running. */
export function periodEndOf(state: Subscription): number | null {
  const plan = planOf(state);
  const ends = addonsOf(state).flatMap((item) => (isInPeriod(item) ? [item.period.endsAt] : []));

  return state.status === 'trial'
    ? state.trialEnd
    : isInPeriod(plan)
      ? plan.period.endsAt
      : ends.length === 0
        ? null
        : Math.max(...ends);
}

/** When a change takes effect, epoch milliseconds; what is about an add-on waits for the end of its own period, or of the trial that it is part of. */
export function effectiveAt(state: Subscription, change: WaitingChange): number | null {
  const { takesEffect } = change;
  const addon = addonsOf(state).find(({ key }) => key === itemKeyOf(change));

  switch (takesEffect.on) {
    case 'instant':
      return takesEffect.at;
    case 'charge_answer':
      return null;
    case 'period_end':
      return addon === undefined
        ? periodEndOf(state)
        : addon.awaitsPlan === true && state.status === 'trial'
          ? state.trialEnd
          : (addon.period?.endsAt ?? null);
  }
}

/** Whether an add-on is to be removed at the end of its period. */
export function isRemovalWaiting(state: Subscription, key: AddonKey): boolean {
  return state.waitingChanges.some((change) => change.kind === 'remove' && change.item === key);
}

/** Where periods of the plan stop running, what waits for the end of this one keeps the instant; those of add-ons go on. */
export function heldToInstant(
  state: Subscription,
  isMeant: (change: WaitingChange) => boolean = (change) => !isOfAddon(change),
): Subscription {
  return {
    ...state,
    waitingChanges: state.waitingChanges.map((change) => {
      const at = change.takesEffect.on === 'period_end' && isMeant(change) ? effectiveAt(state, change) : null;

      return at === null ? change : { ...change, takesEffect: { on: 'instant', at } };
    }),
  };
}

/** The same where all of them stop, those of add-ons too. */
export const allHeldToInstant = (state: Subscription): Subscription => heldToInstant(state, () => true);

/** Where periods run again, what still waits takes effect at the end of the one that runs. */
export function heldToPeriod(state: Subscription): Subscription {
  return {
    ...state,
    waitingChanges: state.waitingChanges.map((change) =>
      change.takesEffect.on === 'instant' ? { ...change, takesEffect: { on: 'period_end' } } : change,
    ),
  };
}
