import { defaultSettings } from '../companies/setting-catalogue';
import fc from 'fast-check';
import { addDays, daysBetween } from './calendar-rules';
import { campaignDay, type CampaignSettings, type CampaignState, NEW_CAMPAIGN } from './dunning-campaign-rules';
import {
  nextRetryOn,
  overdueStateOf,
  overdueStateOn,
  overdueTimeline,
  retryDates,
  type OverdueState,
} from './dunning-rules';

describe('retries of a failed payment', () => {
  it('are so many days after the first failure, or so many days apart', () => {
    expect(retryDates('2026-03-31', defaultSettings.dunning)).toEqual([
      '2026-04-01',
      '2026-04-03',
      '2026-04-05',
      '2026-04-07',
    ]);
    expect(retryDates('2012-05-31', { mode: 'gaps', days: [8, 8, 8] })).toEqual([
      '2012-06-08',
      '2012-06-16',
      '2012-06-24',
    ]);
  });

  it('end when the last one has been made', () => {
    expect(nextRetryOn('2026-03-31', 1, defaultSettings.dunning)).toBe('2026-04-01');
    expect(nextRetryOn('2026-03-31', 4, defaultSettings.dunning)).toBe('2026-04-07');
    expect(nextRetryOn('2026-03-31', 5, defaultSettings.dunning)).toBeNull();
  });

  it.each([
    ['offsets', [3, 3]],
    ['offsets', [3, 1]],
    ['gaps', [1, 0]],
    ['gaps', [1.5]],
    ['offsets', [-1]],
  ] as const)('refuse %s of %j', (mode, days) => {
    expect(() => retryDates('2026-03-31', { mode, days })).toThrow(RangeError);
  });
});

describe('overdue states', () => {
  const states: OverdueState[] = [
    { name: 'cut off', afterDays: 40 },
    { name: 'warned', afterDays: 30 },
  ];

  it('are entered by the age of the oldest unpaid invoice', () => {
    const entered = overdueTimeline('2012-05-31', states).map(({ state, entersOn }) => [state.name, entersOn]);

    expect(entered).toEqual([
      ['warned', '2012-06-30'],
      ['cut off', '2012-07-10'],
    ]);
  });

  it.each([
    ['2012-06-29', null],
    ['2012-06-30', 'warned'],
    ['2012-07-09', 'warned'],
    ['2012-07-10', 'cut off'],
  ])('on %s is %s', (today, name) => {
    expect(overdueStateOn(today, '2012-05-31', states)?.name ?? null).toBe(name);
  });

  it('are left when everything is paid', () => {
    expect(overdueStateOn('2012-12-31', null, states)).toBeNull();
  });

  it.each([
    ['VND', 9_999, null],
    ['VND', 10_000, 'cut off'],
    ['USD', 1, 'cut off'],
    ['USD', 0, null],
  ])('counts in %s from the threshold of the currency on: %i', (currency, amount, name) => {
    const overdue = { amount, currency, since: '2012-05-31' };

    expect(overdueStateOf('2012-12-31', overdue, { states, thresholds: { VND: 10_000 } })?.name ?? null).toBe(name);
  });
});

describe('a dunning campaign', () => {
  const settings: CampaignSettings = { maxAttempts: 2, daysBetween: 2, thresholds: { EUR: 15_000n, USD: 10_000n } };

  function run(from: string, days: number, overdueOn: (day: string) => Record<string, bigint>) {
    const made: string[] = [];
    let state: CampaignState = NEW_CAMPAIGN;
    for (let day = from; day <= addDays(from, days); day = addDays(day, 1)) {
      const result = campaignDay(state, day, overdueOn(day), settings);
      state = result.state;
      made.push(...result.requests.map(({ currency, attempt }) => `${day} ${currency} ${attempt}`));
      made.push(...(result.finishesNow ? [`${day} finished`] : []));
    }
    return made;
  }

  it('asks when the threshold is reached, and again when more than the spacing has gone by', () => {
    const made = run('2025-01-04', 20, (day) => ({ EUR: day < '2025-01-07' ? 14_900n : 15_000n }));

    expect(made).toEqual(['2025-01-07 EUR 1', '2025-01-10 EUR 2', '2025-01-10 finished']);
  });

  it('counts each currency for itself and ends once', () => {
    const made = run('2025-01-03', 20, (day) => ({ USD: 12_000n, EUR: day < '2025-01-06' ? 14_900n : 15_900n }));

    expect(made).toEqual([
      '2025-01-03 USD 1',
      '2025-01-06 USD 2',
      '2025-01-06 EUR 1',
      '2025-01-09 EUR 2',
      '2025-01-09 finished',
    ]);
  });

  it('does not ask for a currency without a threshold, nor for nothing', () => {
    expect(run('2025-01-03', 20, () => ({ VND: 10_000_000n, USD: 0n }))).toEqual([]);
  });

  it('never asks more often or sooner than it may', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 30_000n }), { maxLength: 40 }), (amounts) => {
        const first = '2025-01-01';
        const days = run(first, 39, (day) => ({ EUR: amounts[daysBetween(first, day)] ?? 0n }))
          .filter((entry) => entry.includes('EUR'))
          .map((entry) => entry.slice(0, 10));
        expect(days.length).toBeLessThanOrEqual(settings.maxAttempts);
        days.slice(1).forEach((day, index) => {
          expect(daysBetween(days[index] ?? day, day)).toBeGreaterThan(settings.daysBetween);
        });
      }),
    );
  });
});
