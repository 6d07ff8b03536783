import type { InstantSpan } from '../../calendar/zoned-calendar';
import { AppError } from '../../errors';
import { afterFailure, withRun } from './subscription-dunning-rules';
import { type Deadline, dueDeadline, isLastPeriod } from './subscription-deadline-rules';
import {
  daysOn,
  firstPeriod,
  otherRow,
  periodFrom,
  type Row,
  type StartedPeriod,
  wholePeriodAt,
} from './subscription-period-rules';
import type {
  AgreedPlan,
  Decision,
  Subscription,
  SubscriptionEffect,
  SubscriptionPolicy,
  SubscriptionStatus,
} from './subscription-types';

/**
 * The life of a subscription as a decider: `(state, what has come, now) → (state, effects)`. Pure: the clock, the
 * database and the providers are the caller's. Time is decided on here, commands in `subscription-command-rules.ts`,
 * answers of providers in `subscription-payment-rules.ts`.
 */

const termEnded = 'its term ended';

/**
 * Carries out the earliest deadline that is due at `now`; null when none is. Called until it answers null, so that
 * whatever was missed is made up for in the order in which it was due.
 */
export function decideDue(state: Subscription, policy: SubscriptionPolicy, now: number): Decision | null {
  const due = dueDeadline(state, now);

  return due === null ? null : decideDeadline(state, due, policy, now);
}

function decideDeadline(state: Subscription, due: Deadline, policy: SubscriptionPolicy, now: number): Decision {
  switch (due.kind) {
    case 'trial_ending':
      return tellTrialEnding(state);
    case 'trial_end':
      return endTrial(state, policy);
    case 'first_invoice_expiry':
      return expireUnactivated(state, now);
    case 'renewal_invoice':
      return issueAhead(state, policy);
    case 'period_end':
      return endPeriod(state, policy);
    case 'term_end':
      return withEnd(state, 'expired', due.at, termEnded);
    case 'dunning_attempt':
      return tryAgain(state, due.invoiceId, policy, now);
    case 'dunning_end':
      return endDunning(state, due.invoiceId, policy, now);
    case 'invoice_overdue':
      return tellOverdue(state, due.invoiceId, policy, now);
    case 'ask_provider':
      return askAgain(state, due.invoiceId);
  }
}

/**
 * What is true of a subscription that begins now, before anything is billed (D17).
 * @throws AppError invalid_date_sequence when its term ends before it begins to be paid for
 */
export function decideStart(
  fresh: Subscription,
  options: { trialDays: number; isFree: boolean },
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const created: SubscriptionEffect[] = [
    { type: 'history', action: 'created', details: null, newPlanId: fresh.plan.planId },
  ];
  const begins = options.trialDays > 0 ? daysOn(now, options.trialDays, fresh.timeZone) : now;

  if (fresh.endsAt !== null && fresh.endsAt < begins) {
    throw new AppError('invalid_date_sequence', {
      field: '/endsAt',
      detail: `The term cannot end before ${isoOf(begins)}, when it begins to be paid for.`,
    });
  }
  const createdEvent = (state: Subscription): SubscriptionEffect => ({
    type: 'event',
    name: 'subscription.created',
    payload: { ...payloadOf(state), status: state.status, isFreeTier: options.isFree },
  });

  if (options.trialDays > 0) {
    const trialEnd = begins;
    const state: Subscription = { ...fresh, status: 'trial', trialEnd };
    const started: SubscriptionEffect = {
      type: 'event',
      name: 'subscription.trial.started',
      payload: { ...payloadOf(state), trialStart: isoOf(now), trialEnd: isoOf(trialEnd) },
    };

    return { state, effects: [createdEvent(state), started, ...created] };
  }

  if (options.isFree) {
    const state: Subscription = { ...fresh, status: 'active', activatedAt: now };

    return { state, effects: [createdEvent(state), ...created] };
  }
  const begun = beginService({ ...fresh, status: 'active' }, policy, now, 'first');

  return { state: begun.state, effects: [createdEvent(begun.state), ...created, ...begun.effects] };
}

/** Service of a plan that is paid begins: the first period, and its invoice (in advance). */
export function beginService(
  state: Subscription,
  policy: SubscriptionPolicy,
  from: number,
  role: 'first' | 'now',
): Decision {
  const { denominator, ...started } = firstPeriod(from, state, policy.billingTime);
  const begun: Subscription = { ...state, ...started };
  const by = from + policy.firstInvoiceExpiryHours * 3_600_000;
  const invoice = issueFor(
    begun,
    'first',
    started.period,
    denominator,
    policy,
    role === 'first' ? { role, by } : { role },
  );

  const isBilled = state.billingTiming === 'in_advance' && started.period.endsAt > started.period.startsAt;

  return { state: begun, effects: isBilled ? [invoice] : [] };
}

function tellTrialEnding(state: Subscription): Decision {
  const data = { ...payloadOf(state), trialEnd: isoOf(state.trialEnd ?? 0) };

  return {
    state: { ...state, trialEndingTold: true },
    effects: [
      { type: 'event', name: 'subscription.trial.ending', payload: data },
      { type: 'notice', kind: 'trial_ending', data },
    ],
  };
}

/** The trial is over: the plan is billed from here, its anchor is here, and normal dunning follows (D17, S405). */
function endTrial(state: Subscription, policy: SubscriptionPolicy): Decision {
  const at = state.trialEnd ?? 0;

  if (state.cancelAtPeriodEnd) {
    return withEnd(state, 'expired', at, 'the trial ended');
  }
  const isFree = state.plan.amount === 0;
  const active: Subscription = { ...state, status: 'active', activatedAt: isFree ? at : state.activatedAt };
  const begun = isFree ? { state: active, effects: [] } : beginService(active, policy, at, 'now');
  const data = { ...payloadOf(state), trialEnd: isoOf(at), convertedToActive: true };

  return {
    state: begun.state,
    effects: [
      { type: 'event', name: 'subscription.trial.ended', payload: data },
      { type: 'history', action: 'status_changed', details: 'the trial ended' },
      { type: 'notice', kind: 'trial_ended', data },
      ...begun.effects,
    ],
  };
}

/** The first invoice was not paid in time: void, and the subscription is over without any dunning (D17). */
function expireUnactivated(state: Subscription, now: number): Decision {
  const invoiceId = state.firstInvoice?.invoiceId ?? 0;
  const ended = withEnd({ ...state, firstInvoice: null }, 'expired', now, 'the first invoice was not paid');

  return { state: ended.state, effects: [{ type: 'reverse', invoiceId, reason: 'void' }, ...ended.effects] };
}

/** The invoice of the next period, ahead of its boundary (D18). */
function issueAhead(state: Subscription, policy: SubscriptionPolicy): Decision {
  const { next, denominator } = afterBoundary(state, policy);

  const data = {
    ...payloadOf(next),
    currentPeriodEnd: isoOf(state.period?.endsAt ?? 0),
    nextPeriodEnd: isoOf(next.period.endsAt),
  };

  return {
    state,
    effects: [
      issueFor(next, 'renewal', next.period, denominator, policy, { role: 'renewal' }),
      { type: 'event', name: 'subscription.renewal.upcoming', payload: data },
      { type: 'notice', kind: 'renewal_upcoming', data },
    ],
  };
}

/** The boundary: what was to happen at the end of the period happens, or the next period begins (D18). */
function endPeriod(state: Subscription, policy: SubscriptionPolicy): Decision {
  const ended = state.period as InstantSpan;
  const arrears: SubscriptionEffect[] =
    state.billingTiming === 'in_arrears' && ended.endsAt > ended.startsAt
      ? [issueFor(state, 'renewal', ended, wholeOf(state), policy, { role: 'now' })]
      : [];

  if (isLastPeriod(state)) {
    const reason = state.cancelAtPeriodEnd ? 'cancelled for the end of the period' : termEnded;
    const over = withEnd(state, 'expired', ended.endsAt, reason);

    return { state: over.state, effects: [...arrears, ...over.effects] };
  }

  if (state.pauseAtPeriodEnd) {
    const paused = withPause(state, ended.endsAt);

    return { state: paused.state, effects: [...arrears, ...paused.effects] };
  }
  const { next, denominator } = afterBoundary(state, policy);
  const changed = planChangeEffects(state, next.plan, next.quantity);

  if (next.plan.amount === 0) {
    return { state: asFreeTier(next), effects: [...arrears, ...changed] };
  }
  const payload = {
    ...payloadOf(next),
    previousPeriodEnd: isoOf(ended.endsAt),
    currentPeriodStart: isoOf(next.period.startsAt),
    currentPeriodEnd: isoOf(next.period.endsAt),
    amount: next.plan.amount * next.quantity,
  };
  const billing: SubscriptionEffect[] =
    state.billingTiming === 'in_arrears'
      ? arrears
      : state.renewalInvoiceId !== null
        ? [{ type: 'collect', invoiceId: state.renewalInvoiceId, attempt: 'first' }]
        : [issueFor(next, 'renewal', next.period, denominator, policy, { role: 'now' })];

  return {
    state: { ...next, renewalInvoiceId: null, scheduled: null },
    effects: [
      ...changed,
      { type: 'event', name: 'subscription.renewed', payload },
      { type: 'history', action: 'renewed', details: null },
      ...billing,
      ...(isPaidAhead(state) ? [{ type: 'notice', kind: 'subscription_renewed', data: payload } as const] : []),
    ],
  };
}

/** Credit has paid for it, so no payment tells the customer that it goes on. */
function isPaidAhead({ renewalInvoiceId, unpaid }: Subscription): boolean {
  return renewalInvoiceId !== null && unpaid.every(({ invoiceId }) => invoiceId !== renewalInvoiceId);
}

/**
 * The subscription as it is right after its current period, with the change that was put off to then, and the whole period
 * that measures its new one.
 */
export function afterBoundary(
  state: Subscription,
  policy: SubscriptionPolicy,
): { next: Subscription & { period: InstantSpan }; denominator: InstantSpan } {
  const plan = state.scheduled?.plan ?? state.plan;
  const quantity = state.scheduled?.quantity ?? state.quantity;
  const changed = { ...state, plan, quantity };
  const { denominator, ...started } = periodAfterBoundary(changed, state.plan.billingCycle, policy);

  return { next: { ...changed, ...started }, denominator };
}

function periodAfterBoundary(
  state: Subscription,
  cycleBefore: AgreedPlan['billingCycle'],
  policy: SubscriptionPolicy,
): StartedPeriod {
  const boundary = state.period?.endsAt ?? 0;

  if (!hasRow(state)) {
    return firstPeriod(boundary, state, policy.billingTime);
  }

  return state.plan.billingCycle === cycleBefore
    ? periodFrom(boundary, state, state.periodIndex + 1)
    : otherRow(boundary, state, { ...policy.change, billingTime: policy.billingTime });
}

/** A failed charge is tried again, or the customer is reminded with a fresh way to pay (D23). */
function tryAgain(state: Subscription, invoiceId: number | null, policy: SubscriptionPolicy, now: number): Decision {
  const run = state.dunning.find((candidate) => candidate.invoiceId === invoiceId);

  if (run === undefined) {
    return { state, effects: [] };
  }
  const attempt = run.attempts + 1;
  const data = { ...payloadOf(state), invoiceId: run.invoiceId, attempt };
  const isCharged = state.collection === 'charge_automatically' && state.hasMethod && !run.isHard;

  if (isCharged) {
    return {
      state: { ...state, dunning: withRun(state.dunning, { ...run, nextAttemptAt: null }) },
      effects: [
        { type: 'event', name: 'payment.retry', payload: data },
        { type: 'dunning_attempt', invoiceId: run.invoiceId, attempt, kind: 'charge' },
        { type: 'collect', invoiceId: run.invoiceId, attempt: 'retry' },
      ],
    };
  }
  const next = afterFailure({ ...run, attempts: attempt }, state, policy, now);
  const kind = run.isHard ? 'skipped' : 'reminder';

  return {
    state: { ...state, dunning: withRun(state.dunning, next) },
    effects: [
      { type: 'event', name: 'payment.retry', payload: { ...data, kind } },
      { type: 'dunning_attempt', invoiceId: run.invoiceId, attempt, kind },
      ...(run.isHard ? [] : [{ type: 'collect' as const, invoiceId: run.invoiceId, attempt: 'retry' as const }]),
      { type: 'notice', kind: 'payment_retry', data: { ...data, nextAttemptAt: isoOrNull(next.nextAttemptAt) } },
    ],
  };
}

/** The last try has failed: the end action of the company (D23). */
function endDunning(state: Subscription, invoiceId: number | null, policy: SubscriptionPolicy, now: number): Decision {
  const run = state.dunning.find((candidate) => candidate.invoiceId === invoiceId);

  if (run === undefined) {
    return { state, effects: [] };
  }
  const closed: SubscriptionEffect = { type: 'dunning_closed', invoiceId: run.invoiceId, status: 'exhausted' };
  const rest = { ...state, dunning: state.dunning.filter((candidate) => candidate !== run) };

  if (policy.dunningEndAction === 'leave') {
    return { state: rest, effects: [closed] };
  }
  const giveUp: SubscriptionEffect[] = state.unpaid
    .filter((unpaid) => unpaid.invoiceId !== state.renewalInvoiceId)
    .map((unpaid) => ({ type: 'uncollectible', invoiceId: unpaid.invoiceId }));

  if (isEnded(state)) {
    return { state: { ...rest, dunning: [] }, effects: [closed, ...giveUp] };
  }
  const over = withEnd(rest, policy.dunningEndAction === 'expire' ? 'expired' : 'cancelled', now, 'not paid');

  return { state: over.state, effects: [closed, ...giveUp, ...over.effects] };
}

/** Once, at the due date (D16). Whoever pays by hand is past due from here. */
function tellOverdue(state: Subscription, invoiceId: number | null, policy: SubscriptionPolicy, now: number): Decision {
  const data = { ...payloadOf(state), invoiceId };
  const told = {
    ...state,
    unpaid: state.unpaid.map((one) => (one.invoiceId === invoiceId ? { ...one, isOverdueTold: true } : one)),
  };
  const effects: SubscriptionEffect[] = [
    { type: 'overdue', invoiceId: invoiceId ?? 0 },
    { type: 'notice', kind: 'invoice_overdue', data },
  ];
  const isDunned = state.dunning.some((run) => run.invoiceId === invoiceId);

  if (isDunned || invoiceId === null || state.unpaid.some((one) => one.invoiceId === invoiceId && one.chargeInFlight)) {
    return { state: told, effects };
  }
  const run = afterFailure({ invoiceId, firstFailedAt: now, attempts: 1, isHard: false }, state, policy, now);
  const late = pastDue({ ...told, dunning: withRun(told.dunning, run) });

  return {
    state: late.state,
    effects: [...effects, { type: 'dunning_attempt', invoiceId, attempt: 1, kind: 'reminder' }, ...late.effects],
  };
}

function askAgain(state: Subscription, invoiceId: number | null): Decision {
  return {
    state: {
      ...state,
      unpaid: state.unpaid.map((one) => (one.invoiceId === invoiceId ? { ...one, askAt: null } : one)),
    },
    effects: invoiceId === null ? [] : [{ type: 'ask_again', invoiceId }],
  };
}

/** An active subscription becomes past due; every other status stays. */
export function pastDue(state: Subscription): Decision {
  if (state.status !== 'active') {
    return { state, effects: [] };
  }
  const data = payloadOf(state);

  return {
    state: { ...state, status: 'past_due' },
    effects: [
      { type: 'event', name: 'subscription.past_due', payload: data },
      { type: 'history', action: 'status_changed', details: 'an invoice was not paid' },
      { type: 'notice', kind: 'subscription_past_due', data },
    ],
  };
}

/** The end of a subscription: nothing more is billed, and what was billed ahead is taken back. */
export function withEnd(state: Subscription, status: 'cancelled' | 'expired', at: number, details: string): Decision {
  const ahead = state.renewalInvoiceId;
  const data = { ...payloadOf(state), reason: state.cancellationReason ?? details };

  return {
    state: {
      ...state,
      status,
      endedAt: at,
      cancelledAt: state.cancelledAt ?? (status === 'cancelled' ? at : null),
      cancelAtPeriodEnd: false,
      pauseAtPeriodEnd: false,
      scheduled: null,
      renewalInvoiceId: null,
      firstInvoice: null,
      postponed: null,
    },
    effects: [
      ...(ahead === null ? [] : [{ type: 'reverse' as const, invoiceId: ahead, reason: 'cancellation' as const }]),
      { type: 'event', name: status === 'expired' ? 'subscription.expired' : 'subscription.cancelled', payload: data },
      { type: 'history', action: status === 'expired' ? 'status_changed' : 'cancelled', details },
      { type: 'notice', kind: status === 'expired' ? 'subscription_expired' : 'subscription_cancelled', data },
    ],
  };
}

/** Service stops until it is resumed; nothing is billed meanwhile. */
export function withPause(state: Subscription, at: number): Decision {
  const ahead = state.renewalInvoiceId;
  const data = payloadOf(state);

  return {
    state: { ...state, status: 'paused', pausedAt: at, pauseAtPeriodEnd: false, renewalInvoiceId: null },
    effects: [
      ...(ahead === null ? [] : [{ type: 'reverse' as const, invoiceId: ahead, reason: 'reissue' as const }]),
      { type: 'event', name: 'subscription.paused', payload: data },
      { type: 'history', action: 'status_changed', details: 'paused' },
      { type: 'notice', kind: 'subscription_paused', data },
    ],
  };
}

/** What every change of plan leaves behind; nothing when plan and quantity stay. */
export function planChangeEffects(before: Subscription, plan: AgreedPlan, quantity: number): SubscriptionEffect[] {
  if (plan.planId === before.plan.planId && plan.amount === before.plan.amount && quantity === before.quantity) {
    return [];
  }
  const data = {
    ...payloadOf({ ...before, plan, quantity }),
    previousPlanId: before.plan.planId,
    previousQuantity: before.quantity,
    newPlanId: plan.planId,
  };

  return [
    { type: 'event', name: 'subscription.plan.changed', payload: data },
    {
      type: 'history',
      action: 'plan_changed',
      details: null,
      previousPlanId: before.plan.planId,
      newPlanId: plan.planId,
    },
    { type: 'notice', kind: 'plan_changed', data },
  ];
}

/** Without period, timer and invoice, as a free tier is (D27). */
export function asFreeTier(state: Subscription): Subscription {
  return {
    ...state,
    anchorAt: null,
    anchorDay: null,
    period: null,
    periodIndex: 0,
    renewalInvoiceId: null,
    scheduled: null,
  };
}

/** The invoice effect of a stretch of service, due so many days after its start (in arrears: after its end). */
export function issueFor(
  state: Subscription,
  purpose: Extract<SubscriptionEffect, { type: 'issue' }>['purpose'],
  service: InstantSpan,
  denominator: InstantSpan,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  as: Extract<SubscriptionEffect, { type: 'issue' }>['as'],
): Extract<SubscriptionEffect, { type: 'issue' }> {
  const from = state.billingTiming === 'in_arrears' ? service.endsAt : service.startsAt;

  return {
    type: 'issue',
    purpose,
    plan: state.plan,
    quantity: state.quantity,
    service,
    denominator,
    dueAt: from + policy.invoiceDueDays * 86_400_000,
    nextBillingAt: service.endsAt,
    as,
  };
}

/** The whole period that the current one is part of. */
export function wholeOf(state: Subscription): InstantSpan {
  return hasRow(state) ? wholePeriodAt(state, state.periodIndex) : { startsAt: 0, endsAt: 0 };
}

/** Whether it has periods: its first one has begun, and it is no free tier. */
export function hasRow<State extends Subscription>(state: State): state is State & Row {
  return state.anchorAt !== null && state.anchorDay !== null;
}

export function isEnded({ status }: { status: SubscriptionStatus }): boolean {
  return status === 'cancelled' || status === 'expired';
}

/** A change of its terms that has no event of its own; `changed` names the fields as the API does. */
export function updatedEvent(
  state: Subscription,
  changed: readonly string[],
  more: Record<string, unknown> = {},
): SubscriptionEffect {
  return { type: 'event', name: 'subscription.updated', payload: { ...payloadOf(state), changed, ...more } };
}

/** What every event of a subscription says. */
export function payloadOf(state: Subscription): Record<string, unknown> {
  return {
    subscriptionId: state.id,
    customerId: state.customerId,
    planId: state.plan.planId,
    planName: state.plan.planName,
    quantity: state.quantity,
    amount: state.plan.amount * state.quantity,
    currency: state.currency,
  };
}

export const isoOf = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null) => (at === null ? null : isoOf(at));
