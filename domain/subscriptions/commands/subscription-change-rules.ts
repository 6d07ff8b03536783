import { anchorDayOf, BILLING_PERIODS } from '../../calendar/billing-period-rules';
import { addDays } from '../../calendar/calendar-rules';
import { datedSpan } from '../../billing/pricing/line-basis';
import { type InstantSpan, localDateAt, startOfDay } from '../../calendar/zoned-calendar';
import { daysBought } from '../lifecycle/granted-days-rules';
import { reissueAhead, takeBackAhead } from '../lifecycle/subscription-ahead-rules';
import { daysOn, otherRow, type Row } from '../lifecycle/subscription-period-rules';
import {
  asFreeTier,
  beginService,
  hasRow,
  issueFor,
  planChangeEffects,
  wholeOf,
} from '../lifecycle/subscription-rules';
import type {
  AgreedPlan,
  Decision,
  Subscription,
  SubscriptionEffect,
  SubscriptionPolicy,
} from '../lifecycle/subscription-types';

/**
 * A change of plan or quantity inside the current period (D20, S227, S230). In advance: what is unused of the old line is
 * credited and the rest of the period is billed at the new price. In arrears: what was used so far is billed at the old
 * price. From a free tier: service begins here. To one: it ends here.
 */
export function changeAtOnce(
  state: Subscription,
  to: { plan: AgreedPlan; quantity: number },
  policy: SubscriptionPolicy,
  at: number,
): Decision {
  const told = planChangeEffects(state, to.plan, to.quantity);
  const changed: Subscription = { ...state, ...to, scheduled: null };

  if (to.plan.amount === 0) {
    return {
      state: asFreeTier(changed),
      effects: [...told, ...settleOld(state, policy, at), ...takeBackAhead(state, 'reissue')],
    };
  }

  if (!isInPeriod(state)) {
    const isFirst = state.activatedAt === null || state.plan.amount === 0;
    const begun = beginService(changed, policy, at, isFirst ? 'first' : 'now');

    return { state: begun.state, effects: [...told, ...begun.effects] };
  }

  if (policy.change.billing === 'grant_days' && state.billingTiming === 'in_advance') {
    const granted = grantDays(changed, state, policy, at);

    return { state: granted.state, effects: [...told, ...granted.effects, ...takeBackAhead(state, 'reissue')] };
  }
  const sameCycle = BILLING_PERIODS[to.plan.billingCycle] === BILLING_PERIODS[state.plan.billingCycle];
  const from = chargedFrom(state, policy, at);
  const { next, billing } = (sameCycle ? keepCycle : otherCycle)(to, state, policy, from);
  const ahead = state.renewalInvoiceId === null ? [] : renewedAhead(state, next, policy, sameCycle);

  return { state: { ...next, renewalInvoiceId: null }, effects: [...told, ...billing, ...ahead] };
}

type InPeriod = Subscription & Row & { period: InstantSpan };

function isInPeriod(state: Subscription): state is InPeriod {
  return hasRow(state) && state.period !== null;
}

interface Changed {
  next: Subscription;
  billing: SubscriptionEffect[];
}

/** When the new plan begins to be charged: at the change, or with the next day where its day is the old plan's. */
function chargedFrom({ period, timeZone }: InPeriod, { change }: SubscriptionPolicy, at: number): number {
  const from = change.dayOfChange === 'old_plan' ? startOfDay(addDays(localDateAt(at, timeZone), 1), timeZone) : at;

  return Math.min(Math.max(from, period.startsAt), period.endsAt);
}

/** The anchor is kept and both sides are prorated over what is left of the period. */
function keepCycle(
  to: { plan: AgreedPlan; quantity: number },
  before: InPeriod,
  policy: SubscriptionPolicy,
  from: number,
): Changed {
  const changed = { ...before, ...to, scheduled: null };
  const rest = { startsAt: from, endsAt: before.period.endsAt };

  if (before.billingTiming === 'in_arrears') {
    return { next: { ...changed, period: rest }, billing: settleOld(before, policy, from) };
  }

  if (policy.change.billing === 'none' || rest.startsAt === rest.endsAt) {
    return { next: changed, billing: [] };
  }

  if (policy.change.billing === 'charge_difference') {
    return { next: changed, billing: billDifference(changed, before, rest, policy) };
  }
  const invoice = issueFor(changed, 'change', rest, wholeOf(changed), policy, { role: 'now' });

  return { next: changed, billing: [...settleOld(before, policy, from), invoice] };
}

/** One line for what the new price is more, over the rest of the period; a lower price holds from the next one. */
function billDifference(
  changed: Subscription,
  before: Subscription,
  rest: InstantSpan,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const difference = changed.plan.amount * changed.quantity - before.plan.amount * before.quantity;
  const invoice = issueFor(changed, 'change', rest, wholeOf(changed), policy, { role: 'now' });

  return difference <= 0
    ? []
    : [{ ...invoice, item: `plan-change/${rest.startsAt}`, quantity: 1, unitPrice: difference }];
}

/** Nothing is billed: what is unused of the old price buys days of the new plan, and its periods begin after them. */
function grantDays(changed: Subscription, before: InPeriod, policy: SubscriptionPolicy, at: number): Decision {
  const { timeZone, period } = before;
  const terms = ({ plan, quantity }: Subscription) => ({
    price: BigInt(plan.amount),
    quantity: BigInt(quantity),
    period: BILLING_PERIODS[plan.billingCycle],
  });
  const days = daysBought({
    from: terms(before),
    to: terms(changed),
    current: datedSpan(period, timeZone),
    unused: datedSpan({ startsAt: chargedFrom(before, policy, at), endsAt: period.endsAt }, timeZone),
    changeOn: localDateAt(at, timeZone),
    proration: policy.change.proration,
  });
  const bought = days === 0 ? Math.max(period.startsAt + 1, at) : daysOn(at, days, timeZone);
  const endsAt = before.endsAt === null ? bought : Math.min(bought, before.endsAt);

  return {
    state: {
      ...changed,
      anchorAt: endsAt,
      anchorDay: anchorDayOf(localDateAt(endsAt, timeZone)),
      periodIndex: -1,
      period: { ...period, endsAt },
      renewalInvoiceId: null,
    },
    effects: [{ type: 'move_end', from: period.endsAt, to: endsAt, days }],
  };
}

/** Periods of another length: from the change on with a full one, or after a stub up to the next anchor day. */
function otherCycle(
  to: { plan: AgreedPlan; quantity: number },
  before: InPeriod,
  policy: SubscriptionPolicy,
  from: number,
): Changed {
  const changed = { ...before, ...to, scheduled: null };
  const { denominator, ...started } = otherRow(from, changed, { ...policy.change, billingTime: policy.billingTime });
  const next = { ...changed, ...started };

  return {
    next,
    billing: [
      ...settleOld(before, policy, from),
      ...(changed.billingTiming === 'in_arrears'
        ? []
        : [issueFor(next, 'change', started.period, denominator, policy, { role: 'now' } as const)]),
    ],
  };
}

/** What is owed or given back for the old plan at the change. */
function settleOld(before: Subscription, policy: SubscriptionPolicy, from: number): SubscriptionEffect[] {
  const { period, billingTiming } = before;

  if (period === null || before.plan.amount === 0) {
    return [];
  }

  if (billingTiming === 'in_advance') {
    return [{ type: 'credit', from, reason: 'plan_change' }];
  }
  const used = { startsAt: period.startsAt, endsAt: from };

  return from <= period.startsAt ? [] : [issueFor(before, 'change', used, wholeOf(before), policy, { role: 'now' })];
}

/** The next period's invoice, issued already for the old plan, is issued again; in another row its time is later. */
function renewedAhead(
  before: Subscription,
  after: Subscription,
  policy: SubscriptionPolicy,
  sameCycle: boolean,
): SubscriptionEffect[] {
  return sameCycle ? reissueAhead(before, after, policy) : takeBackAhead(before, 'reissue');
}
