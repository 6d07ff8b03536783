import { awaitingFirstPayment, addonPayload } from '../lifecycle/addon-rules';
import { alignedPeriod, firstPeriod, wholePeriod } from '../lifecycle/billing-schedule-calendar';
import type { Decision } from '../lifecycle/decision-types';
import { addonsOf, isFree, isInPeriod, planOf, withItem } from '../lifecycle/item-rules';
import type {
  AddonItem,
  BillingSchedule,
  InvoiceRole,
  Subscription,
  SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { withDiscountEnds } from './discount-calendar';
import { type BilledPart, boughtOnce, issueAll, periodPart, serviceOf, wholeOf } from './period-billing';

/** Service begins: that of a plan, of what was bought with it, and of add-ons that are bought later. */

/** An add-on as it begins, and what is billed of it; null: nothing, or nothing yet. */
export interface BegunAddon {
  item: AddonItem;
  part: BilledPart | null;
}

/** Service of the plan that is paid begins, with the add-ons that wait for it: the first periods, and their invoice (in advance). */
export function beginService(state: Subscription, from: number, as: InvoiceRole, policy: SubscriptionPolicy): Decision {
  const plan = planOf(state);
  const { denominator, ...started } = firstPeriod(
    from,
    serviceOf(state, plan),
    plan.wantedAnchorDay,
    policy.billingTime,
  );
  const begun = withDiscountEnds(withItem(state, plan.key, started), from, false);

  if (state.billingTiming === 'in_arrears') {
    return beginAddonsAlone(begun, from, policy);
  }
  const addons = addonsOf(begun)
    .filter(({ awaitsPlan }) => awaitsPlan === true)
    .map((item) => beginAddon(begun, item, from, policy));
  const next = withAddons(
    begun,
    addons.map(({ item }) => (as.role === 'first' ? item : withoutAwaiting(item))),
  );
  const parts = [{ item: planOf(next), service: started.period, denominator }, ...partsOf(addons)].filter(hasLength);

  return { state: next, effects: issueAll(next, parts, 'first', policy, as) };
}

/**
 * Add-ons that were bought with a plan that is free or billed in arrears begin: what is paid of them ahead is billed by
 * itself, and they wait for that; the others count from here.
 */
export function beginAddonsAlone(state: Subscription, from: number, policy: SubscriptionPolicy): Decision {
  const begun = addonsOf(state)
    .filter(({ awaitsPlan }) => awaitsPlan === true)
    .map((item) => beginAddon(state, item, from, policy));

  return billAlone(state, begun, { from, payBy: payBy(state, from, policy) }, policy);
}

/** What is billed of add-ons alone, and what of it somebody waits for. */
export function billAlone(
  state: Subscription,
  begun: readonly BegunAddon[],
  { from, payBy: until }: { from: number; payBy: number | null },
  policy: SubscriptionPolicy,
): Decision {
  const isCounted = ({ item, part }: BegunAddon) => part === null && item.status === 'pending';
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

/** The first period of an add-on, and what is billed of it: in arrears nothing but what is bought once. */
export function beginAddon(
  state: Subscription,
  item: AddonItem,
  from: number,
  policy: Pick<SubscriptionPolicy, 'addonAlignTo'>,
): BegunAddon {
  const { billingCycle } = item.terms;

  if (isFree(item)) {
    return { item, part: null };
  }

  if (billingCycle === null) {
    return { item, part: boughtOnce(item, from) };
  }
  const periods = serviceOf(state, { key: item.key, terms: { billingCycle }, endsAt: null });
  const other = policy.addonAlignTo === 'subscription' ? scheduleToFollow(state) : null;
  const { denominator, ...started } = other === null ? wholePeriod(from, periods) : alignedPeriod(from, periods, other);
  const begun = { ...item, ...started };

  return {
    item: begun,
    part: state.billingTiming === 'in_arrears' ? null : { item: begun, service: started.period, denominator },
  };
}

/** Add-ons that wait for the first invoice, with what it bills of them; what is bought once, for the instant it begins at. */
export function awaitedAddons(state: Subscription, from: number): BegunAddon[] {
  return awaitingFirstPayment(state).map((item) => ({
    item,
    part: isInPeriod(item)
      ? periodPart({ next: item, denominator: wholeOf(state, item) })
      : isFree(item)
        ? null
        : boughtOnce(item, from),
  }));
}

export function partsOf(begun: readonly BegunAddon[]): BilledPart[] {
  return begun.flatMap(({ part }) => part ?? []);
}

/** Until when what somebody waits for is to be paid; null where its invoice is sent (D17). */
export function payBy(
  { paysAtOnce }: Pick<Subscription, 'paysAtOnce'>,
  from: number,
  { firstInvoiceExpiryHours }: Pick<SubscriptionPolicy, 'firstInvoiceExpiryHours'>,
): number | null {
  return paysAtOnce ? from + firstInvoiceExpiryHours * 3_600_000 : null;
}

/** That of the plan; where it is free, of the add-on that was bought first. */
function scheduleToFollow(state: Subscription): BillingSchedule | null {
  return planOf(state).schedule ?? addonsOf(state).find((item) => isInPeriod(item))?.schedule ?? null;
}

const hasLength = ({ service }: BilledPart): boolean => service.endsAt > service.startsAt;

const withAddons = (state: Subscription, items: readonly AddonItem[]): Subscription =>
  items.reduce((seen, item) => withItem(seen, item.key, { awaitsPlan: false, ...item }), state);

function withoutAwaiting({ awaitsPlan: _awaits, ...item }: AddonItem): AddonItem {
  return item;
}
