import type { LockedSubscription } from '../row/lock-subscription';
import { type DeadlineKind, hasChargeInFlight, isLastPeriod, nextDeadline } from './subscription-deadline-rules';
import { isEnded } from './subscription-rules';
import type { Subscription, SubscriptionStatus } from './subscription-types';

/** What the workflow of a subscription knows of it; everything else is in its row. Plain JSON. */
export interface SubscriptionStanding {
  status: SubscriptionStatus;
  planName: string;
  /** minor units for a period, all seats */
  amount: number;
  currency: string;
  cancelAtPeriodEnd: boolean;
  /** It ends with the period: cancelled for then, or at the end of its term. */
  isLastPeriod: boolean;
  /** epoch milliseconds */
  periodEnd: number | null;
  deadline: { kind: DeadlineKind; at: number } | null;
  /** Payments of a saved method that have no definite answer yet. */
  charges: number[];
  /** On a test clock: time comes from it, and simulated charges are made here (D26). */
  isOnClock: boolean;
  /** Nothing will ever happen to it again. */
  isOver: boolean;
}

export function standingOf(
  state: Subscription,
  { testClockId }: Pick<LockedSubscription, 'testClockId'>,
): SubscriptionStanding {
  const deadline = nextDeadline(state);

  return {
    status: state.status,
    planName: state.plan.planName,
    amount: state.plan.amount * state.quantity,
    currency: state.currency,
    cancelAtPeriodEnd: state.cancelAtPeriodEnd,
    isLastPeriod: isLastPeriod(state),
    periodEnd: state.period?.endsAt ?? state.trialEnd,
    deadline: deadline === null ? null : { kind: deadline.kind, at: deadline.at },
    charges: state.unpaid.flatMap(({ chargeInFlight, askAt }) =>
      chargeInFlight === null || askAt !== null ? [] : [chargeInFlight],
    ),
    isOnClock: testClockId !== null,
    isOver: isEnded(state) && deadline === null && !hasChargeInFlight(state),
  };
}
