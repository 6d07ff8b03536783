import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { decideCommand } from '../commands/command-decider';
import { follow, forecastStart, forecastUntil } from '../paper/forecast-calendar';
import type { Forecast } from '../paper/forecast-types';
import { unbegunSubscription } from '../row/subscription-row';
import type { SubscriptionCommand } from '../lifecycle/decision-types';
import { isMeteredBy, planOf } from '../lifecycle/item-rules';
import { DAY_MS } from '../schedule/subscription-deadline-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import { type AgreedTerms, prorationBehaviors, type Subscription } from '../lifecycle/subscription-types';

const start = Date.parse('2025-01-31T03:00:00Z');

/** Plans whose meters cost different prices, one that costs nothing else, one that meters nothing, and a free tier. */
const plans: AgreedTerms[] = [
  [100_000, [1]],
  [200_000, [2]],
  [0, [3]],
  [150_000, []],
  [0, []],
].map(([amount, prices], planId) => ({
  planId,
  planName: `plan ${planId}`,
  amount: amount as number,
  billingCycle: 'monthly',
  meters: (prices as number[]).map((priceId) => ({
    meterId: 1,
    meterName: `price ${priceId}`,
    priceId,
    planId,
    addonId: null,
    price: { model: 'per_unit', unitPrice: '1' },
  })),
}));

const anyBehavior = fc.constantFrom(undefined, ...prorationBehaviors);

const anyCommand: fc.Arbitrary<SubscriptionCommand> = fc.oneof(
  fc.record({
    type: fc.constant('change_plan' as const),
    terms: fc.constantFrom(...plans),
    quantity: fc.constantFrom(null, 1, 3),
    immediate: fc.constantFrom(true, false, null),
    at: fc.constant(null),
    billed: fc.constant(null),
    prorationBehavior: anyBehavior,
  }),
  fc.record({ type: fc.constant('pause' as const), reason: fc.constant(null), atPeriodEnd: fc.boolean() }),
  fc.record({ type: fc.constant('resume' as const), prorationBehavior: anyBehavior }),
  fc.constant({ type: 'reactivate' as const }),
  fc.constant({ type: 'cancel' as const, reason: null, atPeriodEnd: true }),
);

const isMetered = (state: Subscription): boolean =>
  state.status === 'active' && planOf(state).period !== null && isMeteredBy(planOf(state).terms);

describe('metered service', () => {
  it('is billed once for every stretch of it, whatever happens to its subscription, and for nothing else', () => {
    const timings = fc.constantFrom('in_advance' as const, 'in_arrears' as const);
    const commands = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), anyCommand), { maxLength: 8 });

    fc.assert(
      fc.property(fc.nat(plans.length - 1), timings, commands, (planId, billingTiming, asked) => {
        const settings = defaultSettings;
        const policy = subscriptionPolicy(settings);
        const agreement = {
          quantity: 1,
          currency: 'VND',
          timeZone: 'Asia/Ho_Chi_Minh',
          anchorDay: null,
          endsAt: null,
          billingTiming,
          renewalLeadDays: 3,
        };
        let seen: Forecast = forecastStart(
          unbegunSubscription(plans[planId] as AgreedTerms, agreement),
          { trialDays: 0 },
          settings,
          start,
        );
        const ask = (command: SubscriptionCommand, now: number) => {
          try {
            seen = follow(seen, decideCommand(seen.state, command, policy, now), settings, now);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        };
        const served: string[] = [];

        for (let day = 0; day <= 100; day += 1) {
          const now = start + day * DAY_MS;
          seen = forecastUntil(seen, settings, { from: now, until: now });
          asked.filter(([at]) => at === day).forEach(([, command]) => ask(command, now));
          seen = forecastUntil(seen, settings, { from: now, until: now });

          if (day === 100) {
            ask({ type: 'cancel', reason: null, atPeriodEnd: false }, now);
          } else if (isMetered(seen.state)) {
            served.push(`${day} ${planOf(seen.state).terms.meters?.[0]?.meterName}`);
          }
        }
        const billed = seen.lines
          .filter(({ kind }) => kind === 'usage')
          .flatMap(({ service, terms }) => {
            const from = (service.startsAt - start) / DAY_MS;
            const days = (service.endsAt - service.startsAt) / DAY_MS;

            return Array.from(
              { length: days },
              (_, nth) => `${from + nth} ${(terms as { meterName: string }).meterName}`,
            );
          });

        expect(billed.sort()).toEqual(served.sort());
        expect(planOf(seen.state).meteredSince ?? null).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('is due by the payment terms of its subscription, on an invoice of its own as well', () => {
    const agreement = {
      quantity: 1,
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance' as const,
      renewalLeadDays: 3,
    };
    const begun = forecastStart(
      unbegunSubscription(plans[0] as AgreedTerms, agreement, { daysUntilDue: 30 }),
      { trialDays: 0 },
      defaultSettings,
      start,
    );
    const seen = forecastUntil(begun, defaultSettings, { from: start, until: start + 31 * DAY_MS });
    const [usage] = seen.lines.filter(({ kind }) => kind === 'usage');

    // The renewal is issued three days ahead; what was used is known, and due from, the end of the period.
    expect(usage).toMatchObject({ at: usage?.service.endsAt });
    expect(((usage?.dueAt ?? 0) - (usage?.service.endsAt ?? 0)) / DAY_MS).toBe(30);
  });
});
