import { BILLING_PERIODS } from '../billing/billing-period-rules';
import { datedSpan } from '../billing/line-basis';
import { type InstantSpan, localDateAt } from '../billing/zoned-calendar';
import { daysBought } from './plan-change-rules';
import { reissueAhead, takeBackAhead } from './subscription-ahead-rules';
import { daysOn, restOfPeriod, type StartedPeriod, stubToAnchorDay, wholePeriod } from './subscription-period-rules';
import { asFreeTier, beginService, issueFor, planChangeEffects, wholeOf } from './subscription-rules';
import type { AgreedPlan, Decision, Subscription, SubscriptionEffect, SubscriptionPolicy } from './subscription-types';

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

  if (state.period === null || state.anchorAt === null) {
    const isFirst = state.activatedAt === null || state.plan.amount === 0;
    const begun = beginService(changed, policy, at, isFirst ? 'first' : 'now');

    return { state: begun.state, effects: [...told, ...begun.effects] };
  }

  if (policy.change.billing === 'grant_days' && state.billingTiming === 'in_advance') {
    const granted = grantDays(changed, state, policy, at);

    return { state: granted.state, effects: [...told, ...granted.effects, ...takeBackAhead(state, 'reissue')] };
  }
  const sameCycle = BILLING_PERIODS[to.plan.billingCycle] === BILLING_PERIODS[state.plan.billingCycle];
  const { next, billing } = sameCycle
    ? keepCycle({ ...changed, period: state.period }, state, policy, at)
    : otherCycle(changed, state.anchorAt, state, policy, at);
  const ahead = state.renewalInvoiceId === null ? [] : renewedAhead(state, next, policy, sameCycle);

  return { state: { ...next, renewalInvoiceId: null }, effects: [...told, ...billing, ...ahead] };
}

interface Changed {
  next: Subscription;
  billing: SubscriptionEffect[];
}

/** The anchor is kept and both sides are prorated over what is left of the period. */
function keepCycle(
  changed: Subscription & { period: InstantSpan },
  before: Subscription,
  policy: SubscriptionPolicy,
  at: number,
): Changed {
  const rest = { startsAt: at, endsAt: changed.period.endsAt };

  if (changed.billingTiming === 'in_arrears') {
    return { next: { ...changed, period: rest }, billing: settleOld(before, policy, at) };
  }

  if (policy.change.billing === 'none') {
    return { next: changed, billing: [] };
  }

  if (policy.change.billing === 'charge_difference') {
    return { next: changed, billing: billDifference(changed, before, rest, policy) };
  }
  const invoice = issueFor(changed, 'change', rest, wholeOf(changed), policy, { role: 'now' });

  return { next: changed, billing: [...settleOld(before, policy, at), invoice] };
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

  return difference <= 0 || invoice.type !== 'issue'
    ? []
    : [{ ...invoice, item: `plan-change/${rest.startsAt}`, quantity: 1, unitPrice: difference }];
}

/** Nothing is billed: what is unused of the old price buys days of the new plan, and its periods begin after them. */
function grantDays(changed: Subscription, before: Subscription, policy: SubscriptionPolicy, at: number): Decision {
  const { timeZone } = before;
  const period = before.period as InstantSpan;
  const terms = ({ plan, quantity }: Subscription) => ({
    price: BigInt(plan.amount),
    quantity: BigInt(quantity),
    period: BILLING_PERIODS[plan.billingCycle],
  });
  const days = daysBought({
    from: terms(before),
    to: terms(changed),
    current: datedSpan(period, timeZone),
    changeOn: localDateAt(at, timeZone),
    changeAt: at,
    policy: policy.change,
  });
  const endsAt = days === 0 ? Math.max(period.startsAt + 1, at) : daysOn(at, days, timeZone);

  return {
    state: { ...changed, anchorAt: endsAt, periodIndex: -1, period: { ...period, endsAt }, renewalInvoiceId: null },
    effects: [{ type: 'move_end', from: period.endsAt, to: endsAt }],
  };
}

/** Periods of another length: from the change on with a full one, or after a stub up to the next anchor day. */
function otherCycle(
  changed: Subscription,
  anchorAt: number,
  before: Subscription,
  policy: SubscriptionPolicy,
  at: number,
): Changed {
  const { denominator, ...started } = newRow(changed, anchorAt, policy, at);
  const next = { ...changed, ...started };

  return {
    next,
    billing: [
      ...settleOld(before, policy, at),
      ...(changed.billingTiming === 'in_arrears'
        ? []
        : [issueFor(next, 'change', started.period, denominator, policy, { role: 'now' } as const)]),
    ],
  };
}

function newRow(changed: Subscription, anchorAt: number, policy: SubscriptionPolicy, at: number): StartedPeriod {
  switch (policy.change.otherCycle) {
    case 'reset_anchor':
      return wholePeriod(at, changed);
    case 'keep_anchor_day':
      return stubToAnchorDay(at, { ...changed, anchorAt });
    case 'keep_anniversary':
      return restOfPeriod(at, { ...changed, anchorAt });
  }
}

/** What is owed or given back for the old plan at the change. */
function settleOld(before: Subscription, policy: SubscriptionPolicy, at: number): SubscriptionEffect[] {
  const { period, billingTiming } = before;

  if (period === null || before.plan.amount === 0) {
    return [];
  }

  if (billingTiming === 'in_advance') {
    return [{ type: 'credit', from: at, reason: 'plan_change' }];
  }

  return at <= period.startsAt
    ? []
    : [issueFor(before, 'change', { startsAt: period.startsAt, endsAt: at }, wholeOf(before), policy, { role: 'now' })];
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
