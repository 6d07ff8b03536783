import { at, isOfPlan } from '../snapshot';
import type { Invariant } from './known';

const isOver = (status: string) => status === 'cancelled' || status === 'expired';

/** Of where a subscription stands, and what time will bring about next. */
export const standingInvariants: Invariant[] = [
  {
    rule: 'it has a next deadline, or nothing to wait for',
    holds: ({ snapshot: { subscription, invoices } }) => {
      const { status, next_deadline_at: next, amount, ends_at: endsAt } = subscription;
      const waits =
        ['trial', 'past_due'].includes(status) ||
        (status === 'active' && (amount > 0 || endsAt !== null)) ||
        (status === 'paused' && endsAt !== null);
      const owes = invoices.some((one) => one.status === 'open' && one.due_amount > 0);

      return waits && next === null ? [`${status}, ${owes ? 'owes money, ' : ''}and no deadline`] : [];
    },
  },
  {
    rule: 'what time has brought is done',
    holds: ({ snapshot: { subscription, now } }) => {
      const { next_deadline_at: next, next_deadline: kind } = subscription;

      return next !== null && at(next) <= at(now) ? [`${kind} was due at ${next}, now ${now}`] : [];
    },
  },
  {
    rule: 'an active subscription that is paid for is within its period',
    holds: ({ snapshot: { subscription, now }, known }) => {
      // The day of a change may be the last one of the old plan: it is billed, and the period begins with the next.
      const isBegun = (start: string) => at(now) >= at(start) || known.had('planChangeDayOfChange', 'old_plan');
      const { status, amount, current_period_start: from, current_period_end: to } = subscription;
      const isServed = (status === 'active' || status === 'past_due') && amount > 0;

      return isServed && (from === null || to === null || !isBegun(from) || at(now) >= at(to))
        ? [`${status} at ${now}, period ${from} to ${to}`]
        : [];
    },
  },
  {
    rule: 'it is past due when, and only when, something that it owes is dunned',
    holds: ({ snapshot, known }) => {
      const { subscription, runs, invoices } = snapshot;
      // Of add-ons alone: they end without it, and nothing else does.
      const active = runs.filter((run) => run.status === 'active' && isOfPlan(snapshot, run.invoice_id));
      const owed = active.filter((run) =>
        invoices.some(({ id, status }) => id === run.invoice_id && status === 'open'),
      );
      // The first invoice is asked for without dunning, also that of a plan that follows a free one.
      const isOwed = invoices.some(({ id, status }) => status === 'open' && isOfPlan(snapshot, id));
      const isLeft = known.had('dunningEndAction', 'leave');

      if (owed.length < active.length) {
        return [
          `dunned: ${JSON.stringify(active)}; open: ${invoices.filter(({ status }) => status === 'open').map(({ id }) => id)}`,
        ];
      }

      return subscription.status === 'past_due' && owed.length === 0 && !isOwed && !isLeft
        ? ['past due, and nothing is owed']
        : subscription.status === 'active' && owed.length > 0
          ? ['active while it is dunned']
          : [];
    },
  },
  {
    rule: 'dunning that goes on has a next step',
    holds: ({ snapshot: { runs, payments } }) =>
      runs
        .filter(
          (run) =>
            run.status === 'active' &&
            run.next_attempt_at === null &&
            run.ends_at === null &&
            !payments.some((one) => one.invoice_id === run.invoice_id && one.status === 'initiated'),
        )
        .map((run) => JSON.stringify(run)),
  },
  {
    rule: 'a cancellation is told whole: its time and reason stand with it, and go with it',
    holds: ({ snapshot: { subscription } }) => {
      const { status, cancel_at_period_end: isEnding, cancelled_at: when, cancellation_reason: why } = subscription;

      return !isOver(status) && !isEnding && (when !== null || why !== null)
        ? [`${status}, not to end, cancelled at ${when}, reason ${why}`]
        : [];
    },
  },
  {
    rule: 'it has ended by the time for which it was cancelled',
    holds: ({ snapshot: { subscription, now }, known }) =>
      known.endsBy !== null && at(now) >= known.endsBy && !isOver(subscription.status)
        ? [`${subscription.status} at ${now}, was to end at ${new Date(known.endsBy).toISOString()}`]
        : [],
  },
  {
    rule: 'a free plan stays when a dearer one is not paid for',
    holds: ({ snapshot: { subscription, payments, entries, runs, now }, known }) => {
      const came = payments.some((one) => one.paid_amount > 0) || entries.some(({ kind }) => kind === 'applied');
      // In arrears it was used before it was billed: what is not paid for at the end of dunning ends, as any plan does.
      const isEndMeant =
        known.endsBy !== null ||
        subscription.ends_at !== null ||
        known.had('dunningEndAction', 'cancel') ||
        (known.had('billingTiming', 'in_arrears') && runs.length > 0);

      return known.start.plan === 'free' && !came && subscription.status === 'expired' && !isEndMeant
        ? [`expired at ${now}, and nothing was ever paid`]
        : [];
    },
  },
  {
    rule: 'a term ends when it was agreed to',
    holds: ({ snapshot: { subscription, now } }) =>
      subscription.ends_at !== null && at(now) >= at(subscription.ends_at) && !isOver(subscription.status)
        ? [`${subscription.status} at ${now}, its term ended at ${subscription.ends_at}`]
        : [],
  },
  {
    rule: 'what is over asks for no more than was used',
    holds: ({ snapshot: { subscription, invoices, payments, entries }, known: { wasFree } }) => {
      // A plan of 0 counts without money.
      const came =
        wasFree || payments.some((one) => one.paid_amount > 0) || entries.some(({ kind }) => kind === 'applied');
      const endedAt = subscription.ended_at;

      if (!isOver(subscription.status) || endedAt === null) {
        return [];
      }

      return invoices
        .filter((one) => one.status === 'open' && one.due_amount > 0)
        .filter(
          (one) =>
            // A change that was asked for in the very moment of the end is charged as agreed.
            at(one.period_start) > at(endedAt) ||
            // So is a period that had begun in it.
            (at(one.period_start) === at(endedAt) &&
              one.purpose !== 'change' &&
              one.period_start !== subscription.current_period_start) ||
            (!came && subscription.status === 'cancelled' && subscription.billing_timing === 'in_advance'),
        )
        .map(
          (one) => `invoice ${one.id} of ${one.period_start} is open, ${one.due_amount} due; it ended at ${endedAt}`,
        );
    },
  },
];
