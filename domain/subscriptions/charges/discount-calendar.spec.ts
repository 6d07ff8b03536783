import fc from 'fast-check';

import type { BillingCycle } from '../../calendar/billing-period-rules';
import type { LastingDiscount } from '../../promotions/coupon-duration-rules';
import { restOfPeriod, wholePeriod } from '../schedule/billing-schedule-calendar';
import { planOf, withItem } from '../lifecycle/item-rules';
import { planItem, type Subscription } from '../lifecycle/subscription-types';
import { unbegunSubscription } from '../row/subscription-row';
import { withDiscountEnds, withDiscountsFollowing } from './discount-calendar';
import { withPauseAdded } from './discount-rules';

const timeZone = 'Asia/Ho_Chi_Minh';
const start = Date.parse('2026-01-31T03:00:00Z');
const day = 86_400_000;

const code = (count: number): LastingDiscount => ({
  promotionId: 1,
  codeId: 1,
  code: 'FLAT',
  currency: 'VND',
  scope: { planIds: [], addonKeys: [], categories: [], productIds: [] },
  priority: 100,
  isCombinable: true,
  duration: { kind: 'periods', count },
  discount: { kind: 'amount', amount: 45_001 },
  appliedAt: start,
  endsAt: null,
  taken: [],
});

/** In its first period, with a code for so many of them. */
function begun(billingCycle: BillingCycle, periods: number): Subscription {
  const unbegun = unbegunSubscription(
    { planId: 1, planName: 'Pro', amount: 100_000, billingCycle },
    {
      currency: 'VND',
      timeZone,
      quantity: 1,
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance',
      renewalLeadDays: 3,
    },
  );
  const active = inPeriodsFrom({ ...unbegun, status: 'active', discounts: [code(periods)] }, billingCycle, start);

  return withDiscountEnds(active, start, false);
}

/** The plan goes on in whole periods of another length from an instant. */
function inPeriodsFrom(state: Subscription, billingCycle: BillingCycle, from: number): Subscription {
  const plan = planOf(state);
  const { denominator: _whole, ...started } = wholePeriod(from, { timeZone, billingCycle, endsAt: null });

  return withItem(state, plan.key, { ...started, terms: { ...plan.terms, billingCycle } });
}

const endOf = ({ discounts: [one] }: Subscription): string => new Date(one?.endsAt ?? NaN).toISOString();
const follow = (before: Subscription, cycle: BillingCycle, at: number): Subscription =>
  withDiscountsFollowing(before, inPeriodsFrom(before, cycle, at));

describe('a code for some periods, when the plan goes on in others', () => {
  it.each([
    ['one month is one week of a weekly plan', begun('monthly', 1), 'weekly', start, '2026-02-07T03:00:00.000Z'],
    [
      'of three months two weeks are left after the first',
      begun('monthly', 3),
      'weekly',
      start + 28 * day,
      '2026-03-14T03:00:00.000Z',
    ],
    ['none are left after the last', begun('monthly', 1), 'weekly', start + 28 * day, '2026-02-28T03:00:00.000Z'],
    ['it goes on no longer than it was to', begun('weekly', 2), 'yearly', start + 3 * day, '2026-02-14T03:00:00.000Z'],
  ] as const)('%s', (_name, before, cycle, at, end) => {
    expect(endOf(follow(before, cycle, at))).toBe(end);
  });

  it('keeps its end where periods go on as they were, or none are known', () => {
    const monthly = begun('monthly', 2);
    const next = withItem(monthly, planOf(monthly).key, { terms: { ...planOf(monthly).terms, planId: 2 } });
    const waiting = { ...monthly, discounts: [code(2)] };

    expect(withDiscountsFollowing(monthly, next)).toBe(next);
    expect(follow(waiting, 'weekly', start).discounts[0]?.endsAt).toBeNull();
    expect(follow({ ...monthly, discounts: [] }, 'weekly', start).discounts).toEqual([]);
  });

  it('is counted while service was paused as it stood then', () => {
    const paused: Subscription = { ...begun('monthly', 2), status: 'paused', pausedAt: start + 5 * day };

    expect(endOf(follow(paused, 'weekly', start + 40 * day))).toBe('2026-03-26T03:00:00.000Z');
  });

  it.each([
    ['an hour', 1 / 24, '2026-03-31T03:00:00.000Z'],
    ['three weeks', 21, '2026-03-31T03:00:00.000Z'],
    ['the end of the first', 30, '2026-04-30T03:00:00.000Z'],
    ['the end of the second', 60, '2026-05-31T03:00:00.000Z'],
  ])('holds for as many as were left after a pause of %s', (_length, days, end) => {
    const paused: Subscription = { ...begun('monthly', 2), status: 'paused', pausedAt: start + 5 * day };
    const at = start + (5 + days) * day;
    const rest = restOfPeriod(at, { timeZone, billingCycle: 'monthly', endsAt: null, anchorAt: start, anchorDay: 31 });
    const { denominator: _whole, ...started } = rest;
    const resumed = withPauseAdded(
      { ...withItem(paused, planItem, started), status: 'active', pausedAt: null },
      days * day,
    );

    expect(endOf(withDiscountsFollowing(paused, resumed))).toBe(end);
  });

  it('takes something off no more periods than it was given for, however often the plan changes', () => {
    const cycles = fc.constantFrom<BillingCycle>('weekly', 'monthly', 'quarterly', 'yearly');
    const changes = fc.array(fc.record({ cycle: cycles, days: fc.integer({ min: 0, max: 70 }) }), { maxLength: 6 });

    fc.assert(
      fc.property(cycles, fc.integer({ min: 1, max: 6 }), changes, (cycle, periods, steps) => {
        let state = begun(cycle, periods);
        let [from, at] = [start, start];
        const first = state.discounts[0]?.endsAt ?? 0;

        for (const step of steps) {
          at += step.days * day;
          state = follow(state, step.cycle, at);
          from = at;
        }
        const end = state.discounts[0]?.endsAt ?? 0;
        const { schedule, terms } = planOf(state);
        const length = { weekly: 7, monthly: 28, quarterly: 89, yearly: 365 }[terms.billingCycle as 'weekly'];

        expect(schedule).not.toBeNull();
        expect(end).toBeLessThanOrEqual(first);
        expect(Math.ceil((end - from) / (length * day))).toBeLessThanOrEqual(periods + 1);
      }),
    );
  });
});
