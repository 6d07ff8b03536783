import fc from 'fast-check';

import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { defaultSettings, type Settings } from '../../companies/setting-catalogue';
import type { AppError } from '../../errors';
import type { WantedAddon } from '../lifecycle/decision-types';
import { type Agreement, unbegunSubscription } from '../row/subscription-row';
import { forecastStart, forecastUntil } from './forecast-calendar';
import type { Forecast } from './forecast-types';

const day = 86_400_000;
const now = Date.parse('2025-03-10T10:00:00+07:00');
const agreement: Agreement = {
  quantity: 1,
  currency: 'VND',
  timeZone: 'Asia/Ho_Chi_Minh',
  anchorDay: null,
  endsAt: null,
  billingTiming: 'in_advance',
  renewalLeadDays: 0,
};
const addon = (id: number, amount: number, billingCycle: BillingCycle | null): WantedAddon => ({
  key: `addon/${id}`,
  quantity: 1,
  terms: { addonId: id, addonKey: `addon ${id}`, addonName: `Addon ${id}`, amount, billingCycle },
});
const sold = [addon(1, 50_000, 'monthly'), addon(2, 600_000, 'yearly'), addon(3, 30_000, null), addon(4, 0, 'monthly')];

interface Wanted {
  cycle: BillingCycle;
  anchorDay: number | null;
  addons: readonly WantedAddon[];
  trialDays: number;
  settings: Pick<Settings, 'billingTime' | 'addonAlignTo' | 'billingTiming'>;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  cycle: fc.constantFrom(...(Object.keys(BILLING_PERIODS) as BillingCycle[]).filter((cycle) => cycle !== 'daily')),
  anchorDay: fc.option(fc.integer({ min: 1, max: 31 }), { nil: null }),
  addons: fc.subarray(sold),
  trialDays: fc.constantFrom(0, 0, 14),
  settings: fc.record({
    billingTime: fc.constantFrom('anniversary', 'calendar'),
    addonAlignTo: fc.constantFrom('own', 'subscription'),
    billingTiming: fc.constantFrom('in_advance', 'in_arrears'),
  }),
});

/** Subscribed to at one instant, beginning at another. */
function begun(
  { cycle, anchorDay, addons, trialDays, settings: chosen }: Wanted,
  startsAt: number,
  at: number,
): Forecast {
  const settings: Settings = { ...defaultSettings, ...chosen };
  const plan = { planId: 1, planName: 'Pro', amount: 300_000, billingCycle: cycle };
  const fresh = unbegunSubscription(plan, {
    ...agreement,
    anchorDay,
    billingTiming: chosen.billingTiming,
    startsAt: startsAt === at ? null : startsAt,
  });

  return forecastStart(fresh, { trialDays, addons }, settings, at);
}

const until = ({ settings }: Wanted, forecast: Forecast, from: number, end: number) =>
  forecastUntil(forecast, { ...defaultSettings, ...settings }, { from, until: end });

/** What is charged, whenever; each with its days. */
const charged = ({ lines }: Forecast) =>
  lines
    .filter(({ kind }) => kind === 'charge')
    .map(({ terms, service, amount }) => JSON.stringify([terms, service, String(amount)]))
    .sort();

describe('a start', () => {
  it('in the past is billed at once for all that one which began then has been billed for by now', () => {
    fc.assert(
      fc.property(wanted, fc.integer({ min: 1, max: 500 }), (plan, days) => {
        const startsAt = now - days * day;
        const late = begun(plan, startsAt, now);
        const then = until(plan, begun(plan, startsAt, startsAt), startsAt, now);

        expect(charged(late)).toEqual(charged(then));
        expect(late.state.items.map(({ period, schedule }) => ({ period, schedule }))).toEqual(
          then.state.items.map(({ period, schedule }) => ({ period, schedule })),
        );
        expect(late.lines.every((line) => line.at === now && (line.dueAt ?? now) >= now)).toBe(true);
        expect(charged(until(plan, late, now, now + 100 * day))).toEqual(
          charged(until(plan, then, now, now + 100 * day)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('in the future bills nothing before it, and then as one that begins there', () => {
    fc.assert(
      fc.property(wanted, fc.integer({ min: 1, max: 300 }), (plan, days) => {
        const startsAt = now + days * day;
        const waiting = until(plan, begun(plan, startsAt, now), now, startsAt - 1);
        expect([waiting.state.status, waiting.lines]).toEqual(['scheduled', []]);

        const then = until(plan, waiting, startsAt - 1, startsAt + 100 * day);
        const there = until(plan, begun(plan, startsAt, startsAt), startsAt, startsAt + 100 * day);
        expect(charged(then)).toEqual(charged(there));
      }),
      { numRuns: 80 },
    );
  });

  it('too long ago, too far ahead, or with too many periods since, is refused', () => {
    const plan: Wanted = {
      cycle: 'monthly',
      anchorDay: null,
      addons: [],
      trialDays: 0,
      settings: { billingTime: 'anniversary', addonAlignTo: 'own', billingTiming: 'in_advance' },
    };

    for (const [cycle, days] of [
      ['monthly', -1_200],
      ['monthly', 2_000],
      ['daily', -500],
    ] as const) {
      expect(() => begun({ ...plan, cycle }, now + days * day, now)).toThrow(
        expect.objectContaining({ code: 'invalid_date_sequence', field: '/startsAt' }) as AppError,
      );
    }
  });
});
