import type { Subscription } from './subscription-types';

export const DAY_MS = 86_400_000;

/** Days before its end at which a trial's customer is told (D17). */
const trialNoticeDays = 3;

/** Periods shorter than this are invoiced at their boundary (D18). */
const leastDaysForLead = 8;

export type DeadlineKind =
  | 'trial_ending'
  | 'trial_end'
  | 'first_invoice_expiry'
  | 'renewal_invoice'
  | 'period_end'
  | 'term_end'
  | 'dunning_attempt'
  | 'dunning_end'
  | 'invoice_overdue'
  | 'ask_provider';

export interface Deadline {
  kind: DeadlineKind;
  /** epoch milliseconds */
  at: number;
  invoiceId: number | null;
}

/** At the same instant money that is due comes before what would bill more, and notices come last. */
const order: readonly DeadlineKind[] = [
  'ask_provider',
  'first_invoice_expiry',
  'dunning_attempt',
  'dunning_end',
  'trial_ending',
  'trial_end',
  'renewal_invoice',
  'period_end',
  'term_end',
  'invoice_overdue',
];

/** The next thing that time alone brings about; null when nothing does. Absolute, so it survives any restart. */
export function nextDeadline(state: Subscription): Deadline | null {
  return (
    deadlines(state).sort(
      (left, right) => left.at - right.at || order.indexOf(left.kind) - order.indexOf(right.kind),
    )[0] ?? null
  );
}

/** What is due at an instant, the earliest first; null when time has brought nothing about. */
export function dueDeadline(state: Subscription, now: number): Deadline | null {
  const next = nextDeadline(state);

  return next !== null && next.at <= now ? next : null;
}

/** Days before a boundary at which the next period's invoice is issued; 0: at the boundary (D18). */
export function effectiveLeadDays(state: Subscription): number {
  const { period, billingTiming, renewalLeadDays } = state;
  const isShort = period !== null && period.endsAt - period.startsAt < leastDaysForLead * DAY_MS;

  return billingTiming === 'in_arrears' || isShort ? 0 : renewalLeadDays;
}

/** Whether service ends with the current period: it is cancelled for then, or its term is over. */
export function isLastPeriod({ period, cancelAtPeriodEnd, endsAt }: Subscription): boolean {
  return cancelAtPeriodEnd || (period !== null && endsAt !== null && endsAt <= period.endsAt);
}

/** Whether a charge has been sent whose answer is not known: nothing may move the money under it (D20). */
export function hasChargeInFlight(state: Subscription): boolean {
  return state.unpaid.some(({ chargeInFlight }) => chargeInFlight !== null);
}

function deadlines(state: Subscription): Deadline[] {
  return [...ofTrial(state), ...ofPeriod(state), ...ofTerm(state), ...ofMoney(state)];
}

function ofTrial(state: Subscription): Deadline[] {
  if (state.status !== 'trial' || state.trialEnd === null) {
    return [];
  }
  const end: Deadline = { kind: 'trial_end', at: state.trialEnd, invoiceId: null };
  const tellsAt = state.trialEnd - trialNoticeDays * DAY_MS;

  return state.trialEndingTold ? [end] : [{ kind: 'trial_ending', at: tellsAt, invoiceId: null }, end];
}

function ofPeriod(state: Subscription): Deadline[] {
  const { period, status, firstInvoice } = state;
  const found: Deadline[] = [];

  if (period === null || (status !== 'active' && status !== 'past_due')) {
    return found;
  }
  found.push({ kind: 'period_end', at: period.endsAt, invoiceId: null });

  if (firstInvoice !== null && !isInFlight(state, firstInvoice.invoiceId)) {
    found.push({ kind: 'first_invoice_expiry', at: firstInvoice.by, invoiceId: firstInvoice.invoiceId });
  }
  const lead = effectiveLeadDays(state);
  const isIssued = state.renewalInvoiceId !== null;
  const isPaidFor = (state.scheduled?.plan ?? state.plan).amount > 0;
  const willRenew = !isLastPeriod(state) && !state.pauseAtPeriodEnd && !isIssued && isPaidFor;

  if (lead > 0 && willRenew && firstInvoice === null) {
    found.push({ kind: 'renewal_invoice', at: period.endsAt - lead * DAY_MS, invoiceId: null });
  }

  return found;
}

/** A term ends with its last period; without one, while service is paused or free, at its own time. */
function ofTerm({ endsAt, period, status }: Subscription): Deadline[] {
  const isWithoutPeriods = status === 'paused' || (period === null && (status === 'active' || status === 'past_due'));

  return endsAt !== null && isWithoutPeriods ? [{ kind: 'term_end', at: endsAt, invoiceId: null }] : [];
}

function ofMoney(state: Subscription): Deadline[] {
  const asks = state.unpaid.flatMap(({ invoiceId, askAt }): Deadline[] =>
    askAt === null ? [] : [{ kind: 'ask_provider', at: askAt, invoiceId }],
  );
  const overdue = state.unpaid
    .filter(({ isOverdueTold, invoiceId }) => !isOverdueTold && invoiceId !== state.firstInvoice?.invoiceId)
    .map(({ invoiceId, dueAt }): Deadline => ({ kind: 'invoice_overdue', at: dueAt, invoiceId }));
  const dunning = state.dunning.flatMap(({ invoiceId, nextAttemptAt, endsAt }): Deadline[] => {
    if (isInFlight(state, invoiceId)) {
      return [];
    }

    return nextAttemptAt !== null
      ? [{ kind: 'dunning_attempt', at: nextAttemptAt, invoiceId }]
      : endsAt !== null
        ? [{ kind: 'dunning_end', at: endsAt, invoiceId }]
        : [];
  });

  return [...asks, ...overdue, ...dunning];
}

function isInFlight(state: Subscription, invoiceId: number): boolean {
  return state.unpaid.some((unpaid) => unpaid.invoiceId === invoiceId && unpaid.chargeInFlight !== null);
}
