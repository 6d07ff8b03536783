import fc from 'fast-check';
import { applyCredit, netOfChange } from '../billing/account-credit-rules';
import { advance, BILLING_PERIODS } from '../billing/billing-period-rules';
import { addDays, daysBetween, fromDayNumber, toDayNumber } from '../billing/calendar-rules';
import { type BilledLine, totalCredit } from '../billing/credit-line-rules';
import { type ProrationConvention } from '../billing/proration-rules';
import { ratio } from '../billing/ratio-rules';
import { AppError } from '../errors';
import {
  DEFAULT_PLAN_CHANGE,
  directionOfChange,
  effectiveDateOfChange,
  type PlanChangePolicy,
  type PlanTerms,
} from './plan-change-policy-rules';
import { amountsOfChange, changePlanAtOnce, nextInvoiceAfterChange, type PlanChangeInput } from './plan-change-rules';

const monthly = (price: bigint): PlanTerms => ({ price, period: BILLING_PERIODS.monthly });
const yearly = (price: bigint): PlanTerms => ({ price, period: BILLING_PERIODS.yearly });
const may = { start: '2012-05-01', end: '2012-06-01' };

function paidLine(amount: bigint): BilledLine {
  return {
    lineId: 'line/1',
    amount,
    discount: 0n,
    tax: 0n,
    taxRatePpm: 0,
    discountTiming: 'after_tax',
    credited: { amount: 0n, discount: 0n, tax: 0n },
  };
}

function input(changes: Partial<PlanChangeInput> = {}): PlanChangeInput {
  const from = changes.from ?? monthly(24_995n);
  return {
    from,
    to: monthly(59_995n),
    current: may,
    currentLine: paidLine(from.price),
    changeOn: '2012-05-12',
    anchorDay: 1,
    startedOn: '2012-05-01',
    policy: DEFAULT_PLAN_CHANGE,
    ...changes,
  };
}

const withPolicy = (policy: Partial<PlanChangePolicy>): PlanChangePolicy => ({ ...DEFAULT_PLAN_CHANGE, ...policy });

describe('the direction of a change', () => {
  it('is decided by what the plans cost over a year', () => {
    expect(directionOfChange(monthly(12_900n), yearly(118_800n))).toBe('downgrade');
    expect(directionOfChange(monthly(9900n), yearly(118_801n))).toBe('upgrade');
    expect(directionOfChange(monthly(100n), { ...monthly(60n), quantity: 2n })).toBe('upgrade');
  });

  it('decides when it takes effect', () => {
    expect(effectiveDateOfChange('upgrade', '2012-05-12', may, DEFAULT_PLAN_CHANGE)).toBe('2012-05-12');
    expect(effectiveDateOfChange('downgrade', '2012-05-12', may, DEFAULT_PLAN_CHANGE)).toBe('2012-06-01');
  });
});

describe('a change within the same cycle', () => {
  it('credits the unused part of the old line and charges the new plan for the same days', () => {
    const change = changePlanAtOnce(input());

    expect(change.credit).toMatchObject({ creditsLineId: 'line/1', amount: -16_126n });
    expect(change.charge?.amount).toBe(38_706n);
    expect(change).toMatchObject({
      period: { start: '2012-05-12', end: '2012-06-01' },
      nextBillingDate: '2012-06-01',
      nextAmount: 59_995n,
    });
  });

  it('lies inside the period that is paid', () => {
    expect(() => changePlanAtOnce(input({ changeOn: '2012-06-01' }))).toThrow(AppError);
    expect(() => changePlanAtOnce(input({ changeOn: '2012-04-30' }))).toThrow(AppError);
  });

  it('counts seconds when the company bills by the second', () => {
    const instantOf = (date: string) => toDayNumber(date) * 86_400_000;
    const change = changePlanAtOnce(
      input({
        from: monthly(1000n),
        to: monthly(2000n),
        current: { ...may, startsAt: instantOf(may.start), endsAt: instantOf(may.end) },
        changeOn: '2012-05-16',
        changeAt: instantOf('2012-05-16') + 43_200_000,
        instantOf,
        policy: withPolicy({ proration: { convention: 'by_second' } }),
      }),
    );

    expect([change.credit?.amount, change.charge?.amount]).toEqual([-500n, 1000n]);
  });
});

describe('a change to another cycle', () => {
  const toYear = { to: yearly(239_995n) };

  it('begins a full period of its own by default', () => {
    const change = changePlanAtOnce(input(toYear));

    expect(change.charge).toMatchObject({ amount: 239_995n, service: { start: '2012-05-12', end: '2013-05-12' } });
    expect(change.credit?.amount).toBe(-16_126n);
  });

  it('may keep the anchor day, with a stub up to it', () => {
    const change = changePlanAtOnce(input({ ...toYear, policy: withPolicy({ otherCycle: 'keep_anchor_day' }) }));

    expect(change.charge).toMatchObject({ amount: 232_762n, service: { end: '2013-05-01' } });
    expect(change.nextBillingDate).toBe('2013-05-01');
  });

  it('on the anchor day itself is a whole period', () => {
    const policy = withPolicy({ otherCycle: 'keep_anchor_day' });
    const change = changePlanAtOnce(input({ ...toYear, changeOn: '2012-05-01', policy }));

    expect(change.charge).toMatchObject({ amount: 239_995n, service: { start: '2012-05-01', end: '2013-05-01' } });
  });

  it('may keep the anniversary of the first day', () => {
    const change = changePlanAtOnce(
      input({
        from: monthly(1000n),
        to: yearly(12_000n),
        current: { start: '2023-08-29', end: '2023-09-29' },
        changeOn: '2023-09-28',
        startedOn: '2023-06-29',
        policy: withPolicy({ otherCycle: 'keep_anniversary', proration: { convention: 'by_day_inclusive' } }),
      }),
    );

    expect(change).toMatchObject({
      credit: { amount: -32n },
      charge: { amount: 9016n },
      nextBillingDate: '2024-06-29',
    });
  });

  it('on the first day gives back the whole old line, whose rest pays the next invoices', () => {
    const change = changePlanAtOnce(
      input({
        from: yearly(239_995n),
        to: monthly(24_995n),
        current: { start: '2012-05-01', end: '2013-05-01' },
        changeOn: '2012-05-01',
      }),
    );
    const { toAccount } = netOfChange(change.charge?.amount ?? 0n, totalCredit(change.credit ? [change.credit] : []));

    expect(toAccount).toBe(215_000n);
    expect(applyCredit(toAccount, change.nextAmount)).toMatchObject({ used: 24_995n, toPay: 0n });
  });
});

describe('other ways to bill a change', () => {
  const september = { start: '2023-09-01', end: '2023-10-01' };
  const upgrade = (policy: Partial<PlanChangePolicy>) =>
    changePlanAtOnce(
      input({
        from: monthly(3000n),
        to: monthly(6000n),
        current: september,
        changeOn: '2023-09-15',
        policy: withPolicy({ dayOfChange: 'old_plan', ...policy }),
      }),
    );

  it('may grant days of the new plan, rounded up', () => {
    expect(upgrade({ billing: 'grant_days' })).toMatchObject({
      credit: null,
      charge: null,
      daysGranted: 8,
      nextBillingDate: '2023-09-23',
      nextAmount: 6000n,
    });
  });

  it('may charge the difference for the days left', () => {
    expect(upgrade({ billing: 'charge_difference' })).toMatchObject({
      credit: null,
      charge: { amount: 1500n },
      nextBillingDate: '2023-10-01',
    });
  });

  it('may cost nothing until the next billing date', () => {
    expect(upgrade({ billing: 'none' })).toMatchObject({
      credit: null,
      charge: null,
      daysGranted: null,
      nextAmount: 6000n,
    });
  });

  it('keep the period when a free plan would be granted without end', () => {
    const change = changePlanAtOnce(
      input({
        to: monthly(0n),
        current: september,
        changeOn: '2023-09-15',
        policy: withPolicy({ billing: 'grant_days' }),
      }),
    );

    expect(change.nextBillingDate).toBe('2023-10-01');
  });
});

describe('the amounts of a change', () => {
  it('are both sides of the share that is left', () => {
    expect(amountsOfChange(1000n, 2000n, ratio(1, 2))).toEqual({ credit: -500n, charge: 1000n, net: 500n });
    expect(nextInvoiceAfterChange(2400n, amountsOfChange(1200n, 2400n, ratio(3, 4)))).toBe(3300n);
  });
});

describe('an upgrade followed at once by a downgrade', () => {
  it('costs one minor unit at most, under every convention and with either plan charged for the day', () => {
    const conventions: ProrationConvention[] = [
      'by_day_exclusive_end',
      'by_day_inclusive',
      'by_second',
      'thirty_360',
      'none',
    ];
    const instantOf = (date: string) => toDayNumber(date) * 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: toDayNumber('2010-01-01'), max: toDayNumber('2040-12-31') }),
        fc.nat(27),
        fc.bigInt({ min: 0n, max: 10n ** 8n }),
        fc.bigInt({ min: 0n, max: 10n ** 8n }),
        fc.constantFrom(...conventions),
        fc.constantFrom('new_plan' as const, 'old_plan' as const),
        (day, days, lowPrice, highPrice, convention, dayOfChange) => {
          const start = fromDayNumber(day);
          const end = advance(start, BILLING_PERIODS.monthly, 1);
          const current = { start, end, startsAt: instantOf(start), endsAt: instantOf(end) };
          const changeOn = addDays(start, Math.min(days, daysBetween(start, end) - 1));
          const policy = withPolicy({ dayOfChange, proration: { convention } });
          const [low, high] = [monthly(lowPrice), monthly(highPrice)];
          const common = { current, changeOn, policy, instantOf };

          const up = changePlanAtOnce(input({ ...common, from: low, to: high, currentLine: paidLine(low.price) }));
          const upLine = up.charge;
          const down = changePlanAtOnce(
            input({
              ...common,
              from: high,
              to: low,
              currentLine: paidLine(upLine?.amount ?? 0n),
              currentService: upLine ?? undefined,
            }),
          );
          const cost = [up, down].reduce(
            (sum, change) => sum + (change.charge?.amount ?? 0n) + (change.credit?.amount ?? 0n),
            0n,
          );
          expect(cost <= 1n && cost >= -1n).toBe(true);
        },
      ),
    );
  });
});
