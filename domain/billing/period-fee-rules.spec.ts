import fc from 'fast-check';
import { BILLING_PERIODS } from './billing-period-rules';
import { billedPeriod, periodContaining, periodsFrom } from './billing-time-rules';
import { addDays, fromDayNumber, toDayNumber } from './calendar-rules';
import { feeForPeriod, firstInvoice } from './period-fee-rules';

const proration = { convention: 'by_day_inclusive' } as const;
const monthly = { period: BILLING_PERIODS.monthly };

describe('the period an invoice is for', () => {
  const anniversary = { ...monthly, billingTime: 'anniversary', anchor: '2021-03-31' } as const;

  it.each([
    ['in_arrears', '2022-04-30', '2022-03-31', '2022-04-30'],
    ['in_advance', '2022-04-30', '2022-04-30', '2022-05-31'],
    ['terminated', '2022-03-29', '2022-02-28', '2022-03-31'],
  ] as const)('billed %s on %s is %s to %s', (timing, billedOn, start, end) => {
    expect(billedPeriod(billedOn, timing, anniversary)).toEqual({ start, end });
  });

  it('follows the calendar when the company says so', () => {
    const row = { ...monthly, billingTime: 'calendar', anchor: '2021-03-31' } as const;

    expect(billedPeriod('2022-03-01', 'in_arrears', row)).toEqual({ start: '2022-02-01', end: '2022-03-01' });
  });

  it('is one of a row that tiles time from its start', () => {
    expect(periodsFrom('2024-01-31', 3, { ...anniversary, anchor: '2024-01-31' })).toEqual([
      { start: '2024-01-31', end: '2024-02-29' },
      { start: '2024-02-29', end: '2024-03-31' },
      { start: '2024-03-31', end: '2024-04-30' },
    ]);
  });
});

describe('a fee with a trial', () => {
  const whole = { start: '2022-03-01', end: '2022-04-01' };

  it('is for the days after it, and nothing when it covers the period', () => {
    const fee = (freeUntil: string) => feeForPeriod({ price: 100n, billed: whole, whole, freeUntil, proration });

    expect(fee('2022-03-04')).toBe(90n);
    expect(fee('2022-04-01')).toBe(0n);
    expect(fee('2022-02-01')).toBe(100n);
  });

  it('is measured by the natural period, not by the days handed in', () => {
    const natural = periodContaining('2022-08-31', { ...monthly, billingTime: 'anniversary', anchor: '2022-08-31' });
    const billed = { start: '2022-08-31', end: '2022-10-01' };

    expect(feeForPeriod({ price: 3000n, billed, whole: natural, freeUntil: '2022-09-15', proration })).toBe(1600n);
  });

  it('keeps its end to the second when the convention counts seconds', () => {
    const month = { ...whole, startsAt: Date.UTC(2022, 2, 1), endsAt: Date.UTC(2022, 3, 1) };

    expect(() =>
      feeForPeriod({
        price: 100n,
        billed: month,
        whole: month,
        freeUntil: '2022-03-04',
        proration: { convention: 'by_second' },
      }),
    ).toThrow(RangeError);
  });
});

describe('the first invoice', () => {
  const invoice = (trialDays: number) =>
    firstInvoice({ ...monthly, price: 5_000_000n, start: '2024-03-05', trialDays, billingTime: 'calendar', proration });

  it('comes when the trial ends, for the rest of that period', () => {
    expect(invoice(10)).toMatchObject({ billedOn: '2024-03-15', amount: 2_741_935n });
    expect(invoice(45)).toMatchObject({ billedOn: '2024-04-19', amount: 2_000_000n });
  });

  it('is followed by whole periods at the full price', () => {
    expect(invoice(10).next).toEqual({ billedOn: '2024-04-01', amount: 5_000_000n });
  });

  it('is for a full period on the anniversary when there is no trial', () => {
    fc.assert(
      fc.property(fc.integer({ min: toDayNumber('2000-01-01'), max: toDayNumber('2060-01-01') }), (day) => {
        const start = fromDayNumber(day);
        const first = firstInvoice({
          ...monthly,
          price: 777n,
          start,
          trialDays: 0,
          billingTime: 'anniversary',
          proration,
        });
        expect(first).toMatchObject({ billedOn: start, amount: 777n });
        expect(first.next.billedOn > addDays(start, 27)).toBe(true);
      }),
    );
  });
});
