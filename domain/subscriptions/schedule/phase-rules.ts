import type { PlanPhase } from '../../catalogue/plans/plan-phase-rules';
import { planOf, withItem } from '../lifecycle/item-rules';
import { type PhaseChange, planItem, type Subscription, type WaitingChange } from '../lifecycle/subscription-types';
import { withoutWaiting } from '../lifecycle/waiting-change-rules';

/**
 * Phases: what is agreed on of the plan's price and seats for later, counted in periods of the plan. They are changes that
 * wait, so an end of a period, previews, forecasts and bills know them as any other.
 */

/** From the end of so many periods of the plan on, another price, other seats, or both. */
export type Phase = Pick<PhaseChange, 'amount' | 'quantity' | 'periods'>;

export const isPhase = (change: WaitingChange): change is PhaseChange & WaitingChange => change.kind === 'phase';

export const phasesOf = ({ waitingChanges }: Subscription): (PhaseChange & WaitingChange)[] =>
  waitingChanges.filter(isPhase);

/** With these phases in place of those that wait. */
export function withPhases(state: Subscription, phases: readonly Phase[]): Subscription {
  const { planId } = planOf(state).terms;
  const waiting = phases.map((phase, nth): WaitingChange => ({
    kind: 'phase',
    item: planItem,
    planId,
    ...phase,
    id: state.lastChangeId + 1 + nth,
    takesEffect: { on: 'period_end' },
  }));

  return {
    ...state,
    waitingChanges: [...state.waitingChanges.filter((change) => !isPhase(change)), ...waiting],
    lastChangeId: state.lastChangeId + phases.length,
  };
}

/**
 * A subscription that begins with a plan: at the price of the plan's first phase, with the others to come and the plan's own
 * price after them.
 */
export function withPlanPhases(unbegun: Subscription, phases: readonly PlanPhase[]): Subscription {
  const [first, ...others] = phases;

  if (first === undefined) {
    return unbegun;
  }
  const { key, terms } = planOf(unbegun);
  const later = [...others.map(({ price }) => price), terms.amount];
  const ends = phases.map((_phase, nth) => phases.slice(0, nth + 1).reduce((sum, { periods }) => sum + periods, 0));
  const begun = withItem(unbegun, key, { terms: { ...terms, amount: first.price } });

  return withPhases(
    begun,
    later.map((amount, nth) => ({ amount, quantity: null, periods: ends[nth] as number })),
  );
}

/** A period of the plan has ended: phases that still wait are one nearer. */
export function withPeriodCounted(
  state: Subscription,
  isMeant: (change: WaitingChange) => boolean = () => true,
): Subscription {
  return {
    ...state,
    waitingChanges: state.waitingChanges.map((change) =>
      isPhase(change) && isMeant(change) ? { ...change, periods: Math.max(1, change.periods - 1) } : change,
    ),
  };
}

/** What was agreed on for a plan's price ends with the plan. */
export function withoutOtherPlans(state: Subscription): Subscription {
  const { planId } = planOf(state).terms;

  return withoutWaiting(
    state,
    (change) =>
      (isPhase(change) && change.planId !== planId) ||
      (change.kind === 'price' && change.item === planItem && change.terms.planId !== planId),
  );
}
