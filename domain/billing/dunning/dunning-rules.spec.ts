import { defaultSettings } from '../../companies/setting-catalogue';
import { overdueStateOf, overdueStateOn, overdueTimeline, retryDates, type OverdueState } from './dunning-rules';

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
