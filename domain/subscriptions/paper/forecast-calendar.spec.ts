import fc from 'fast-check';

import { BILLING_PERIODS, type BillingCycle } from '../../calendar/billing-period-rules';
import { formatDecimal } from '../../money/ratio-rules';
import { defaultSettings, type Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { follow, forecastStart, forecastUntil, periodsBilled } from './forecast-calendar';
import type { Forecast } from './forecast-types';
import { decideCommand } from '../commands/command-decider';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import { planOf } from '../lifecycle/item-rules';
import type { AgreedTerms } from '../lifecycle/subscription-types';
import { type Agreement, unbegunSubscription } from '../row/subscription-row';

const day = 86_400_000;
const now = Date.parse('2025-01-10T00:00:00+07:00');
const plan = (amount: number, billingCycle: BillingCycle = 'monthly'): AgreedTerms => ({
  planId: amount,
  planName: 'Pro',
  amount,
  billingCycle,
});
const agreement: Agreement = {
  quantity: 1,
  currency: 'VND',
  timeZone: 'Asia/Ho_Chi_Minh',
  anchorDay: null,
  endsAt: null,
  billingTiming: 'in_advance',
  renewalLeadDays: 0,
};
const begin = (fields: Partial<Agreement> = {}, settings: Settings = defaultSettings, trialDays = 0) =>
  forecastStart(unbegunSubscription(plan(300_000), { ...agreement, ...fields }), { trialDays }, settings, now);
const later = (forecast: Forecast, days: number, settings: Settings = defaultSettings) =>
  forecastUntil(forecast, settings, { from: now, until: now + days * day });
const amountsOf = ({ lines }: Forecast) => lines.map(({ kind, amount }) => [kind, amount]);

describe('a forecast', () => {
  it('holds what falls due until then, taxed', () => {
    const { lines, state } = later(begin(), 62);

    expect(lines.map(({ amount, tax }) => [amount, tax])).toEqual([
      [300_000n, 30_000n],
      [300_000n, 30_000n],
      [300_000n, 30_000n],
    ]);
    expect(planOf(state).period?.startsAt).toBe(Date.parse('2025-03-10T00:00:00+07:00'));
  });

  it('issues the next invoice ahead where the company does', () => {
    const { lines } = later(begin({ renewalLeadDays: 3 }), 29);

    expect(lines.map(({ at, service }) => (service.startsAt - at) / day)).toEqual([0, 3]);
  });

  it('begins with the trial, which costs nothing', () => {
    expect(amountsOf(later(begin({}, defaultSettings, 14), 20))).toEqual([
      ['trial', 0n],
      ['charge', 300_000n],
    ]);
  });

  it('ends with the term, whose last part is prorated', () => {
    const { lines, state } = later(begin({ endsAt: now + 46 * day }), 400);

    expect(lines.map(({ share }) => formatDecimal(share, 3))).toEqual(['1.000', '0.536']);
    expect(state).toMatchObject({ status: 'expired', endedAt: now + 46 * day });
  });

  it('counts the periods that it bills', () => {
    expect(formatDecimal(periodsBilled(later(begin({ anchorDay: 1 }), 60)), 9)).toBe('2.709677419');
  });

  it('takes back what a change of plan leaves unused, and nothing twice', () => {
    const settings = { ...defaultSettings, prorationConvention: 'by_second' } as const;
    const policy = subscriptionPolicy(settings);
    const change = (forecast: Forecast, amount: number, at: number) =>
      follow(
        forecast,
        decideCommand(
          forecast.state,
          {
            type: 'change_plan',
            terms: plan(amount),
            quantity: 1,
            immediate: true,
            at: null,
            billed: null,
          },
          policy,
          at,
        ),
        settings,
        at,
      );
    const first = change(begin({}, settings), 600_000, now + 15.5 * day);
    const second = change(first, 900_000, now + 23.25 * day);

    expect(amountsOf(second)).toEqual([
      ['charge', 300_000n],
      ['credit', -150_000n],
      ['charge', 300_000n],
      ['credit', -150_000n],
      ['charge', 225_000n],
    ]);
  });

  it('refuses a term that ends before it begins, and an end before its beginning', () => {
    expect(() => begin({ endsAt: now - day })).toThrow(AppError);
    expect(() => begin({ endsAt: now + day }, defaultSettings, 14)).toThrow(AppError);
    expect(() => later(begin(), -1)).toThrow(AppError);
  });

  it('is bounded', () => {
    const daily = forecastStart(
      unbegunSubscription(plan(1, 'daily'), agreement),
      { trialDays: 0 },
      defaultSettings,
      now,
    );

    expect(() => later(daily, 2_000)).toThrow(expect.objectContaining({ code: 'validation_failed', field: 'until' }));
  });

  it('bills every day of a term exactly once, by any cycle from any anchor day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(BILLING_PERIODS) as BillingCycle[]).filter((cycle) => cycle !== 'daily')),
        fc.option(fc.integer({ min: 1, max: 31 }), { nil: null }),
        fc.integer({ min: 1, max: 700 }),
        (cycle, anchorDay, days) => {
          const endsAt = now + days * day;
          const unbegun = unbegunSubscription(plan(300_000, cycle), { ...agreement, anchorDay, endsAt });
          const { lines } = later(forecastStart(unbegun, { trialDays: 0 }, defaultSettings, now), days + 1);
          expect(lines[0]?.service.startsAt).toBe(now);
          lines.forEach((line, index) => {
            expect(line.service.endsAt).toBe(lines[index + 1]?.service.startsAt ?? endsAt);
          });
        },
      ),
      { numRuns: 80 },
    );
  });
});
