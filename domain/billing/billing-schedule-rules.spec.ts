import fc from 'fast-check';
import { AppError } from '../errors';
import { BILLING_PERIODS, type BillingPeriod } from './billing-period-rules';
import {
  billedDates,
  billedUpTo,
  billingInArrears,
  linesInAdvance,
  type RecurringService,
  totalShare,
} from './billing-schedule-rules';
import { addDays, fromDayNumber, toDayNumber } from './calendar-rules';
import { formatDecimal, ONE } from './ratio-rules';

const options = { proration: { convention: 'by_day_exclusive_end' } } as const;
const monthly = (start: string, anchorDay: number, end: string | null = null): RecurringService => ({
  start,
  end,
  anchorDay,
  period: BILLING_PERIODS.monthly,
});

const services = fc
  .record({
    startDay: fc.integer({ min: toDayNumber('2000-01-01'), max: toDayNumber('2060-12-31') }),
    length: fc.option(fc.integer({ min: 0, max: 900 }), { nil: null }),
    anchorDay: fc.integer({ min: 1, max: 31 }),
    period: fc.constantFrom<BillingPeriod>(...Object.values(BILLING_PERIODS).filter(({ count }) => count > 1)),
  })
  .map(({ startDay, length, anchorDay, period }): RecurringService => {
    const start = fromDayNumber(startDay);
    return { start, end: length === null ? null : addDays(start, length), anchorDay, period };
  });

describe('lines in advance', () => {
  it('begin and end with stubs that are measured by different periods', () => {
    const lines = linesInAdvance(monthly('2011-01-01', 15, '2011-02-27'), '2011-03-07', options);

    expect(lines.map(({ kind, start, end, share }) => [kind, start, end, formatDecimal(share, 9)])).toEqual([
      ['leading_stub', '2011-01-01', '2011-01-15', '0.451612903'],
      ['whole', '2011-01-15', '2011-02-15', '1.000000000'],
      ['trailing_stub', '2011-02-15', '2011-02-27', '0.428571429'],
    ]);
    expect(formatDecimal(totalShare(lines), 9)).toBe('1.880184332');
  });

  it('measure a leading stub by one plain period back from a clamped billing date', () => {
    const [stub] = linesInAdvance(monthly('2011-02-14', 31), '2011-02-14', options);

    expect(stub).toMatchObject({ end: '2011-02-28', denominator: { start: '2011-01-28', end: '2011-02-28' } });
  });

  it('measure service that ends before its first billing date by the period that ends with it', () => {
    const [only, ...more] = linesInAdvance(monthly('2011-02-14', 31, '2011-02-20'), '2011-06-01', options);

    expect(only).toMatchObject({
      start: '2011-02-14',
      end: '2011-02-20',
      denominator: { start: '2011-01-20', end: '2011-02-20' },
    });
    expect(more).toEqual([]);
  });

  it('refuse dates in the wrong order', () => {
    expect(() => linesInAdvance(monthly('2011-04-30', 15, '2011-03-15'), '2011-05-15', options)).toThrow(AppError);
    expect(() => linesInAdvance(monthly('2011-04-30', 15), '2011-04-29', options)).toThrow(AppError);
  });

  it('tile service without a gap or an overlap', () => {
    fc.assert(
      fc.property(services, fc.nat(1500), (service, days) => {
        const target = addDays(service.start, days);
        const lines = linesInAdvance(service, target, options);
        lines.forEach((line, index) => {
          expect(line.start).toBe(index === 0 ? service.start : lines[index - 1]?.end);
          expect(line.end > line.start).toBe(true);
        });
        const last = lines.at(-1);
        expect(last === undefined || last.start <= target).toBe(true);
        const reached = last?.end ?? service.start;
        expect(reached > target || reached === service.end).toBe(true);
      }),
    );
  });

  it('cost exactly one for each whole period, and are the same however often they are asked for', () => {
    fc.assert(
      fc.property(services, fc.nat(700), fc.nat(700), (service, first, more) => {
        const early = linesInAdvance(service, addDays(service.start, first), options);
        const late = linesInAdvance(service, addDays(service.start, first + more), options);
        expect(late.slice(0, early.length)).toEqual(early);
        expect(late.filter(({ kind }) => kind === 'whole').every(({ share }) => share === ONE)).toBe(true);
      }),
    );
  });
});

describe('billed dates', () => {
  it('take every date from the anchor', () => {
    expect(billedDates(monthly('2017-01-31', 31), '2017-03-31')).toEqual([
      '2017-01-31',
      '2017-02-28',
      '2017-03-31',
      '2017-04-30',
    ]);
  });

  it('end where billing in advance has billed up to', () => {
    fc.assert(
      fc.property(services, fc.nat(1500), (service, days) => {
        const target = addDays(service.start, days);
        const endless = { ...service, end: null };
        expect(billedDates(endless, target).at(-1)).toBe(billedUpTo(endless, target));
        expect(linesInAdvance(endless, target, options).at(-1)?.end).toBe(billedUpTo(endless, target));
      }),
    );
  });
});

describe('billing in arrears', () => {
  it.each([
    ['2012-01-16', 13, '2012-01-16', null, '2012-02-13'],
    ['2012-01-16', 25, '2012-01-24', null, '2012-01-25'],
    ['2012-01-16', 25, '2012-02-25', '2012-02-25', '2012-03-25'],
    ['2012-01-16', 16, '2012-01-16', null, '2012-02-16'],
    ['2012-01-16', 16, '2012-01-10', null, '2012-02-16'],
  ])('from %s on the %dth, asked on %s, is billed up to %s and next on %s', (start, anchorDay, target, upTo, next) => {
    expect(billingInArrears(monthly(start, anchorDay), target)).toEqual({ billedUpTo: upTo, nextBillingDate: next });
  });
});
