import { dueAfter } from './due-date-calendar';
import type { ProrationSettings } from '../../billing/pricing/proration-rules';
import type { BilledLevel, Decision, EffectOf, IssueEffect, SubscriptionEffect } from '../lifecycle/decision-types';
import { holdsUnits, isForInstant, isInPeriod, nameOf, planOf } from '../lifecycle/item-rules';
import { isEnded } from '../schedule/subscription-deadline-rules';
import { roleFor } from '../lifecycle/subscription-invoice-rules';
import { updatedEvent } from '../lifecycle/telling-rules';
import {
  type InvoiceRole,
  type IssueLine,
  type ItemKey,
  type PendingCharge,
  type PendingCredit,
  type PendingItem,
  planItem,
  type ProrationBehavior,
  type Subscription,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';

/**
 * What changes cost and give back, put off until the next invoice of their subscription. A charge is a line of that invoice.
 * A credit is a credit note for the invoices that billed the service, written right before it, so that its money is on the
 * account when the invoice is paid from there; until then the guard holds the service as billed, and the charge's is in none.
 */

const isCharge = (item: PendingItem): item is PendingCharge => item.kind === 'charge';
const isCredit = (item: PendingItem): item is PendingCredit => item.kind === 'credit';

/**
 * What a change bills, as its request has it: at once, put off, or not at all but for whole periods and what is sold once.
 * @param before the subscription that the change was asked of: it says what is credited
 */
export function billedBy(
  behavior: ProrationBehavior | undefined,
  { state, effects }: Decision,
  { before, policy, now }: { before: Subscription; policy: SubscriptionPolicy; now: number },
): Decision {
  switch (behavior) {
    case undefined:
    case 'always_invoice': {
      // Of what waits to be billed nothing can be given back before.
      const isEarly = comesBeforeItsBill(state);
      const later = effects.filter(isEarly).flatMap((effect) => putOff(effect, [], { before, policy, now }));
      const rest = withoutUnused(state, effects);

      return {
        state: later.length === 0 ? rest : { ...rest, pendingItems: [...rest.pendingItems, ...later] },
        effects: effects.filter((effect) => !isEarly(effect)),
      };
    }
    case 'none':
      return { state, effects: effects.flatMap((effect) => (effect.type === 'issue' ? wholesOf(effect) : [])) };
    case 'next_invoice': {
      const rest = withoutUnused(state, effects);
      const more = effects.flatMap((effect) => putOff(effect, rest.pendingItems, { before, policy, now }));

      return {
        state: { ...rest, pendingItems: [...rest.pendingItems, ...more] },
        effects: [
          ...effects.filter(({ type }) => type !== 'issue' && type !== 'credit'),
          ...(more.length === 0 ? [] : [updatedEvent(rest, ['pendingItems'])]),
        ],
      };
    }
  }
}

/** The lines of an invoice that are for whole periods. */
function wholesOf(effect: EffectOf<'issue'>): IssueEffect[] {
  const lines = effect.lines.filter(isWhole);

  return lines.length === 0 ? [] : [{ ...effect, lines }];
}

export const isWhole = ({ service, denominator }: Pick<IssueLine, 'service' | 'denominator'>): boolean =>
  service.startsAt === denominator.startsAt && service.endsAt === denominator.endsAt;

function putOff(
  effect: SubscriptionEffect,
  pending: readonly PendingItem[],
  { before, policy, now }: { before: Subscription; policy: SubscriptionPolicy; now: number },
): PendingItem[] {
  switch (effect.type) {
    case 'issue':
      return effect.lines.map((line) => ({
        kind: 'charge',
        since: now,
        line: {
          ...line,
          proration: isForInstant(line) ? soldOnce : policy.change.proration,
        },
      }));
    case 'credit': {
      const item = before.items.find(({ key }) => key === effect.item);
      // The one that waits gives back all that is billed of the item from an earlier instant on.
      const isWaiting = pending.some((one) => isCredit(one) && one.item === effect.item);

      if (isWaiting || item === undefined || effect.reason === 'pause') {
        return [];
      }
      const { key, terms, quantity } = item;
      const { amount: unitPrice, taxBehavior } = terms;
      const of = { item: key, name: nameOf({ terms }), quantity, unitPrice, taxBehavior };
      const credit = { kind: 'credit' as const, since: now, ...of, reason: effect.reason, amount: null };

      if (holdsUnits(item)) {
        return [{ ...credit, service: { startsAt: item.purchasedAt, endsAt: effect.from }, isOfUnits: true }];
      }

      return isInPeriod(item)
        ? [{ ...credit, service: { startsAt: effect.from, endsAt: Math.max(effect.from, item.period.endsAt) } }]
        : [];
    }
    default:
      return [];
  }
}

/** For the instant of its purchase, which no way to count days measures. */
const soldOnce: ProrationSettings = { convention: 'by_day_exclusive_end' };

/** Charges that wait end where the service of their item is credited from: it is not used from there on. */
export function withoutUnused(state: Subscription, effects: readonly SubscriptionEffect[]): Subscription {
  const credits = effects.filter((effect) => effect.type === 'credit');
  const pendingItems = state.pendingItems.flatMap((one): PendingItem[] => {
    const from = Math.min(...credits.filter(({ item }) => isOf(one, item)).map((credit) => credit.from));

    return isCharge(one) ? endedAt(one, from) : [one];
  });

  return credits.length === 0 ? state : { ...state, pendingItems };
}

/** Whether an effect gives units back whose purchase is still to be billed. */
const comesBeforeItsBill =
  ({ pendingItems }: Subscription) =>
  (effect: SubscriptionEffect): boolean =>
    effect.type === 'credit' &&
    effect.isOfUnits === true &&
    pendingItems.some((one) => isCharge(one) && one.line.item === effect.item);

const isOf = (one: PendingItem, key: ItemKey): boolean => (isCharge(one) ? one.line.item : one.item) === key;

function endedAt(charge: PendingCharge, at: number): PendingCharge[] {
  const { line } = charge;
  const { startsAt, endsAt } = line.service;

  // A fee is for no time that could be unused.
  if (endsAt <= at || line.isSetup === true) {
    return [charge];
  }

  return startsAt >= at ? [] : [{ ...charge, line: { ...line, service: { startsAt, endsAt: at } } }];
}

/** What is billed of an item at an instant, with what waits to be: a price of the guard, minor units for one whole period. */
export function levelWithPending(
  { pendingItems }: Subscription,
  { item, at }: { item: ItemKey; at: number },
  guarded: BilledLevel,
): BilledLevel {
  const isCredited = pendingItems.some((one) => isCredit(one) && one.item === item && one.service.startsAt <= at);
  const charges = pendingItems
    .filter(isCharge)
    .filter(
      ({ line }) =>
        line.item === item && line.isSetup !== true && line.service.startsAt <= at && at < line.service.endsAt,
    );

  return charges.reduce<BilledLevel>(
    ({ price, layers }, { line }) => ({
      price: price + line.unitPrice * line.quantity,
      layers: Math.max(layers, line.layer + 1),
    }),
    isCredited ? { price: 0, layers: 0 } : guarded,
  );
}

/** Instants from which on service is credited with the next invoice. */
export function creditedFrom({ pendingItems }: Subscription): number[] {
  return pendingItems.filter(isCredit).map(({ service }) => service.startsAt);
}

export function hasPending({ pendingItems }: Subscription, key: ItemKey): boolean {
  return pendingItems.some((one) => isOf(one, key));
}

/**
 * A decision whose first invoice carries what waits for it. Invoices that end with what they are for, unpaid, carry nothing
 * else. Where no invoice is to come any more, because the subscription has ended or costs nothing from here, one of its own
 * bills what waits.
 */
export function withPending(
  decision: Decision,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  const { state } = decision;

  if (state.pendingItems.length === 0) {
    return decision;
  }
  // Units whose purchase waits to be billed as well are given back once it is.
  const isLater = comesBeforeItsBill(state);
  const effects = decision.effects.filter((effect) => !isLater(effect));
  const later = [...decision.effects, ...waitingCredits(state)].filter(isLater);
  const charges = state.pendingItems.filter(isCharge).filter(({ line }) => !isUnbegun(state, line));
  const settled: Subscription = { ...state, pendingItems: [] };
  const carrier = effects.findIndex(carriesPending);
  const issue = effects[carrier];

  if (issue?.type === 'issue') {
    const before = withCredits(effects.slice(0, carrier), state);

    return { state: settled, effects: [...before, carrying(issue, charges), ...later, ...effects.slice(carrier + 1)] };
  }

  if (hasNextInvoice(state)) {
    return decision;
  }
  const money = effects.findLastIndex(({ type }) => ['credit', 'issue', 'reverse'].includes(type)) + 1;
  const before = withCredits(effects.slice(0, money), state);

  return {
    state: settled,
    effects: [...before, ...finalInvoice(state, charges, { policy, now }), ...later, ...effects.slice(money)],
  };
}

/** Service that was to begin after the end, as of a plan that is charged from the next day on. */
const isUnbegun = ({ endedAt: end }: Subscription, { service }: IssueLine): boolean =>
  end !== null && service.startsAt >= end && service.endsAt > service.startsAt + 1;

function carriesPending(effect: SubscriptionEffect): boolean {
  return (
    effect.type === 'issue' &&
    (effect.as.role === 'current' || effect.as.role === 'ahead' || effect.as.role === 'addons') &&
    effect.purpose !== 'addon' &&
    effect.purpose !== 'usage'
  );
}

/** Paid plans go on, and so do add-ons; what waits of a plan that is free by now has no invoice to wait for. */
function hasNextInvoice(state: Subscription): boolean {
  const isPlanBilled = planOf(state).schedule !== null || state.status === 'trial';
  const isAnyBilled = isPlanBilled || state.items.some((item) => isInPeriod(item));

  return !isEnded(state) && (isPlanBilled || !hasPending(state, planItem)) && isAnyBilled;
}

/** A credit that waits takes the place of one that gives back less of the same service. */
function withCredits(effects: readonly SubscriptionEffect[], state: Subscription): SubscriptionEffect[] {
  const isLater = comesBeforeItsBill(state);
  const waiting = waitingCredits(state).filter((effect) => !isLater(effect));
  const fromOf = (key: ItemKey) => waiting.filter(({ item }) => item === key).map(({ from }) => from);
  const isGiven = (key: ItemKey) => effects.some((effect) => effect.type === 'credit' && effect.item === key);

  return [
    ...effects.map((effect) =>
      effect.type === 'credit' ? { ...effect, from: Math.min(effect.from, ...fromOf(effect.item)) } : effect,
    ),
    ...waiting.filter(({ item }) => !isGiven(item)),
  ];
}

const waitingCredits = ({ pendingItems }: Subscription): EffectOf<'credit'>[] =>
  pendingItems.filter(isCredit).map(({ item, service, reason, isOfUnits }) => ({
    type: 'credit',
    item,
    from: service.startsAt,
    reason,
    ...(isOfUnits === true ? { isOfUnits } : {}),
  }));

/** The plan's lines first, as every invoice has them. */
function carrying(issue: EffectOf<'issue'>, charges: readonly PendingCharge[]): IssueEffect {
  const lines = planFirst([...issue.lines, ...charges.map(({ line }) => line)]);

  return { ...issue, lines, as: roleWith(issue.as, charges) };
}

function roleWith(as: InvoiceRole, charges: readonly PendingCharge[]): InvoiceRole {
  switch (as.role) {
    case 'ahead':
      return { ...as, pending: charges };
    case 'addons':
      return roleFor([...as.items, ...charges.map(({ line }) => line.item)]);
    default:
      return as;
  }
}

function finalInvoice(
  state: Subscription,
  charges: readonly PendingCharge[],
  { policy, now }: { policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>; now: number },
): IssueEffect[] {
  const lines = charges.map(({ line }) => line);

  return lines.length === 0
    ? []
    : [
        {
          type: 'issue',
          purpose: 'final',
          lines: planFirst(lines),
          dueAt: dueAfter(state, policy, now),
          nextBillingAt: null,
          as: { role: 'current' },
        },
      ];
}

function planFirst(lines: readonly IssueLine[]): IssueLine[] {
  const ofPlan = (line: IssueLine) => line.item === planItem;

  return [...lines.filter(ofPlan), ...lines.filter((line) => !ofPlan(line))];
}
