import fc from 'fast-check';

import { compareRatios, formatExactDecimal, ratio } from '../money/ratio-rules';
import { periodAt } from './entitlement-calendar';
import { allowanceOf, meteredAllowance } from './entitlement-rules';
import type { EntitlementGrant, MeasuredGrant } from './entitlement-types';

const periods = {
  timeZone: 'Asia/Ho_Chi_Minh',
  billingCycle: 'monthly' as const,
  anchorAt: Date.parse('2025-01-31T10:00:00+07:00'),
  anchorDay: 31,
  startsAt: null,
  endsAt: null,
};
const grant = (value: EntitlementGrant['value'], quantity = 1, perUnit = false): EntitlementGrant => ({
  source: 'plan',
  subscriptionId: 1,
  planId: 1,
  addonId: null,
  overrideId: null,
  quantity,
  value,
  perUnit,
  validUntil: null,
  periods,
});
const measured = (limit: number, used: number, startsAt = 0): MeasuredGrant => ({
  grant: grant(limit),
  period: { startsAt, endsAt: startsAt + 10 },
  used: ratio(used),
});

describe('what several sources of a feature come to', () => {
  it.each([
    ['nothing', 'boolean' as const, [], { isEntitled: false, limit: null }],
    ['one of two', 'boolean' as const, [grant(true), grant(true)], { isEntitled: true, limit: null }],
    ['a limit of none', 'limit' as const, [], { isEntitled: false, limit: 0 }],
    ['a limit of 0', 'limit' as const, [grant(0)], { isEntitled: false, limit: 0 }],
    ['two limits', 'limit' as const, [grant(5), grant(10)], { isEntitled: true, limit: 15 }],
    ['a limit for each seat', 'limit' as const, [grant(5, 3, true), grant(10, 3)], { isEntitled: true, limit: 25 }],
    ['no limit and a limit', 'limit' as const, [grant(5), grant('unlimited')], { isUnlimited: true, limit: null }],
  ])('%s', (_what, kind, grants, expected) => {
    expect(allowanceOf({ kind, grants })).toMatchObject(expected);
  });

  it('is the same in any order, and grows with every source', () => {
    const limits = fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 50 }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(limits, fc.nat(1_000), (sources, more) => {
        const grants = sources.map((source) => grant(...source));
        const { limit } = allowanceOf({ kind: 'limit', grants });

        expect(allowanceOf({ kind: 'limit', grants: [...grants].reverse() }).limit).toBe(limit);
        expect(allowanceOf({ kind: 'limit', grants: [...grants, grant(more)] }).limit).toBe((limit ?? 0) + more);
      }),
    );
  });
});

describe('a metered balance', () => {
  it('of one period is drawn down by its usage, whichever source gave it', () => {
    const { remaining, used, ...rest } = meteredAllowance([measured(1_000, 1_200), measured(500, 1_200)]);

    expect([remaining && formatExactDecimal(remaining), used && formatExactDecimal(used)]).toEqual(['300', '1200']);
    expect(rest).toMatchObject({ isEntitled: true, limit: 1_500, resetsAt: 10 });
  });

  it('is over when it is used up, to the last unit', () => {
    expect(meteredAllowance([measured(10, 9)]).isEntitled).toBe(true);
    expect(meteredAllowance([measured(10, 10)])).toMatchObject({ isEntitled: false, remaining: ratio(0) });
    expect(meteredAllowance([])).toMatchObject({ isEntitled: false, limit: 0 });
  });

  it('of units that were bought ahead adds up with what a period gives, drawn units included', () => {
    const toppedUp = { bought: ratio(1_000), left: ratio(700) };

    expect(meteredAllowance([measured(100, 80)], toppedUp)).toMatchObject({
      isEntitled: true,
      limit: 1_100,
      used: ratio(380),
      remaining: ratio(720),
      prepaid: ratio(700),
    });
    expect(meteredAllowance([], toppedUp)).toMatchObject({ isEntitled: true, limit: 1_000, remaining: ratio(700) });
    expect(meteredAllowance([], { ...toppedUp, left: ratio(0) })).toMatchObject({ isEntitled: false, limit: 1_000 });
  });

  it('is never below nothing, nor above its limit', () => {
    const source = fc.tuple(fc.nat(100), fc.nat(3));
    fc.assert(
      fc.property(
        fc.array(source, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(300), { minLength: 4, maxLength: 4 }),
        (sources, usage) => {
          const { remaining, limit } = meteredAllowance(
            sources.map(([value, nth]) => measured(value, usage[nth] ?? 0, nth * 3)),
          );

          expect(compareRatios(remaining ?? ratio(-1), ratio(0))).toBeGreaterThanOrEqual(0);
          expect(compareRatios(remaining ?? ratio(0), ratio(limit ?? 0))).toBeLessThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the period of a metered balance', () => {
  const iso = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }) =>
    [startsAt, endsAt].map((at) => new Date(at).toISOString());
  const at = Date.parse;

  it('without one of the plan is counted from its start, on the day it began on', () => {
    expect(iso(periodAt(periods, at('2025-03-01T00:00:00+07:00')))).toEqual([
      '2025-02-28T03:00:00.000Z',
      '2025-03-31T03:00:00.000Z',
    ]);
  });

  it('is the one of the row, and from its end on the next, whether its step has run or not', () => {
    const row = { ...periods, startsAt: at('2025-02-28T10:00:00+07:00'), endsAt: at('2025-03-31T10:00:00+07:00') };

    expect(periodAt(row, at('2025-03-31T09:59:59+07:00')).endsAt).toBe(row.endsAt);
    expect(iso(periodAt(row, row.endsAt))).toEqual(['2025-03-31T03:00:00.000Z', '2025-04-30T03:00:00.000Z']);
  });
});
