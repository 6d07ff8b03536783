import { awaitingFirstPayment, addonPayload } from '../lifecycle/addon-rules';
import { firstPeriod } from '../schedule/billing-schedule-calendar';
import { prepend } from '../lifecycle/decision-rules';
import type { Decision } from '../lifecycle/decision-types';
import { addonsOf, isFree, isInPeriod, planOf, withItem } from '../lifecycle/item-rules';
import type {
  AddonItem,
  InvoiceRole,
  PlanInPeriod,
  Subscription,
  SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { withDiscountEnds } from './discount-calendar';
import { addonPeriodFrom, serviceOf, termEndFrom } from './item-schedule';
import { owedNow, periodsUntil, wholePart } from './owed-periods';
import { type BilledPart, boughtOnce, issueAll, setupOf } from './period-billing';

/** Service begins: that of a plan, of what was bought with it, and of add-ons that are bought later. */

/** An add-on as it begins, and what is billed of it ahead: nothing where it is free, or billed in arrears. */
export interface BegunAddon {
  item: AddonItem;
  parts: readonly BilledPart[];
}

/** The same with what is over of it, where it began before now: to be billed in arrears. */
type OwedAddon = BegunAddon & { used: readonly BilledPart[] };

/**
 * Service of the plan that is paid begins, with the add-ons that wait for it: the first periods, and their invoice (in
 * advance). Where it began before now, the invoice has a line for every period since, and in arrears for those that are
 * over, each with its usage; it is due from now on.
 * @throws AppError invalid_date_sequence where that is too much for an invoice
 */
export function beginService(
  state: Subscription,
  from: number,
  as: InvoiceRole,
  policy: SubscriptionPolicy,
  now: number = from,
): Decision {
  const plan = planOf(state);
  const { denominator: _whole, ...started } = firstPeriod(
    from,
    serviceOf(state, plan),
    plan.wantedAnchorDay,
    policy.billingTime,
  );
  const begun = withDiscountEnds(withItem(state, plan.key, started), from, false);
  const { periods, state: running } = periodsUntil(begun, planOf(begun) as PlanInPeriod, now, policy);
  const parts = periods.map((next) => wholePart(begun, next));

  if (state.billingTiming === 'in_arrears') {
    return beginAlone(running, begun, parts.slice(0, -1), { from, now }, policy);
  }
  const addons = addonsOf(begun)
    .filter(({ awaitsPlan }) => awaitsPlan === true)
    .map((item) => begunUntil(begun, item, { from, now }, policy));
  const next = withAddons(
    running,
    addons.map(({ item }) => (as.role === 'first' ? item : withoutAwaiting(item))),
  );
  const all = [...parts, ...partsOf(addons)].filter(hasLength);

  return owedNow({ state: next, effects: issueAll(next, all, 'first', policy, as) }, all, policy, now);
}

/**
 * Add-ons that were bought with a plan that is free or billed in arrears begin: what is paid of them ahead is billed by
 * itself, and they wait for that; the others count from now on.
 */
export function beginAddonsAlone(
  state: Subscription,
  from: number,
  policy: SubscriptionPolicy,
  now: number = from,
): Decision {
  return beginAlone(state, state, [], { from, now }, policy);
}

/** @param begun the subscription in its first period, which those of its add-ons follow */
function beginAlone(
  state: Subscription,
  begun: Subscription,
  usedOfPlan: readonly BilledPart[],
  times: { from: number; now: number },
  policy: SubscriptionPolicy,
): Decision {
  const { now } = times;
  const addons = addonsOf(begun)
    .filter(({ awaitsPlan }) => awaitsPlan === true)
    .map((item) => begunUntil(begun, item, times, policy));
  const alone = billAlone(state, addons, { from: now, payBy: payBy(state, now, policy) }, policy);
  const used = [...usedOfPlan, ...addons.flatMap((one) => one.used)].filter(hasLength);
  const billed = { state: alone.state, effects: issueAll(alone.state, used, 'renewal', policy) };

  return prepend(owedNow(alone, partsOf(addons), policy, now).effects, owedNow(billed, used, policy, now));
}

/** What is billed of add-ons alone, and what of it somebody waits for. */
export function billAlone(
  state: Subscription,
  begun: readonly BegunAddon[],
  { from, payBy: until }: { from: number; payBy: number | null },
  policy: SubscriptionPolicy,
): Decision {
  const isCounted = ({ item, parts }: BegunAddon) => parts.length === 0 && item.status === 'pending';
  const items = begun.map((one): AddonItem => ({
    ...withoutAwaiting(one.item),
    ...(isCounted(one) ? { status: 'active', activatedAt: from } : {}),
  }));
  const next = withAddons(state, items);
  const parts = partsOf(begun).filter(hasLength);
  const asked = items.filter(({ key }) => parts.some(({ item }) => item.key === key));
  const isAwaited = asked.some(({ status }) => status === 'pending');
  const counted = items.filter(({ key }) => begun.some((one) => one.item.key === key && isCounted(one)));

  return {
    state: next,
    effects: [
      ...counted.map((item) => ({
        type: 'event' as const,
        name: 'addon.activated' as const,
        payload: addonPayload(next, item),
      })),
      ...issueAll(next, parts, 'addon', policy, {
        role: 'addons',
        items: asked.map(({ key }) => key),
        payBy: isAwaited ? until : null,
      }),
    ],
  };
}

function begunUntil(
  state: Subscription,
  item: AddonItem,
  { from, now }: { from: number; now: number },
  policy: SubscriptionPolicy,
): OwedAddon {
  const first = beginBought(state, item, from, policy);

  if (!isInPeriod(first.item)) {
    return { ...first, used: [] };
  }
  const setup = setupOf(first.item, from);
  const { periods } = periodsUntil(state, first.item, now, policy);
  const parts = periods.map((next) => wholePart(state, next));
  const begun = periods.at(-1) ?? first.item;

  return state.billingTiming === 'in_arrears'
    ? { item: begun, parts: setup, used: parts.slice(0, -1) }
    : { item: begun, parts: [...parts, ...setup], used: [] };
}

/** An add-on that was bought begins, with its setup fee: that is billed ahead in any case. */
export function beginBought(
  state: Subscription,
  bought: AddonItem,
  from: number,
  policy: Pick<SubscriptionPolicy, 'addonAlignTo'>,
): BegunAddon {
  const { item, parts } = beginAddon(state, bought, from, policy);

  return { item, parts: [...parts, ...setupOf(item, from)] };
}

/** The first period of an add-on, and what is billed of it: in arrears nothing but what is bought once. Its term begins here. */
export function beginAddon(
  state: Subscription,
  bought: AddonItem,
  from: number,
  policy: Pick<SubscriptionPolicy, 'addonAlignTo'>,
): BegunAddon {
  const { billingCycle } = bought.terms;
  const endsAt = bought.endsAt ?? termEndFrom(from, state, bought);
  const item: AddonItem = { ...bought, endsAt };

  if (isFree(item)) {
    return { item, parts: [] };
  }

  if (billingCycle === null) {
    return { item, parts: [boughtOnce(item, from)] };
  }
  const { key } = item;
  const { denominator, ...started } = addonPeriodFrom(from, state, { key, terms: { billingCycle }, endsAt }, policy);
  const begun = { ...item, ...started };

  return {
    item: begun,
    parts: state.billingTiming === 'in_arrears' ? [] : [{ item: begun, service: started.period, denominator }],
  };
}

/** Add-ons that wait for the first invoice, with what it bills of them; what is bought once, for the instant it begins at. */
export function awaitedAddons(state: Subscription, from: number): BegunAddon[] {
  return awaitingFirstPayment(state).map((item) => ({
    item,
    parts: awaitedParts(state, item, from),
  }));
}

/** What the invoice bills that an add-on waits for: its period, but in arrears, or the instant that it is bought at, and its setup fee. */
export function awaitedParts(state: Subscription, item: AddonItem, at: number): BilledPart[] {
  const setup = setupOf(item, at);

  if (isInPeriod(item)) {
    return state.billingTiming === 'in_arrears' ? setup : [wholePart(state, item), ...setup];
  }

  return isFree(item) ? setup : [boughtOnce(item, at), ...setup];
}

export function partsOf(begun: readonly BegunAddon[]): BilledPart[] {
  return begun.flatMap(({ parts }) => parts);
}

/** Until when what somebody waits for is to be paid; null where its invoice is sent (D17). */
export function payBy(
  { paysAtOnce }: Pick<Subscription, 'paysAtOnce'>,
  from: number,
  { firstInvoiceExpiryHours }: Pick<SubscriptionPolicy, 'firstInvoiceExpiryHours'>,
): number | null {
  return paysAtOnce ? from + firstInvoiceExpiryHours * 3_600_000 : null;
}

const hasLength = ({ service }: BilledPart): boolean => service.endsAt > service.startsAt;

const withAddons = (state: Subscription, items: readonly AddonItem[]): Subscription =>
  items.reduce((seen, item) => withItem(seen, item.key, { awaitsPlan: false, ...item }), state);

function withoutAwaiting({ awaitsPlan: _awaits, ...item }: AddonItem): AddonItem {
  return item;
}
