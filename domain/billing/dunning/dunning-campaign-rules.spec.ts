import fc from 'fast-check';

import { addDays, daysBetween } from '../../calendar/calendar-rules';
import { campaignDay, type CampaignSettings, NEW_CAMPAIGN, type PaymentRequest } from './dunning-campaign-rules';

const settings: CampaignSettings = { maxAttempts: 2, daysBetween: 2, thresholds: { VND: 150_000n } };
const first = '2025-01-04';

it('asks for nothing below the threshold, and looks again a month later unless more becomes overdue', () => {
  const quiet = campaignDay(NEW_CAMPAIGN, first, { VND: 149_999n }, settings);

  expect(quiet).toMatchObject({ requests: [], finishesNow: false, isClear: false, nextLookOn: '2025-02-03' });
});

it('asks at the threshold, after more than the days between, and then no more', () => {
  const one = campaignDay(NEW_CAMPAIGN, first, { VND: 150_000n }, settings);
  const tooEarly = campaignDay(one.state, '2025-01-06', { VND: 150_000n }, settings);
  const two = campaignDay(one.state, '2025-01-07', { VND: 170_000n }, settings);
  const after = campaignDay(two.state, '2025-03-01', { VND: 999_999n }, settings);

  expect(one).toMatchObject({
    requests: [{ currency: 'VND', attempt: 1, amount: 150_000n }],
    nextLookOn: '2025-01-07',
  });
  expect(tooEarly).toMatchObject({ requests: [], nextLookOn: '2025-01-07' });
  expect(two).toMatchObject({ requests: [{ attempt: 2, amount: 170_000n }], finishesNow: true, nextLookOn: null });
  expect(after).toMatchObject({ requests: [], finishesNow: false, nextLookOn: null });
});

it('counts each currency for itself, and asks for none without a threshold', () => {
  const given = { ...settings, thresholds: { EUR: 15_000n, USD: 10_000n } };
  const owed = Array.from({ length: 20 }, (_, nth) => ({
    USD: 12_000n,
    EUR: nth < 3 ? 14_900n : 15_900n,
    VND: 10_000_000n,
  }));
  const { requests, finished } = run(owed, given, () => true);

  expect(requests.map(({ on, currency, attempt }) => `${on} ${currency} ${attempt}`)).toEqual([
    '2025-01-04 USD 1',
    '2025-01-07 USD 2',
    '2025-01-07 EUR 1',
    '2025-01-10 EUR 2',
  ]);
  expect(finished).toBe(1);
});

it('is clear when nothing is overdue, also after it has finished', () => {
  const finished = { byCurrency: { VND: { attempts: 2, lastRequestOn: first } }, isFinished: true };

  for (const state of [NEW_CAMPAIGN, finished]) {
    expect(campaignDay(state, first, { VND: 0n }, settings)).toMatchObject({ isClear: true, nextLookOn: null });
  }
});

const amounts = fc.array(
  fc.record({ VND: fc.bigInt({ min: 0n, max: 300n }), USD: fc.bigInt({ min: 0n, max: 300n }) }),
  {
    minLength: 1,
    maxLength: 60,
  },
);
const anySettings = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  daysBetween: fc.integer({ min: 0, max: 5 }),
  thresholds: fc.record({ VND: fc.bigInt({ min: 0n, max: 200n }), USD: fc.bigInt({ min: 0n, max: 200n }) }),
});

it('misses nothing by looking only when it says so or more becomes overdue, instead of every day', () => {
  fc.assert(
    fc.property(amounts, anySettings, (owed, given) => {
      const ofOne = owed.map(({ VND }) => ({ VND, USD: 0n }));
      const sparing = run(ofOne, given, ({ today, nextLookOn, hasMore }) => hasMore || (nextLookOn ?? '9999') <= today);

      expect(sparing).toEqual(run(ofOne, given, () => true));
    }),
  );
});

it('keeps its distances and its bounds in every currency whatever is owed, and finishes once', () => {
  fc.assert(
    fc.property(amounts, anySettings, (owed, given) => {
      const daily = run(owed, given, () => true);

      expect(daily.finished).toBeLessThanOrEqual(1);

      for (const currency of ['VND', 'USD']) {
        const made = daily.requests.filter((request) => request.currency === currency);
        const gaps = made.slice(1).map(({ on }, nth) => daysBetween(made[nth]?.on ?? on, on));

        expect(made.map(({ attempt }) => attempt)).toEqual(made.map((_, nth) => nth + 1));
        expect(made.length).toBeLessThanOrEqual(given.maxAttempts);
        expect(gaps.filter((gap) => gap <= given.daysBetween)).toEqual([]);
        expect(made.filter(({ amount }) => amount < given.thresholds[currency as 'VND' | 'USD'])).toEqual([]);
      }
    }),
  );
});

interface Look {
  today: string;
  nextLookOn: string | null;
  /** More is overdue than the day before. */
  hasMore: boolean;
}

/** Until it is clear: what each day asks for. */
function run(
  owed: readonly Record<string, bigint>[],
  given: CampaignSettings,
  looks: (look: Look) => boolean,
): { requests: (PaymentRequest & { on: string })[]; finished: number } {
  const requests: (PaymentRequest & { on: string })[] = [];
  let finished = 0;
  let state = NEW_CAMPAIGN;
  let nextLookOn: string | null = first;
  let before: Record<string, bigint> = { VND: 0n, USD: 0n };

  for (const [nth, overdue] of owed.entries()) {
    const today = addDays(first, nth);
    const hasMore = Object.entries(overdue).some(([currency, amount]) => amount > (before[currency] ?? 0n));
    before = overdue;

    if (Object.values(overdue).every((amount) => amount === 0n)) {
      break;
    }
    if (looks({ today, nextLookOn, hasMore })) {
      const day = campaignDay(state, today, overdue, given);
      ({ state, nextLookOn } = day);
      finished += day.finishesNow ? 1 : 0;
      requests.push(...day.requests.map((request) => ({ ...request, on: today })));
    }
  }

  return { requests, finished };
}
