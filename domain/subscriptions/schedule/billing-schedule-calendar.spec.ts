import fc from 'fast-check';

import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { localDateAt } from '../../calendar/zoned-calendar';
import {
  firstPeriod,
  otherSchedule,
  periodFrom,
  restOfPeriod,
  type Scheduled,
  type StartedPeriod,
} from './billing-schedule-calendar';

const timeZone = 'Asia/Ho_Chi_Minh';
const at = (text: string) => Date.parse(`${text}+07:00`);
const service = (billingCycle: BillingCycle, fields: { endsAt?: number } = {}) => ({
  timeZone,
  billingCycle,
  endsAt: fields.endsAt ?? null,
});
const datesOf = ({ period, denominator, schedule }: StartedPeriod) => [
  localDateAt(period.startsAt, timeZone),
  localDateAt(period.endsAt, timeZone),
  localDateAt(denominator.startsAt, timeZone),
  localDateAt(denominator.endsAt, timeZone),
  schedule.periodIndex,
];
const rowAfter = (started: StartedPeriod, billingCycle: BillingCycle): Scheduled => ({
  ...service(billingCycle),
  ...started.schedule,
});

describe('the first period', () => {
  it('is a whole one from where it begins', () => {
    expect(datesOf(firstPeriod(at('2025-01-31T10:00'), service('monthly'), null, 'anniversary'))).toEqual([
      '2025-01-31',
      '2025-02-28',
      '2025-01-31',
      '2025-02-28',
      0,
    ]);
  });

  it('is a stub up to the day asked for, measured by one plain period back from a clamped day', () => {
    const stub = firstPeriod(at('2025-02-14T10:00'), service('monthly'), 31, 'anniversary');

    expect(datesOf(stub)).toEqual(['2025-02-14', '2025-02-28', '2025-01-28', '2025-02-28', -1]);
    const row = rowAfter(stub, 'monthly');
    expect([0, 1, 2].map((n) => localDateAt(periodFrom(stub.period.endsAt, row, n).period.endsAt, timeZone))).toEqual([
      '2025-03-31',
      '2025-04-30',
      '2025-05-31',
    ]);
  });

  it('on the day asked for is a whole one', () => {
    const first = firstPeriod(at('2025-02-28T10:00'), service('monthly'), 31, 'calendar');

    expect(datesOf(first)).toEqual(['2025-02-28', '2025-03-31', '2025-02-28', '2025-03-31', 0]);
  });

  it('of weeks takes no notice of a day of the month', () => {
    expect(datesOf(firstPeriod(at('2025-02-14T10:00'), service('weekly'), 31, 'anniversary'))[1]).toBe('2025-02-21');
  });

  it('that follows the calendar ends with its month', () => {
    expect(datesOf(firstPeriod(at('2025-02-14T10:00'), service('monthly'), null, 'calendar'))).toEqual([
      '2025-02-14',
      '2025-03-01',
      '2025-02-01',
      '2025-03-01',
      -1,
    ]);
  });

  it('ends with the term, a stub measured by the period that ends there', () => {
    const fields = { endsAt: at('2025-02-20T10:00') };

    expect(datesOf(firstPeriod(at('2025-02-14T10:00'), service('monthly', fields), 31, 'anniversary'))).toEqual([
      '2025-02-14',
      '2025-02-20',
      '2025-01-20',
      '2025-02-20',
      -1,
    ]);
  });
});

describe('periods of another length', () => {
  const row: Scheduled = { ...service('yearly'), anchorAt: at('2024-06-30T10:00'), anchorDay: 30 };
  const change = at('2025-02-14T15:00');
  const other = (otherCycle: 'reset_anchor' | 'keep_anchor_day' | 'keep_anniversary', from = change, of = row) =>
    otherSchedule(from, of, { billingTime: 'anniversary', otherCycle });

  it('begin at the change, or go on from the anchor day, or stay in the row of the first day', () => {
    expect(datesOf(other('reset_anchor'))).toEqual(['2025-02-14', '2026-02-14', '2025-02-14', '2026-02-14', 0]);
    expect(datesOf(other('keep_anchor_day'))).toEqual(['2025-02-14', '2025-02-28', '2024-02-28', '2025-02-28', -1]);
    expect(datesOf(other('keep_anniversary'))).toEqual(['2025-02-14', '2025-06-30', '2024-06-30', '2025-06-30', 0]);
  });

  it('keep a 31st through a short month', () => {
    const of31 = {
      ...row,
      anchorDay: 31,
      anchorAt: at('2024-05-31T10:00'),
      billingCycle: 'monthly' as const,
    };
    const stub = other('keep_anchor_day', at('2025-02-14T15:00'), of31);

    expect(datesOf(periodFrom(stub.period.endsAt, { ...of31, ...stub.schedule }, 0))[1]).toBe('2025-03-31');
  });

  it('of weeks keep the weekday of the anchor', () => {
    const weekly = { ...row, billingCycle: 'weekly' as const };

    // 30 June 2024 was a Sunday.
    expect(datesOf(other('keep_anchor_day', change, weekly))).toEqual([
      '2025-02-14',
      '2025-02-16',
      '2025-02-09',
      '2025-02-16',
      -1,
    ]);
  });

  it('follow the calendar where the company does', () => {
    const started = otherSchedule(change, row, { billingTime: 'calendar', otherCycle: 'reset_anchor' });

    expect(datesOf(started)).toEqual(['2025-02-14', '2026-01-01', '2025-01-01', '2026-01-01', -1]);
  });
});

describe('cycles that no calendar has', () => {
  const from = at('2025-02-14T10:00');

  it.each(['biweekly', 'thirty_days', 'biennial'] as const)('%s go by the day they begin on', (cycle) => {
    const first = firstPeriod(from, service(cycle), null, 'calendar');
    const row = { ...service('monthly'), anchorAt: at('2024-06-30T10:00'), anchorDay: 30 };
    const other = otherSchedule(
      from,
      { ...row, billingCycle: cycle },
      { billingTime: 'calendar', otherCycle: 'reset_anchor' },
    );

    expect(first).toEqual(firstPeriod(from, service(cycle), null, 'anniversary'));
    expect(other).toEqual(first);
  });
});

describe('periods of any subscription', () => {
  const cycles = fc.constantFrom(...(Object.keys(BILLING_PERIODS) as BillingCycle[]));
  const instants = fc.integer({ min: Date.UTC(2012, 0, 2), max: Date.UTC(2040, 0, 1) });

  it('tile its term, and measure every stub by a period at least as long', () => {
    fc.assert(
      fc.property(
        instants,
        cycles,
        fc.option(fc.integer({ min: 1, max: 31 }), { nil: null }),
        fc.constantFrom('anniversary' as const, 'calendar' as const),
        fc.integer({ min: 1, max: 900 }),
        (from, cycle, anchorDay, billingTime, days) => {
          const endsAt = from + days * 86_400_000;
          let started = firstPeriod(from, service(cycle, { endsAt }), anchorDay, billingTime);
          let reached = from;
          for (;;) {
            const { period, denominator } = started;
            expect(period.startsAt).toBe(reached);
            expect(period.endsAt).toBeGreaterThan(period.startsAt);
            expect(denominator.endsAt - denominator.startsAt).toBeGreaterThanOrEqual(period.endsAt - period.startsAt);
            reached = period.endsAt;
            if (reached >= endsAt) {
              break;
            }
            const { schedule } = started;
            started = periodFrom(reached, { ...service(cycle, { endsAt }), ...schedule }, schedule.periodIndex + 1);
          }
          expect(reached).toBe(endsAt);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('go on after a pause in the period the instant lies in', () => {
    fc.assert(
      fc.property(instants, cycles, fc.nat(800), (anchorAt, cycle, days) => {
        const anchorDay = Number(localDateAt(anchorAt, timeZone).slice(8));
        const from = anchorAt + days * 86_400_000;
        const { period, denominator } = restOfPeriod(from, { ...service(cycle), anchorAt, anchorDay });
        expect(denominator.startsAt <= from && from < denominator.endsAt).toBe(true);
        expect(period).toEqual({ startsAt: from, endsAt: denominator.endsAt });
      }),
      { numRuns: 60 },
    );
  });
});
