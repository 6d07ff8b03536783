import { formatInstant } from '../../../platform/instant';
import type { LockedSubscription } from '../row/lock-subscription';
import { addonsOf, isInPeriod, planOf, priceOf } from './item-rules';
import { goingOnTogether } from '../charges/period-billing';
import {
  type Deadline,
  type DeadlineKind,
  isEnded,
  isLastPeriod,
  nextDeadline,
} from '../schedule/subscription-deadline-rules';
import { hasChargeInFlight, unpaidInvoices } from './subscription-invoice-rules';
import type { Subscription, SubscriptionStatus } from './subscription-types';
import { findWaiting, waitingForBoundary, withChanges } from './waiting-change-rules';

/** What the workflow of a subscription knows of it; everything else is in its row. Plain JSON. */
export interface SubscriptionStanding {
  status: SubscriptionStatus;
  planName: string;
  /** minor units for a period, all seats */
  amount: number;
  currency: string;
  /** What it has on top of the plan, as people read it; not in histories from before add-ons were sold. */
  addons?: string[];
  /** What is billed at the deadline, where it is the end of a period: minor units; not there either. */
  dueAmount?: number | null;
  cancelAtPeriodEnd: boolean;
  /** Nobody is asked for what is billed; not there where it is collected. */
  isCollectionPaused?: true;
  /** It ends with the period: cancelled for then, or at the end of its term. */
  isLastPeriod: boolean;
  /** epoch milliseconds */
  periodEnd: number | null;
  /** `wakeAt`: when its turn comes among many of the same instant; absent: then. Epoch milliseconds. */
  deadline: { kind: DeadlineKind; at: number; wakeAt?: number } | null;
  /** Both instants as the account writes them, ISO 8601 with its offset; not in histories from before November 2026. */
  local?: { periodEnd: string | null; deadline: string | null };
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
  const plan = planOf(state);
  const periodEnd = isInPeriod(plan) ? plan.period.endsAt : state.status === 'scheduled' ? null : state.trialEnd;
  const written = (at: number | null | undefined) => (at == null ? null : formatInstant(new Date(at), state.timeZone));

  return {
    status: state.status,
    planName: plan.terms.planName,
    amount: priceOf(plan),
    currency: state.currency,
    addons: addonsOf(state).map(({ terms, quantity }) => `${terms.addonName}${quantity === 1 ? '' : ` × ${quantity}`}`),
    dueAmount: dueAmountOf(state, deadline),
    ...(state.collectionPause === null ? {} : { isCollectionPaused: true as const }),
    cancelAtPeriodEnd: findWaiting(state, 'cancel') !== undefined,
    isLastPeriod: isLastPeriod(state, plan),
    periodEnd,
    deadline: deadline === null ? null : { kind: deadline.kind, at: deadline.at },
    local: { periodEnd: written(periodEnd), deadline: written(deadline?.at) },
    charges: unpaidInvoices(state).flatMap(({ unpaid: { chargeInFlight, askAt } }) =>
      chargeInFlight === null || askAt !== null ? [] : [chargeInFlight],
    ),
    isOnClock: testClockId !== null,
    isOver: isEnded(state) && deadline === null && !hasChargeInFlight(state),
  };
}

function dueAmountOf(state: Subscription, deadline: Deadline | null): number | null {
  return deadline?.kind !== 'period_end' && deadline?.kind !== 'renewal_invoice'
    ? null
    : goingOnTogether(state, deadline.item).reduce(
        (sum, item) => sum + priceOf(withChanges(item, waitingForBoundary(state, item.period.endsAt))),
        0,
      );
}
