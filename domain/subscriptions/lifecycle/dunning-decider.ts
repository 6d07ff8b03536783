import type { DunningRun } from '../../billing/dunning/dunning-run';
import { retryDates, retryOffsets } from '../../billing/dunning/dunning-rules';
import { atAnchorTime, localDateAt } from '../../calendar/zoned-calendar';
import { endAddons } from './addon-decider';
import type { Decision, SubscriptionEffect } from './decision-types';
import { backToFreeTier, pastDue, withEnd } from './ending-decider';
import { DAY_MS, isEnded } from '../schedule/subscription-deadline-rules';
import {
  firstInvoiceOf,
  invoiceOf,
  isInFlight,
  isOfAddons,
  unpaidInvoice,
  unpaidInvoices,
  withoutInvoice,
  withoutInvoices,
  withUnpaid,
} from './subscription-invoice-rules';
import type { Subscription, SubscriptionInvoice, SubscriptionPolicy } from './subscription-types';
import { isoOrNull, payloadOfInvoice, pricedOfInvoice } from './telling-rules';
import { findWaiting } from './waiting-change-rules';

/** Money that is asked for and does not come (D16, D23). */

/** A failed charge is tried again, or the customer is reminded with a fresh way to pay. */
export function tryAgain(state: Subscription, run: DunningRun, policy: SubscriptionPolicy, now: number): Decision {
  const { invoiceId, isHard } = run;
  const attempt = run.attempts + 1;
  const data = { ...payloadOfInvoice(state, invoiceId), attempt };

  if (isChargedByUs(state) && !isHard) {
    return {
      state: withRun(state, { ...run, nextAttemptAt: null }),
      effects: [
        { type: 'event', name: 'payment.retry', payload: data },
        { type: 'dunning_attempt', invoiceId, attempt, kind: 'charge' },
        { type: 'collect', invoiceId, attempt: 'retry' },
      ],
    };
  }
  const next = afterFailure({ ...run, attempts: attempt }, state, policy, now);
  const kind = isHard ? 'skipped' : 'reminder';

  return {
    state: withRun(state, next),
    effects: [
      { type: 'event', name: 'payment.retry', payload: { ...data, kind } },
      { type: 'dunning_attempt', invoiceId, attempt, kind },
      ...(isHard ? [] : [{ type: 'collect' as const, invoiceId, attempt: 'retry' as const }]),
      {
        type: 'notice',
        kind: 'payment_retry',
        data: { ...data, nextAttemptAt: isoOrNull(next.nextAttemptAt) },
        of: pricedOfInvoice(state, invoiceId),
      },
    ],
  };
}

/** The last try has failed: the end action of the company; an upgrade from the free tier falls back to it. */
export function endDunning(state: Subscription, run: DunningRun, policy: SubscriptionPolicy, now: number): Decision {
  const closed: SubscriptionEffect = { type: 'dunning_closed', invoiceId: run.invoiceId, status: 'exhausted' };

  if (policy.dunningEndAction === 'leave') {
    const left = withUnpaid(state, run.invoiceId, { isLeft: true });

    return { state: { ...left, dunning: state.dunning.filter((one) => one !== run) }, effects: [closed] };
  }
  const unpaid = invoiceOf(state, run.invoiceId);

  if (unpaid?.role === 'addons') {
    const { invoiceId, items } = unpaid;
    const ended = endAddons(withoutInvoice(state, invoiceId), items, {
      status: 'expired',
      at: now,
      reason: 'not paid',
    });

    return { state: ended.state, effects: [closed, { type: 'uncollectible', invoiceId }, ...ended.effects] };
  }
  const isGivenUp = (invoice: SubscriptionInvoice) => invoice.role !== 'ahead' && !isOfAddons(invoice);
  const givenUp: SubscriptionEffect[] = unpaidInvoices(state)
    .filter(isGivenUp)
    .map(({ invoiceId }) => ({ type: 'uncollectible', invoiceId }));
  const left = withoutInvoices(state, isGivenUp);
  const rest = { ...left, dunning: left.dunning.filter(({ invoiceId }) => invoiceOf(left, invoiceId) !== undefined) };
  const after = afterGivingUp(state, rest, policy, now);

  return { state: after.state, effects: [closed, ...givenUp, ...after.effects] };
}

function afterGivingUp(before: Subscription, rest: Subscription, policy: SubscriptionPolicy, now: number): Decision {
  const fallback = firstInvoiceOf(before)?.fallback ?? null;

  if (isEnded(rest)) {
    return { state: rest, effects: [] };
  }

  if (fallback !== null && findWaiting(rest, 'cancel') === undefined) {
    return backToFreeTier(rest, fallback);
  }

  return withEnd(rest, policy.dunningEndAction === 'expire' ? 'expired' : 'cancelled', now, 'not paid');
}

/**
 * Once, at the due date. Whoever pays by hand is past due from here; what was sent before there was a method to charge is
 * charged now, and its dunning begins if that fails.
 */
export function tellOverdue(state: Subscription, invoiceId: number, policy: SubscriptionPolicy, now: number): Decision {
  const told = withUnpaid(state, invoiceId, { isOverdueTold: true });
  const overdue: SubscriptionEffect = { type: 'overdue', invoiceId };
  const effects: SubscriptionEffect[] = [
    overdue,
    {
      type: 'notice',
      kind: 'invoice_overdue',
      data: payloadOfInvoice(state, invoiceId),
      of: pricedOfInvoice(state, invoiceId),
    },
  ];

  // An invoice has one run: whose tries have ended before is told of alone.
  const isLeft = unpaidInvoice(state, invoiceId)?.unpaid.isLeft === true;

  if (isLeft || runOf(state, invoiceId) !== undefined || isInFlight(state, invoiceId)) {
    return { state: told, effects };
  }

  if (isChargedByUs(state)) {
    return { state: told, effects: [overdue, { type: 'collect', invoiceId, attempt: 'first' }] };
  }
  const run = afterFailure(
    { invoiceId, firstFailedAt: now, attempts: 1, isHard: false, endsAt: null },
    state,
    policy,
    now,
  );
  const late = lateWith(withRun(told, run), invoiceId);

  return {
    state: late.state,
    effects: [...effects, { type: 'dunning_attempt', invoiceId, attempt: 1, kind: 'reminder' }, ...late.effects],
  };
}

/** The subscription is past due; not for add-ons, which end alone (D27). */
export function lateWith(state: Subscription, invoiceId: number): Decision {
  return invoiceOf(state, invoiceId)?.role === 'addons' ? { state, effects: [] } : pastDue(state);
}

export function askAgain(state: Subscription, invoiceId: number): Decision {
  return { state: withUnpaid(state, invoiceId, { askAt: null }), effects: [{ type: 'ask_again', invoiceId }] };
}

/**
 * The run after one more failure (D23): the next try on the first local day of the schedule that is still to come, at the
 * time of day of the first failure. So a try in between, by another method, uses none of those days up, and tries that nobody
 * could make in their time are not made all at once. After the last day the end action is due. Charges end at once, but not
 * before a time that was left; a customer who pays by hand has the last interval once more after the last reminder.
 */
export function afterFailure(
  run: Pick<DunningRun, 'invoiceId' | 'firstFailedAt' | 'attempts' | 'isHard' | 'endsAt'>,
  state: Subscription,
  { retries }: Pick<SubscriptionPolicy, 'retries'>,
  now: number,
): DunningRun {
  const { firstFailedAt } = run;
  const next = retryDates(localDateAt(firstFailedAt, state.timeZone), retries)
    .map((date) => atAnchorTime(date, firstFailedAt, state.timeZone))
    .find((at) => at > now);

  if (next !== undefined) {
    return { ...run, nextAttemptAt: next, endsAt: null };
  }
  const [last = 0, before = 0] = retryOffsets(retries).toReversed();
  const lastGapDays = Math.max(1, last - before);
  const endsAt = isChargedByUs(state) ? Math.max(now, run.endsAt ?? now) : now + lastGapDays * DAY_MS;

  return { ...run, nextAttemptAt: null, endsAt };
}

export function runOf({ dunning }: Subscription, invoiceId: number): DunningRun | undefined {
  return dunning.find((run) => run.invoiceId === invoiceId);
}

/** Replaces the run of one invoice. */
export function withRun(state: Subscription, run: DunningRun): Subscription {
  return { ...state, dunning: [...state.dunning.filter(({ invoiceId }) => invoiceId !== run.invoiceId), run] };
}

/** Whether its saved method is charged, rather than its customer asked. */
export function isChargedByUs({ collection, hasMethod }: Subscription): boolean {
  return collection === 'charge_automatically' && hasMethod;
}
