import type { DunningRun } from '../../billing/dunning/dunning-run';
import { lateUsageBilledMs } from '../../usage/events/late-usage-rules';
import {
  addonsOf,
  areOfSame,
  holdsUnits,
  isFree,
  isInPeriod,
  isMeteredBy,
  itemOf,
  planOf,
} from '../lifecycle/item-rules';
import {
  aheadOf,
  firstInvoiceOf,
  hasChargeInFlight,
  hasPayBy,
  isInFlight,
  type InvoiceAs,
  type PurchaseInvoice,
  purchasesOf,
  unpaidInvoices,
} from '../lifecycle/subscription-invoice-rules';
import {
  type AddonItem,
  type ItemInPeriod,
  planItem,
  type PriceChange,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionStatus,
} from '../lifecycle/subscription-types';
import {
  effectiveAt,
  findWaiting,
  isRemovalWaiting,
  waitingForBoundary,
  withChanges,
} from '../lifecycle/waiting-change-rules';

export const DAY_MS = 86_400_000;

/** Days before its end at which a trial's customer is told (D17). */
const trialNoticeDays = 3;

/** Periods shorter than this are invoiced at their boundary (D18). */
const leastDaysForLead = 8;

/** Something that time alone brings about, with what it is about. `at`: epoch milliseconds. */
export type Deadline = { at: number } & (
  | { kind: 'start' }
  | { kind: 'trial_ending'; trialEnd: number }
  | { kind: 'trial_end' }
  | { kind: 'first_invoice_expiry'; first: InvoiceAs<'first'> }
  | { kind: 'addon_invoice_expiry'; purchase: PurchaseInvoice }
  | { kind: 'collection_resume' }
  | { kind: 'units_expiry'; topUp: AddonItem }
  | { kind: 'addon_term_end'; item: AddonItem }
  | { kind: 'renewal_invoice'; item: ItemInPeriod }
  | { kind: 'period_end'; item: ItemInPeriod }
  | { kind: 'price_change'; change: PriceChange & { id: number } }
  | { kind: 'late_usage' }
  | { kind: 'term_end'; because: 'term' | 'cancelled' }
  | { kind: 'dunning_attempt'; run: DunningRun }
  | { kind: 'dunning_end'; run: DunningRun }
  | { kind: 'invoice_overdue'; invoiceId: number }
  | { kind: 'ask_provider'; invoiceId: number }
);
export type DeadlineKind = Deadline['kind'];
export type DeadlineOf<Kind extends DeadlineKind> = Extract<Deadline, { kind: Kind }>;

/** At the same instant money that is due comes before what would bill more, and notices come last. */
const order: readonly DeadlineKind[] = [
  'start',
  'ask_provider',
  'first_invoice_expiry',
  'addon_invoice_expiry',
  'dunning_attempt',
  'dunning_end',
  'trial_ending',
  'trial_end',
  'collection_resume',
  'renewal_invoice',
  'period_end',
  'units_expiry',
  'addon_term_end',
  'price_change',
  'term_end',
  'late_usage',
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

/** Days before a boundary at which the next period's invoice is issued; 0: at the boundary (D18), as while collection is paused. */
function effectiveLeadDays(
  { billingTiming, renewalLeadDays, items, collectionPause }: Subscription,
  { period }: ItemInPeriod,
): number {
  const isShort = period.endsAt - period.startsAt < leastDaysForLead * DAY_MS;
  const isMetered = items.some(({ terms }) => isMeteredBy(terms));

  return billingTiming === 'in_arrears' || isShort || isMetered || collectionPause !== null ? 0 : renewalLeadDays;
}

/**
 * Whether service of an item ends with its period: the subscription is cancelled for then, the term is over, or the add-on is
 * to be removed. Add-ons of a plan that is cancelled go on up to its end; those of a free tier end each with its own period.
 */
export function isLastPeriod(state: Subscription, item: SubscriptionItem): boolean {
  const { key, period, endsAt } = item;
  const cancelled = findWaiting(state, 'cancel');

  if (key === planItem) {
    return cancelled !== undefined || (period !== null && endsAt !== null && endsAt <= period.endsAt);
  }
  const end = endOfItem(state, item);
  const isOfFreeTier = cancelled !== undefined && state.status !== 'trial' && planOf(state).period === null;

  return isRemovalWaiting(state, key) || isOfFreeTier || (period !== null && end !== null && end <= period.endsAt);
}

/** When the subscription ends, and every add-on with it: the end of its term, or what it is cancelled for; null: not known. */
export function endOfService(state: Subscription): number | null {
  const cancelled = findWaiting(state, 'cancel');
  const ends = [planOf(state).endsAt, cancelled === undefined ? null : effectiveAt(state, cancelled)];

  return earliestOf(ends);
}

/** When an item ends: with its subscription, or an add-on before it with its own term; null: not known. */
export function endOfItem(
  state: Subscription,
  { key, endsAt }: Pick<SubscriptionItem, 'key' | 'endsAt'>,
): number | null {
  return key === planItem ? endOfService(state) : earliestOf([endOfService(state), endsAt]);
}

const earliestOf = (ends: readonly (number | null)[]): number | null =>
  ends.reduce((least, at) => (least === null || (at !== null && at < least) ? at : least), null);

export function isEnded({ status }: { status: SubscriptionStatus }): boolean {
  return status === 'cancelled' || status === 'expired';
}

/**
 * Whether time brings about what is due of an item. Add-ons run during the trial of a plan as well, and those that were
 * bought with it as it does while its first invoice is not paid.
 */
export function isDeadlined(state: Subscription, item: SubscriptionItem): boolean {
  return item.key === planItem
    ? isServed(state)
    : (item.status === 'active' || item.awaitsPlan === true) && (isServed(state) || state.status === 'trial');
}

/** Whether an item counts from the first payment of the plan. */
const isOfStart = (item: SubscriptionItem): boolean => item.key === planItem || item.awaitsPlan === true;

function isServed({ status }: Subscription): boolean {
  return status === 'active' || status === 'past_due';
}

function deadlines(state: Subscription): Deadline[] {
  return [
    ...ofStart(state),
    ...ofTrial(state),
    ...ofFirstInvoice(state),
    ...ofPurchases(state),
    ...ofCollection(state),
    ...state.items.flatMap((item) => ofPeriod(state, item)),
    ...ofTopUps(state),
    ...ofAddonTerms(state),
    ...ofPrice(state),
    ...ofEnd(state),
    ...ofLateUsage(state),
    ...ofMoney(state),
  ];
}

function ofStart({ status, startsAt }: Subscription): Deadline[] {
  return status === 'scheduled' && startsAt !== null ? [{ kind: 'start', at: startsAt }] : [];
}

function ofTrial({ status, trialEnd, trialEndingTold }: Subscription): Deadline[] {
  if (status !== 'trial' || trialEnd === null) {
    return [];
  }
  const end: Deadline = { kind: 'trial_end', at: trialEnd };

  return trialEndingTold ? [end] : [{ kind: 'trial_ending', at: trialEnd - trialNoticeDays * DAY_MS, trialEnd }, end];
}

function ofFirstInvoice(state: Subscription): Deadline[] {
  const first = firstInvoiceOf(state);

  return first === null || first.payBy === null || !isServed(state) || hasChargeInFlight(state)
    ? []
    : [{ kind: 'first_invoice_expiry', at: first.payBy, first }];
}

function ofPurchases(state: Subscription): Deadline[] {
  return purchasesOf(state)
    .filter(({ invoiceId }) => !isEnded(state) && !isInFlight(state, invoiceId))
    .map((purchase) => ({ kind: 'addon_invoice_expiry', at: purchase.payBy, purchase }));
}

function ofCollection(state: Subscription): Deadline[] {
  const at = state.collectionPause?.resumesAt ?? null;

  return at === null || isEnded(state) ? [] : [{ kind: 'collection_resume', at }];
}

function ofPeriod(state: Subscription, item: SubscriptionItem): Deadline[] {
  if (!isInPeriod(item) || !isDeadlined(state, item)) {
    return [];
  }
  const end: Deadline = { kind: 'period_end', at: item.period.endsAt, item };
  const lead = effectiveLeadDays(state, item);

  return lead > 0 && isBilledAhead(state, item)
    ? [end, { kind: 'renewal_invoice', at: item.period.endsAt - lead * DAY_MS, item }]
    : [end];
}

/** When what a top-up holds expires; null: never, or not known before its payment. */
export function expiryOf({ activatedAt, terms: { prepaid } }: AddonItem): number | null {
  return activatedAt === null || prepaid?.expiresAfterDays == null
    ? null
    : activatedAt + prepaid.expiresAfterDays * DAY_MS;
}

/** Units expire by the clock alone, also while service is paused. */
function ofTopUps(state: Subscription): Deadline[] {
  return addonsOf(state)
    .filter((item) => holdsUnits(item) && !isEnded(state))
    .flatMap((topUp): Deadline[] => {
      const at = expiryOf(topUp);

      return at === null ? [] : [{ kind: 'units_expiry', at, topUp }];
    });
}

/** The term of an add-on ends with its last period; without one, while service is paused or it is free, at its own time. */
function ofAddonTerms(state: Subscription): Deadline[] {
  return addonsOf(state).flatMap((item): Deadline[] => {
    const isEndedByPeriod = isInPeriod(item) && isDeadlined(state, item);

    return isEnded(state) || item.status === 'pending' || item.endsAt === null || isEndedByPeriod
      ? []
      : [{ kind: 'addon_term_end', at: item.endsAt, item }];
  });
}

/** Whether the invoice of the next period is still to be issued before its boundary. */
function isBilledAhead(state: Subscription, item: ItemInPeriod): boolean {
  return (
    !isLastPeriod(state, item) &&
    findWaiting(state, 'pause') === undefined &&
    aheadOf(state, [item.key]).length === 0 &&
    (!isOfStart(item) || firstInvoiceOf(state) === null) &&
    !isFree(withChanges(item, waitingForBoundary(state, item.period.endsAt)))
  );
}

/** Prices that are to hold when their notice is over; where nothing can be changed then, they wait on, at most for the renewal. */
function ofPrice(state: Subscription): Deadline[] {
  return state.waitingChanges.flatMap((change) =>
    change.kind === 'price' && change.atOnce && change.notBefore !== null && isPriceChangeable(state, change)
      ? [{ kind: 'price_change', at: change.notBefore, change }]
      : [],
  );
}

function isPriceChangeable(state: Subscription, { item: key, terms }: PriceChange): boolean {
  const item = itemOf(state, key);

  if (item === undefined || !areOfSame(item.terms, terms)) {
    return false;
  }
  const isTried = state.status === 'trial' && isOfStart(item);
  // A change at once may give back a part of what is billed, and of a draft nothing is given back.
  const isSettled = !hasChargeInFlight(state) && state.drafts.length === 0;

  if (item.key === planItem || isTried) {
    return isTried || (state.status === 'active' && isSettled);
  }
  // One that is to be removed goes on costing what it does, where it would cost nothing: free, it has no end to be removed at.
  const isEnding = isFree({ terms }) && isRemovalWaiting(state, item.key);

  return (
    (state.status === 'active' || state.status === 'trial') &&
    isSettled &&
    item.status === 'active' &&
    isInPeriod(item) &&
    !isEnding
  );
}

/** A term ends with its last period; without one, while service is paused or free, at its own time. */
function ofEnd(state: Subscription): Deadline[] {
  const { endsAt } = planOf(state);
  const cancelled = findWaiting(state, 'cancel');
  const isWithoutPeriods = state.status === 'paused' || (planOf(state).period === null && isServed(state));

  if (!isWithoutPeriods) {
    return [];
  }
  const ofTerm: Deadline[] = endsAt === null ? [] : [{ kind: 'term_end', at: endsAt, because: 'term' }];

  return cancelled?.takesEffect.on === 'instant'
    ? [...ofTerm, { kind: 'term_end', at: cancelled.takesEffect.at, because: 'cancelled' }]
    : ofTerm;
}

/** What was used before the end may be told a while after it, and is billed once then. */
function ofLateUsage(state: Subscription): Deadline[] {
  return isEnded(state) && state.isMetered === true && state.endedAt !== null
    ? [{ kind: 'late_usage', at: state.endedAt + lateUsageBilledMs }]
    : [];
}

function ofMoney(state: Subscription): Deadline[] {
  const unpaid = unpaidInvoices(state);
  const asks = unpaid.flatMap(({ invoiceId, unpaid: { askAt } }): Deadline[] =>
    askAt === null ? [] : [{ kind: 'ask_provider', at: askAt, invoiceId }],
  );
  const overdue = unpaid
    .filter((invoice) => !invoice.unpaid.isOverdueTold && !hasPayBy(invoice))
    .map((invoice): Deadline => ({
      kind: 'invoice_overdue',
      at: invoice.unpaid.dueAt,
      invoiceId: invoice.invoiceId,
    }));
  const dunning = state.dunning
    .filter(({ invoiceId }) => !isInFlight(state, invoiceId))
    .flatMap((run): Deadline[] =>
      run.nextAttemptAt !== null
        ? [{ kind: 'dunning_attempt', at: run.nextAttemptAt, run }]
        : run.endsAt !== null
          ? [{ kind: 'dunning_end', at: run.endsAt, run }]
          : [],
    );

  return [...asks, ...overdue, ...dunning];
}
