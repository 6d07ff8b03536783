import fc from 'fast-check';

import { startOfDay } from '../../calendar/zoned-calendar';
import { defaultSettings, type Settings } from '../../companies/setting-catalogue';
import { decideCommand } from '../commands/command-decider';
import { follow, forecastStart, forecastUntil } from '../paper/forecast-calendar';
import type { Forecast } from '../paper/forecast-types';
import { unbegunSubscription } from '../row/subscription-row';
import { withAllToBill } from '../lifecycle/decision-rules';
import type { SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { isInPeriod, planOf, priceOf } from '../lifecycle/item-rules';
import { DAY_MS } from '../schedule/subscription-deadline-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import { type ProrationBehavior, prorationBehaviors, type Subscription } from '../lifecycle/subscription-types';

const start = startOfDay('2025-06-01', 'Asia/Ho_Chi_Minh');
const terms = (planId: number, amount: number) => ({
  planId,
  planName: `plan ${planId}`,
  amount,
  billingCycle: 'monthly' as const,
});

/** A paid subscription from 1 June on, 30,000 for 30 days; what it is asked is carried out on paper. */
class Life {
  forecast: Forecast;
  now = start;
  effects: readonly SubscriptionEffect[] = [];
  private readonly settings: Settings;

  constructor(settings: Partial<Settings> = {}, timing: Subscription['billingTiming'] = 'in_advance') {
    this.settings = { ...defaultSettings, taxRatePpm: 100_000, ...settings };
    const unbegun = unbegunSubscription(terms(1, 30_000), {
      quantity: 1,
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      anchorDay: null,
      endsAt: null,
      billingTiming: timing,
      renewalLeadDays: 0,
    });
    const begun = forecastStart(unbegun, { trialDays: 0 }, this.settings, start);
    this.forecast = { ...begun, state: { ...begun.state, activatedAt: start } };
  }

  ask(command: SubscriptionCommand): this {
    const decision = decideCommand(this.forecast.state, command, subscriptionPolicy(this.settings), this.now);
    this.effects = withAllToBill(this.forecast.state, decision, this.settings, this.now).effects;
    this.forecast = follow(this.forecast, decision, this.settings, this.now);

    return this;
  }

  change(amount: number, prorationBehavior?: ProrationBehavior): this {
    return this.ask({
      type: 'change_plan',
      terms: terms(amount, amount),
      quantity: null,
      immediate: true,
      at: null,
      billed: null,
      prorationBehavior,
    });
  }

  pass(days: number): this {
    const until = this.now + days * DAY_MS;
    this.forecast = forecastUntil(this.forecast, this.settings, { from: this.now, until });
    this.now = until;

    return this;
  }

  get state(): Subscription {
    return this.forecast.state;
  }

  /** Amounts by the day of June of their document. */
  get billed(): [number, bigint][] {
    return this.forecast.lines.map(({ at, amount }) => [(at - start) / DAY_MS + 1, amount]);
  }

  /** What is billed of an instant: minor units for a whole period. */
  levelAt(at: number): number {
    return this.forecast.lines
      .filter(({ service }) => service.startsAt <= at && at < service.endsAt)
      .reduce((sum, { kind, unitPrice, quantity }) => sum + (kind === 'credit' ? -1 : 1) * unitPrice * quantity, 0);
  }
}

const cancelNow = (creditUnused: 'none' | 'prorate') =>
  ({ type: 'cancel', reason: null, atPeriodEnd: false, creditUnused }) as const;

describe('a change that is billed with the next invoice', () => {
  test('costs nothing at once; renewal bills it and credits the old price, on one invoice', () => {
    const life = new Life().pass(10).change(60_000, 'next_invoice');

    expect(life.effects.map(({ type }) => type)).not.toContain('issue');
    expect(life.state.pendingItems).toMatchObject([
      { kind: 'credit', service: { startsAt: life.now } },
      { kind: 'charge', line: { service: { startsAt: life.now }, unitPrice: 60_000 } },
    ]);
    life.pass(20);
    expect(life.billed).toEqual([
      [1, 30_000n],
      [31, -20_000n],
      [31, 60_000n],
      [31, 40_000n],
    ]);
    expect(life.state.pendingItems).toEqual([]);
  });

  test('and changed again: each price is billed for its own days', () => {
    const life = new Life().pass(10).change(60_000, 'next_invoice').pass(5).change(90_000, 'next_invoice');
    expect(life.state.pendingItems).toHaveLength(3);
    life.pass(15);

    // 20 days of 30,000 back; 5 days of 60,000 and 15 of 90,000
    expect(life.billed.slice(1).map(([, amount]) => amount)).toEqual([-20_000n, 90_000n, 10_000n, 45_000n]);
  });

  test('and changed again at once: that invoice carries what waits, and one credit note all that is given back', () => {
    const life = new Life().pass(10).change(60_000, 'next_invoice').pass(5).change(90_000, 'always_invoice');

    expect(life.billed.slice(1)).toEqual([
      [16, -20_000n],
      [16, 45_000n],
      [16, 10_000n],
    ]);
    expect(life.effects.filter(({ type }) => type === 'issue')).toHaveLength(1);
    expect(life.state.pendingItems).toEqual([]);
  });

  test.each([
    ['prorate', [-20_000n, 10_000n]],
    ['none', [-20_000n, 40_000n]],
  ] as const)('and cancelled at once, unused service %s: a final invoice', (credit, amounts) => {
    const life = new Life({ cancelCredit: credit === 'none' ? 'prorate' : 'none' });
    life.pass(10).change(60_000, 'next_invoice').pass(5).ask(cancelNow(credit));

    expect(life.billed.slice(1)).toEqual(amounts.map((amount) => [16, amount]));
    expect(life.state).toMatchObject({ status: 'cancelled', pendingItems: [] });
  });

  test('and cancelled for the end of the period: it waits until then', () => {
    const life = new Life().pass(10).change(60_000, 'next_invoice');
    life.ask({ type: 'cancel', reason: null, atPeriodEnd: true });
    expect(life.billed).toHaveLength(1);

    expect(life.pass(20).billed.slice(1)).toEqual([
      [31, -20_000n],
      [31, 40_000n],
    ]);
  });

  test('to a free plan is settled at once: no invoice is to come', () => {
    const life = new Life().pass(10).change(60_000, 'next_invoice').pass(5).change(0, 'next_invoice');

    expect(life.billed.slice(1)).toEqual([
      [16, -20_000n],
      [16, 10_000n],
    ]);
    expect(life.state.pendingItems).toEqual([]);
  });

  test('is prorated where the company grants days or bills nothing, and the difference where it bills that', () => {
    const net = (planChangeBilling: Settings['planChangeBilling']) =>
      new Life({ planChangeBilling })
        .pass(10)
        .change(60_000, 'next_invoice')
        .pass(20)
        .billed.slice(1)
        .reduce((sum, [, amount]) => sum + amount, 0n);

    expect(net('grant_days')).toBe(80_000n);
    expect(net('none')).toBe(80_000n);
    expect(net('charge_difference')).toBe(80_000n);
  });

  test('in arrears: what is used at the old price is on the invoice of the period', () => {
    const life = new Life({}, 'in_arrears').pass(10).change(60_000, 'next_invoice');
    expect(life.billed).toEqual([]);

    expect(life.pass(20).billed).toEqual([
      [31, 40_000n],
      [31, 10_000n],
    ]);
  });
});

describe('a change that is left out of bills', () => {
  test.each(['in_advance', 'in_arrears'] as const)(
    '%s counts at once and costs what the next period does',
    (timing) => {
      const life = new Life({}, timing).pass(10).change(60_000, 'none');
      expect(planOf(life.state).terms.amount).toBe(60_000);
      life.pass(20);

      expect(life.billed).toEqual(
        timing === 'in_advance'
          ? [
              [1, 30_000n],
              [31, 60_000n],
            ]
          : [[31, 60_000n]],
      );
    },
  );

  test.each([
    ['periods of another length begin with it', { ...terms(9, 100_000), billingCycle: 'yearly' as const }],
    ['the plan is free from there', terms(8, 0)],
  ])('is refused where %s', (_, to) => {
    const command = {
      type: 'change_plan',
      terms: to,
      quantity: null,
      immediate: true,
      at: null,
      billed: null,
    } as const;

    expect(() => new Life().pass(3).ask({ ...command, prorationBehavior: 'none' })).toThrow(
      expect.objectContaining({ code: 'proration_unavailable', field: '/prorationBehavior' }),
    );
  });
});

test.each([
  [{ ...cancelNow('none'), atPeriodEnd: true }, '/creditUnused'],
  [{ type: 'pause', reason: null, atPeriodEnd: true, creditUnused: 'prorate' }, '/creditUnused'],
  [{ type: 'remove_addon', addonId: 1, atPeriodEnd: true, prorationBehavior: 'none' }, '/prorationBehavior'],
  [
    { type: 'remove_addon', addonId: 1, atPeriodEnd: false, prorationBehavior: 'none', creditUnused: 'prorate' },
    '/creditUnused',
  ],
] as const)('what contradicts itself is refused: %j', (command, field) => {
  expect(() => new Life().ask(command)).toThrow(expect.objectContaining({ code: 'validation_failed', field }));
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 45 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      amount: fc.constantFrom(0, 30_000, 45_000, 60_000, 90_000),
      behavior: fc.constantFrom(undefined, ...prorationBehaviors.filter((one) => one !== 'none')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ pause: fc.constantFrom('none' as const, 'prorate' as const) }) },
  { weight: 2, arbitrary: fc.record({ resume: fc.constantFrom(undefined, 'next_invoice' as const) }) },
);

test('whatever changes are put off: when all is billed, every day has been billed once at the price that it had', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.constantFrom('in_advance' as const, 'in_arrears' as const),
      fc.constantFrom('prorate' as const, 'grant_days' as const),
      (steps, timing, planChangeBilling) => {
        // Days that are granted have a price of their own; put off, they are prorated.
        const life = new Life({ planChangeBilling: timing === 'in_arrears' ? 'prorate' : planChangeBilling }, timing);
        const prices: { from: number; price: number }[] = [];
        const note = () => {
          const plan = planOf(life.state);
          const isServed = life.state.status === 'active' && isInPeriod(plan);
          prices.push({ from: life.now, price: isServed ? priceOf(plan) : 0 });
        };
        note();

        for (const one of steps) {
          try {
            if ('days' in one) {
              life.pass(one.days);
            } else if ('amount' in one) {
              life.change(
                one.amount,
                one.behavior ?? (planChangeBilling === 'grant_days' ? 'next_invoice' : undefined),
              );
            } else if ('pause' in one) {
              // Without a credit, days of the pause are paid for.
              life.ask({ type: 'pause', reason: null, atPeriodEnd: false, creditUnused: 'prorate' });
            } else {
              life.ask({ type: 'resume', prorationBehavior: one.resume });
            }
          } catch (error) {
            expect(['no_change', 'subscription_state']).toContain((error as { code?: string }).code);
          }
          note();
        }

        if (life.state.status === 'active' || life.state.status === 'paused') {
          life.ask(cancelNow('prorate'));
        }
        expect(life.state.pendingItems).toEqual([]);
        prices.forEach(({ from, price }, index) => {
          const until = prices[index + 1]?.from ?? life.now;

          for (let at = from; at < until; at += DAY_MS) {
            expect(life.levelAt(at)).toBe(price);
          }
        });
      },
    ),
    { numRuns: 300 },
  );
});
