import { unusedValueOf } from '../../billing/credit-notes/credit-from';
import { datedSpan } from '../../billing/pricing/line-basis';
import { anchorDayOf, BILLING_PERIODS } from '../../calendar/billing-period-rules';
import { type InstantSpan, localDateAt, startOfNextDay } from '../../calendar/zoned-calendar';
import { daysOn, otherSchedule, periodFrom } from '../schedule/billing-schedule-calendar';
import { prepend } from '../lifecycle/decision-rules';
import type { BilledStretch, Decision, SubscriptionEffect } from '../lifecycle/decision-types';
import { AppError } from '../../errors';
import { asFreeTier } from '../lifecycle/ending-decider';
import { daysBought, daysFor } from '../charges/granted-days-rules';
import { billedLevelAt, isFree, isInPeriod, planOf, priceOf, taxBehaviorOf, withItem } from '../lifecycle/item-rules';
import { billedBy, hasPending, levelWithPending } from '../charges/pending-item-rules';
import {
  creditUnused,
  current,
  issueAhead,
  issueAll,
  issueFor,
  issueUsed,
  otherPeriods,
  takeBackAhead,
} from '../charges/period-billing';
import { serviceOf, wholeOf } from '../charges/item-schedule';
import { awaitedAddons, beginService, billAlone, partsOf } from '../charges/service-start';
import type { PlanTerms } from '../lifecycle/plan-change-policy-rules';
import { firstInvoice } from '../lifecycle/start-decider';
import {
  firstInvoiceOf,
  type InvoiceAs,
  invoiceAheadOf,
  roleFor,
  withoutInvoice,
} from '../lifecycle/subscription-invoice-rules';
import {
  type AgreedTerms,
  type ItemInPeriod,
  planItem,
  type ProrationBehavior,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { planChangeEffects, wrongState } from '../lifecycle/telling-rules';
import { heldToPeriod } from '../lifecycle/waiting-change-rules';

export interface ChangedTerms {
  terms: AgreedTerms;
  quantity: number;
}

/** The same, of any item: other seats, or another plan. */
type ItemTerms<Item extends SubscriptionItem> = Pick<Item, 'terms' | 'quantity'>;

interface Changed<Item extends SubscriptionItem> {
  item: Item;
  billing: SubscriptionEffect[];
}

export interface ChangeOptions {
  policy: SubscriptionPolicy;
  at: number;
  behavior: ProrationBehavior | undefined;
  /** What is billed of the rest of the period already; null: the price that the item has. */
  billed: readonly BilledStretch[] | null;
}

/**
 * A change of plan or quantity inside the current period (D20, S227, S230). In advance: what is unused of the old line is
 * credited and the rest of the period is billed at the new price. In arrears: what was used so far is billed at the old
 * price. From a free tier: service begins here. To one: it ends here. Before the first payment the new invoice takes the
 * place of the first one. What is prorated is billed as the request has it; a free plan has no next invoice, and one with
 * periods of another length has it at once. `none` is refused for both: service that stays billed would be billed again by
 * the next paid plan.
 * @throws AppError proration_unavailable
 */
export function changeAtOnce(state: Subscription, to: ChangedTerms, options: ChangeOptions): Decision {
  const { at, behavior, policy } = options;
  const before = planOf(state);
  const first = firstInvoiceOf(state);
  const told = planChangeEffects(state, withItem(state, before.key, to));

  if (first !== null && !isPastFirst(state)) {
    return prepend(told, replaceFirst(state, first, to, { policy, at }));
  }

  if (isInPeriod(before)) {
    requireProratable(before, to, behavior);
  }
  // Before anything of this period is credited, so that an invoice nobody has paid is void and not paid by a credit note.
  const taken = takeBackAhead(state, 'reissue', [planItem]);
  const changed = withItem(taken.state, before.key, to);

  if (isFree(to)) {
    const settled = billedBy(
      undefined,
      { state: changed, effects: settleOld(state, before, at, policy) },
      { before: state, policy, now: at },
    );

    return prepend([...told, ...taken.effects, ...settled.effects], {
      state: asFreeTier({ ...settled.state, activatedAt: state.activatedAt ?? at }),
      effects: [],
    });
  }

  if (!isInPeriod(before)) {
    const isStart = state.activatedAt === null || isFree(before);
    const fallback = isFree(before)
      ? { terms: before.terms, quantity: before.quantity, activatedAt: state.activatedAt }
      : null;
    const role = isStart ? firstInvoice(state, fallback, policy, at) : current;
    const activatedAt = state.billingTiming === 'in_advance' ? null : state.activatedAt;
    const begun = isStart ? { ...changed, activatedAt } : changed;

    return prepend(told, beginService(heldToPeriod(begun), at, role, policy));
  }
  const { item, billing, isProrated } = changedWithin(taken.state, before, to, options);
  const collected = billedBy(
    isProrated ? behavior : undefined,
    { state: withItem(changed, before.key, item), effects: billing },
    { before: state, policy, now: at },
  );
  const next = collected.state;
  const isRenewedSame =
    before.terms.billingCycle === to.terms.billingCycle && item.period?.endsAt === before.period.endsAt;
  const ahead = invoiceAheadOf(state) !== null && isRenewedSame ? issueAhead(next, policy) : [];

  return { state: next, effects: [...told, ...taken.effects, ...collected.effects, ...ahead] };
}

/** @throws AppError proration_unavailable where a change cannot be left out of bills */
export function requireProratable(
  before: SubscriptionItem,
  to: Pick<SubscriptionItem, 'terms'>,
  behavior: ProrationBehavior | undefined,
): void {
  if (behavior === 'none' && (isFree(to) || !isSameCycle(before, to))) {
    throw new AppError('proration_unavailable', {
      field: '/prorationBehavior',
      detail:
        'The period ends here, or others begin and are billed: leave none out, or change at the end of the period.',
    });
  }
}

/** Its period is over, and the next one is billed, while it still waits to be paid: it stays as it is. */
const isPastFirst = ({ invoices }: Subscription): boolean => invoices.some(({ role }) => role === 'current');

/** Whether its first invoice waits to be paid, and another may take its place. */
export function isFirstReplaceable(state: Subscription): boolean {
  return (firstInvoiceOf(state)?.unpaid ?? null) !== null && !isPastFirst(state);
}

/** The first invoice once more, for what holds now. */
export function reissueFirst(state: Subscription, policy: SubscriptionPolicy, at: number): Decision {
  const first = firstInvoiceOf(state);
  const { terms, quantity } = planOf(state);

  return first === null ? { state, effects: [] } : replaceFirst(state, first, { terms, quantity }, { policy, at });
}

/** Nothing is paid yet: the first invoice is void, and one for what holds now takes its place, its period and its deadline. */
function replaceFirst(
  state: Subscription,
  first: InvoiceAs<'first'>,
  to: ChangedTerms,
  { policy, at }: Pick<ChangeOptions, 'policy' | 'at'>,
): Decision {
  const { invoiceId, unpaid, payBy, fallback } = first;
  const before = planOf(state);
  const changed = withItem(withoutInvoice(state, invoiceId), before.key, to);
  const voided: SubscriptionEffect[] = unpaid === null ? [] : [{ type: 'reverse', invoiceId, reason: 'reissue' }];

  const beganAt = before.period?.startsAt ?? at;
  const awaited = awaitedAddons(changed, beganAt);

  if (fallback === null && isOwedFor(state, planOf(state))) {
    throw wrongState(
      state,
      unpaid === null
        ? 'What it owed since it began was taken back, and it ends without it: start a new one.'
        : 'Its first invoice has what is owed since it began: pay it, or cancel.',
    );
  }

  if (isFree(to)) {
    const activatedAt = fallback === null ? at : fallback.activatedAt;

    const free = asFreeTier({ ...changed, activatedAt });

    return prepend(voided, billAlone(free, awaited, { from: at, payBy }, policy));
  }
  const as = { role: 'first', payBy, fallback } as const;

  if (!isInPeriod(before)) {
    return prepend(voided, beginService(changed, at, as, policy));
  }
  const from = beganAt;
  const scheduled = { ...serviceOf(state, planOf(changed)), ...before.schedule };
  const { denominator, ...started } =
    before.terms.billingCycle === to.terms.billingCycle
      ? periodFrom(from, scheduled, before.schedule.periodIndex)
      : otherSchedule(from, scheduled, { ...policy.change, billingTime: policy.billingTime });
  const begun = withItem(changed, before.key, started);
  const parts = [{ item: planOf(begun), service: started.period, denominator }, ...partsOf(awaited)];

  return { state: begun, effects: [...voided, ...issueAll(begun, parts, 'first', policy, as)] };
}

/** Whether service began in the past, periods before the one that the item is in. */
export function isOwedFor({ startsAt, trialEnd }: Subscription, { period }: Pick<SubscriptionItem, 'period'>): boolean {
  const from = startsAt === null ? null : (trialEnd ?? startsAt);

  return from !== null && period !== null && from < period.startsAt;
}

const isSameCycle = (before: SubscriptionItem, { terms }: Pick<SubscriptionItem, 'terms'>): boolean =>
  before.terms.billingCycle === terms.billingCycle;

const buysDays = (state: Subscription, { change }: SubscriptionPolicy) =>
  change.billing === 'grant_days' && state.billingTiming === 'in_advance';

/** An item that is changed within one of its periods, whether they keep their length or not; and what that bills. */
export function changedWithin<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  options: ChangeOptions,
): Changed<Item> & { isProrated: boolean } {
  const isSame = isSameCycle(before, to);
  const changed = isSame ? changedInPeriod(state, before, to, options) : changedCycle(state, before, to, options);

  // Periods of another length begin with an invoice, which is the next one.
  return { ...changed, isProrated: isSame || state.billingTiming === 'in_arrears' };
}

/** An item whose periods keep their length, changed within one of them. */
function changedInPeriod<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  options: ChangeOptions,
): Changed<Item> {
  const policy = policyFor(state, before, to, options);
  const { at, billed, behavior } = options;

  return buysDays(state, policy)
    ? grantDays(state, before, to, { ...options, policy })
    : keepCycle(state, before, to, { policy, from: chargedFrom(state, before, policy, at), at, billed, behavior });
}

/**
 * Whether the day of a change is the old plan's and the last one of a period that is billed when it is over: nothing of the
 * period is left for the new terms, which count from the next one.
 */
export function countsFromNextPeriod(
  state: Subscription,
  before: SubscriptionItem,
  to: Pick<SubscriptionItem, 'terms'>,
  { policy, at, behavior }: Pick<ChangeOptions, 'policy' | 'at' | 'behavior'>,
): boolean {
  return (
    state.billingTiming === 'in_arrears' &&
    behavior !== 'none' &&
    isInPeriod(before) &&
    before.terms.billingCycle === to.terms.billingCycle &&
    chargedFrom(state, before, policy, at) >= before.period.endsAt
  );
}

/**
 * The company's policy, as the request has it. An invoice is asked for where none would be made, so it is prorated; and so is
 * what waits for the next one, which cannot buy days. A price with its tax and one without do not compare: what depends on
 * their difference is prorated.
 */
function policyFor(
  state: Subscription,
  before: SubscriptionItem,
  to: Pick<SubscriptionItem, 'terms'>,
  { policy, behavior }: Pick<ChangeOptions, 'policy' | 'behavior'>,
): SubscriptionPolicy {
  const { change } = policy;
  const isInvoiced = behavior === 'always_invoice' || behavior === 'next_invoice';
  const isWithoutInvoice = change.billing === 'none' || change.billing === 'grant_days';
  const isCompared = change.billing === 'charge_difference' || change.billing === 'grant_days';
  const isProrated =
    (isInvoiced && isWithoutInvoice) ||
    (behavior === undefined && change.billing === 'grant_days' && hasPending(state, before.key)) ||
    (behavior !== 'none' && isCompared && taxBehaviorOf(before) !== taxBehaviorOf(to));

  return isProrated || behavior === 'none'
    ? { ...policy, change: { ...change, billing: isProrated ? 'prorate' : 'none' } }
    : policy;
}

function changedCycle<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  options: ChangeOptions,
): Changed<Item> {
  const policy = policyFor(state, before, to, options);
  const { at } = options;

  return buysDays(state, policy)
    ? grantDays(state, before, to, { ...options, policy })
    : otherCycle(state, before, to, { policy, from: chargedFrom(state, before, policy, at) });
}

/** When the new plan begins to be charged: at the change, or with the next day where its day is the old plan's. */
function chargedFrom(
  { timeZone }: Subscription,
  { period }: ItemInPeriod,
  { change }: SubscriptionPolicy,
  at: number,
): number {
  const from = change.dayOfChange === 'old_plan' ? startOfNextDay(at, timeZone) : at;

  return Math.min(Math.max(from, period.startsAt), period.endsAt);
}

/** The anchor is kept and both sides are prorated over what is left of the period. */
function keepCycle<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  { policy, from, at, billed, behavior }: ChangeOptions & { from: number },
): Changed<Item> {
  const item = { ...before, ...to };
  const rest = { startsAt: from, endsAt: before.period.endsAt };

  // In arrears the whole period is billed at its end, at the price that it has then.
  if (behavior === 'none') {
    return { item, billing: [] };
  }

  if (state.billingTiming === 'in_arrears') {
    // A period has to have some length: who does not wait for the next one pays the new price from the change on.
    const split = from < before.period.endsAt ? from : Math.max(at, before.period.startsAt);

    return {
      item: { ...item, period: { ...rest, startsAt: split } },
      billing: settleOld(state, before, split, policy),
    };
  }

  if (policy.change.billing === 'none' || rest.startsAt === rest.endsAt) {
    return { item, billing: [] };
  }
  const stretch = { service: rest, denominator: wholeOf(state, item) };
  const invoice = issueFor(state, item, stretch, { purpose: 'change', as: roleFor([item.key]) }, policy);

  if (policy.change.billing === 'charge_difference') {
    return {
      item,
      billing: billDifference(
        invoice,
        item,
        levelWithPending(
          state,
          { item: item.key, at: from },
          billed === null ? { price: priceOf(before), layers: 1 } : billedLevelAt(billed, from),
        ),
      ),
    };
  }

  return { item, billing: [...settleOld(state, before, from, policy), invoice] };
}

/**
 * One line for what the new price is more than what is billed of the rest of the period already, as a layer on top of it; a
 * lower price holds from the next period.
 */
function billDifference(
  invoice: ReturnType<typeof issueFor>,
  item: ItemInPeriod,
  { price, layers }: { price: number; layers: number },
): SubscriptionEffect[] {
  const difference = priceOf(item) - price;
  const [line] = invoice.lines;

  return difference <= 0
    ? []
    : [{ ...invoice, lines: [{ ...line, layer: layers, quantity: 1, unitPrice: difference }] }];
}

/**
 * Nothing is billed: what is unused of what is billed buys days of the new plan, and its periods begin after them. Days that
 * were granted before count by the money that they carry in the guard.
 */
function grantDays<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  { policy, at, billed }: ChangeOptions,
): Changed<Item> {
  const { timeZone } = state;
  const { period, key } = before;
  const unused: InstantSpan = {
    startsAt: chargedFrom(state, before, policy, at),
    endsAt: period.endsAt,
  };
  const changeOn = localDateAt(at, timeZone);
  const days =
    billed === null
      ? daysBought({
          from: priceTerms(before),
          to: priceTerms(to),
          current: datedSpan(period, timeZone),
          unused: datedSpan(unused, timeZone),
          changeOn,
          proration: policy.change.proration,
        })
      : daysOfGuard(billed, { to, changeOn, unused, timeZone });
  // Where nothing is bought, the new plan is billed from where the old one is no longer.
  const bought = days === 0 ? Math.max(period.startsAt + 1, unused.startsAt) : daysOn(at, days, timeZone);
  const endsAt = before.endsAt === null ? bought : Math.min(bought, before.endsAt);
  const anchorDay = anchorDayOf(localDateAt(endsAt, timeZone));

  return {
    item: {
      ...before,
      ...to,
      schedule: { anchorAt: endsAt, anchorDay, periodIndex: -1 },
      period: { ...period, endsAt },
    },
    billing: [{ type: 'move_end', item: key, at: unused.startsAt, from: period.endsAt, to: endsAt, days }],
  };
}

function daysOfGuard(
  billed: readonly BilledStretch[],
  {
    to,
    changeOn,
    unused,
    timeZone,
  }: { to: ItemTerms<ItemInPeriod>; changeOn: string; unused: InstantSpan; timeZone: string },
): number {
  const moved = billed.filter(({ range }) => range.endsAt === unused.endsAt && range.endsAt > unused.startsAt);
  const { value, isRounded } = unusedValueOf(moved, { from: unused.startsAt, timeZone });

  return daysFor(value, { to: priceTerms(to), changeOn, end: localDateAt(unused.endsAt, timeZone) }, isRounded);
}

/** As the rules of plan changes compare prices. */
export function priceTerms({ terms, quantity }: ItemTerms<ItemInPeriod>): PlanTerms {
  return { price: BigInt(terms.amount), quantity: BigInt(quantity), period: BILLING_PERIODS[terms.billingCycle] };
}

/** Periods of another length: from the change on with a full one, or after a stub up to the next anchor day. */
function otherCycle<Item extends ItemInPeriod>(
  state: Subscription,
  before: Item,
  to: ItemTerms<Item>,
  { policy, from }: { policy: SubscriptionPolicy; from: number },
): Changed<Item> {
  const changed = { ...before, ...to };
  const { denominator, ...started } = otherPeriods(from, state, changed, policy);
  const item = { ...changed, ...started };
  const stretch = { service: started.period, denominator };
  const isBilled = state.billingTiming === 'in_advance';

  return {
    item,
    billing: [
      ...settleOld(state, before, from, policy),
      ...(isBilled ? [issueFor(state, item, stretch, { purpose: 'change', as: roleFor([item.key]) }, policy)] : []),
    ],
  };
}

/** What is owed or given back for the old price at the change. */
export function settleOld(
  state: Subscription,
  before: SubscriptionItem,
  from: number,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  return isFree(before)
    ? []
    : [
        ...creditUnused(state, [before], { from, reason: 'plan_change' }, 'prorate'),
        ...issueUsed(state, [before], { at: from, purpose: 'change' }, policy),
      ];
}
