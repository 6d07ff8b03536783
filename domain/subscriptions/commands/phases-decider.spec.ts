import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import type { PlanPhase } from '../../catalogue/plans/plan-phase-rules';
import type { Settings } from '../../companies/setting-catalogue';
import { decideCommand } from './command-decider';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import { withPlanPhases } from '../schedule/phase-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { AgreedTerms } from '../lifecycle/subscription-types';
import { follow, forecastStart, forecastUntil } from '../paper/forecast-calendar';
import type { Forecast } from '../paper/forecast-types';
import { unbegunSubscription } from '../row/subscription-row';

const start = Date.parse('2026-03-01T03:00:00Z');
const day = 86_400_000;
const terms: AgreedTerms = { planId: 1, planName: 'Pro', amount: 1_000, billingCycle: 'monthly' };

/** A subscription on paper: the rules that decide and price, without a database. */
class PaperLife {
  private seen: Forecast;
  private now = start;

  constructor({ phases = [], trialDays = 0 }: { phases?: readonly PlanPhase[]; trialDays?: number } = {}) {
    const unbegun = unbegunSubscription(terms, {
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      quantity: 1,
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance',
      renewalLeadDays: 3,
    });
    this.seen = forecastStart(withPlanPhases(unbegun, phases), { trialDays }, settings, start);
  }

  pass(days: number): this {
    const until = this.now + days * day;
    this.seen = forecastUntil(this.seen, settings, { from: this.now, until });
    this.now = until;

    return this;
  }

  ask(command: SubscriptionCommand): this {
    const decision: Decision = decideCommand(this.state, command, subscriptionPolicy(settings), this.now);
    this.seen = follow(this.seen, decision, settings, this.now);

    return this;
  }

  get state() {
    return this.seen.state;
  }

  /** What its whole periods were billed at, in their order. */
  get prices(): number[] {
    return this.seen.lines
      .filter(({ kind, service, denominator }) => kind === 'charge' && service.startsAt === denominator.startsAt)
      .map(({ unitPrice, quantity }) => unitPrice * quantity);
  }
}

const settings: Settings = { ...defaultSettings, pauseCredit: 'none' };
const setPhases = (...phases: [periods: number, amount: number | null, quantity?: number][]): SubscriptionCommand => ({
  type: 'set_phases',
  phases: phases.map(([periods, amount, quantity = null as number | null]) => ({ periods, amount, quantity })),
});
const planPhase = fc.record({ price: fc.integer({ min: 1, max: 900 }), periods: fc.integer({ min: 1, max: 4 }) });
const pause: SubscriptionCommand = { type: 'pause', reason: null, atPeriodEnd: false };

it('each phase of a plan lasts its periods, with and without a trial, and the price of the plan comes after them', () => {
  fc.assert(
    fc.property(fc.array(planPhase, { maxLength: 4 }), fc.constantFrom(0, 14), (phases, trialDays) => {
      const priced = phases.flatMap(({ price, periods }) => Array.from({ length: periods }, () => price));
      const life = new PaperLife({ phases, trialDays }).pass(trialDays + 31 * (priced.length + 2));

      expect(life.prices.slice(0, priced.length + 2)).toEqual([...priced, 1_000, 1_000]);
      expect(life.state.waitingChanges).toEqual([]);
    }),
  );
});

it('phases that are agreed on later hold from the periods on that they name, whenever they are asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 90 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
      (asked, after) => {
        const ends = after.sort((one, other) => one - other);
        const life = new PaperLife().pass(asked);
        const billed = life.prices.length;
        const isAhead = life.state.invoices.some(({ role }) => role === 'ahead');
        // The renewal that is invoiced already is issued again.
        const before = isAhead ? billed - 1 : billed;
        life.ask(setPhases(...ends.map((periods, nth): [number, number] => [periods, 2_000 + nth])));
        life.pass(31 * 8);
        const renewals = life.prices.slice(before);
        const expected = Array.from({ length: 7 }, (_period, nth) => {
          const come = ends.filter((periods) => periods <= nth + 1).length;

          return come === 0 ? 1_000 : 2_000 + come - 1;
        });

        expect(renewals.slice(0, 7)).toEqual(expected);
      },
    ),
  );
});

it('phases change seats as well, keep to what they do not name, and are replaced together', () => {
  const life = new PaperLife();
  life.ask(setPhases([1, 2_000], [2, null, 3], [4, 500, 1]));
  expect(() => life.ask(setPhases([1, 2_000], [2, null, 3], [4, 500, 1]))).toThrow(
    expect.objectContaining({ code: 'no_change', field: '/phases' }),
  );
  life
    .pass(62)
    .ask(setPhases([1, 100]))
    .pass(93);

  expect(life.prices.slice(0, 5)).toEqual([1_000, 2_000, 6_000, 300, 300]);
});

it('the time of a pause counts at most as the end of the period that it began in', () => {
  const phases = [{ price: 100, periods: 2 }];
  const short = new PaperLife({ phases }).pass(5).ask(pause).pass(10).ask({ type: 'resume' }).pass(70);
  const long = new PaperLife({ phases }).pass(5).ask(pause).pass(200).ask({ type: 'resume' });

  expect(short.prices).toEqual([100, 100, 1_000]);
  expect(long.state.waitingChanges).toMatchObject([{ kind: 'phase', periods: 1 }]);
  expect(long.pass(31).prices.at(-1)).toBe(1_000);
});

it('phases end with their plan', () => {
  const other = { ...terms, planId: 2, amount: 5_000 };
  const life = new PaperLife({ phases: [{ price: 100, periods: 3 }] }).pass(5);
  life.ask({ type: 'change_plan', terms: other, quantity: null, immediate: true, at: null, billed: null });

  expect(life.state.waitingChanges).toEqual([]);
  expect(life.pass(100).prices.slice(1)).toEqual([5_000, 5_000, 5_000]);
});

it('what makes no sense is refused by name', () => {
  const life = new PaperLife({ phases: [{ price: 100, periods: 3 }] });
  const refusal = (command: SubscriptionCommand) => () =>
    decideCommand(life.state, command, subscriptionPolicy(settings), start + day);
  const price = { item: 'plan' as const, terms: { ...terms, amount: 900 } };

  expect(refusal(setPhases([2, 500], [2, 600]))).toThrow(
    expect.objectContaining({ code: 'validation_failed', field: '/phases/1/afterPeriods' }),
  );
  expect(
    refusal({
      type: 'change_price',
      to: price,
      currency: 'VND',
      priceId: 1,
      immediate: true,
      noticeDays: 0,
      billed: null,
    }),
  ).toThrow(expect.objectContaining({ code: 'subscription_state' }));
  life.ask({ type: 'cancel', reason: null, atPeriodEnd: true });
  expect(refusal(setPhases([1, 500]))).toThrow(expect.objectContaining({ code: 'subscription_state' }));
});
