import fc from 'fast-check';

import { AppError } from '../../errors';
import { afterPaid, decidePayment } from './subscription-payment-rules';
import { decideCommand, decidePostponed } from '../commands/subscription-command-rules';
import { DAY_MS, hasChargeInFlight, nextDeadline } from './subscription-deadline-rules';
import { decideDue, decideStart } from './subscription-rules';
import type {
  AgreedPlan,
  Decision,
  Subscription,
  SubscriptionCommand,
  SubscriptionEffect,
  SubscriptionPolicy,
} from './subscription-types';
import { unbegunSubscription } from '../paper/unbegun-subscription-rules';

const start = Date.parse('2025-01-31T03:00:00Z');
const plan = (planId: number, amount: number, billingCycle: AgreedPlan['billingCycle'] = 'monthly'): AgreedPlan => ({
  planId,
  planName: `plan ${planId}`,
  amount,
  billingCycle,
});
const plans = [plan(1, 100_000), plan(2, 300_000), plan(3, 50_000), plan(4, 900_000, 'yearly'), plan(5, 0)];

const policy: SubscriptionPolicy = {
  billingTime: 'anniversary',
  invoiceDueDays: 7,
  firstInvoiceExpiryHours: 24,
  retries: { mode: 'offsets', days: [1, 3, 5, 7] },
  dunningEndAction: 'expire',
  cancelCredit: 'none',
  pauseCredit: 'prorate',
  change: {
    upgrade: 'at_once',
    downgrade: 'at_period_end',
    billing: 'prorate',
    otherCycle: 'reset_anchor',
    dayOfChange: 'new_plan',
    proration: { convention: 'by_day_exclusive_end' },
  },
};

const fresh = (collection: Subscription['collection']): Subscription => ({
  ...unbegunSubscription(plans[0] as AgreedPlan, {
    quantity: 1,
    currency: 'VND',
    timeZone: 'Asia/Ho_Chi_Minh',
    anchorDay: null,
    endsAt: null,
    billingTiming: 'in_advance',
    renewalLeadDays: 3,
  }),
  id: 1,
  customerId: 1,
  collection,
  hasMethod: collection === 'charge_automatically',
});

interface Guard {
  item: string;
  invoiceId: number;
  startsAt: number;
  endsAt: number;
}

/** What the database does with effects, in memory: invoices, the guard of D22, charges. */
class World {
  readonly guards: Guard[] = [];
  readonly effects: SubscriptionEffect[] = [];
  readonly serviceTimes: { from: number; status: string; period: Subscription['period'] }[] = [];
  private nextInvoice = 1;
  private nextPayment = 1;

  constructor(
    public state: Subscription,
    public now: number,
    public rules: SubscriptionPolicy = policy,
  ) {}

  apply(decision: Decision | null): void {
    if (decision === null) {
      return;
    }
    this.state = decision.state;
    decision.effects.forEach((effect) => this.carryOut(effect));
    const postponed = decidePostponed(this.state, this.rules, this.now);

    if (postponed !== null) {
      this.apply(postponed);
    }
    this.serviceTimes.push({ from: this.now, status: this.state.status, period: this.state.period });
  }

  /** Everything that time brings about until an instant, each at its own moment. */
  pass(until: number): void {
    for (let steps = 0; steps < 1_000; steps += 1) {
      const next = nextDeadline(this.state);

      if (next === null || next.at > until) {
        this.now = until;

        return;
      }
      this.now = Math.max(this.now, next.at);
      this.apply(decideDue(this.state, this.rules, this.now));
    }
    throw new Error(
      `time does not pass ${new Date(this.now).toISOString()}: ${JSON.stringify(nextDeadline(this.state))}`,
    );
  }

  command(command: SubscriptionCommand): string {
    try {
      this.apply(decideCommand(this.state, command, this.rules, this.now));

      return 'done';
    } catch (error) {
      if (error instanceof AppError) {
        return error.code;
      }
      throw error;
    }
  }

  answerCharges(outcome: 'paid' | 'failed', isHardDecline = false): void {
    for (const { invoiceId, chargeInFlight } of [...this.state.unpaid]) {
      if (chargeInFlight !== null) {
        const result = {
          paymentId: chargeInFlight,
          invoiceId,
          outcome,
          isOffSession: true,
          isHardDecline,
          reason: null,
        };
        this.apply(decidePayment(this.state, result, this.rules, this.now));
      }
    }
  }

  payByHand(): void {
    const [unpaid] = this.state.unpaid;

    if (unpaid !== undefined && unpaid.chargeInFlight === null) {
      this.apply(afterPaid(this.state, unpaid, this.now));
    }
  }

  named(name: string): SubscriptionEffect[] {
    return this.effects.filter((effect) => effect.type === 'event' && effect.name === name);
  }

  private carryOut(effect: SubscriptionEffect): void {
    this.effects.push(effect);

    switch (effect.type) {
      case 'issue': {
        const invoiceId = this.nextInvoice++;
        expect(effect.service.endsAt).toBeGreaterThan(effect.service.startsAt);
        const item = effect.item ?? 'plan';
        const overlapping = this.guards.find(
          (guard) =>
            guard.item === item && guard.startsAt < effect.service.endsAt && effect.service.startsAt < guard.endsAt,
        );
        expect(overlapping).toBeUndefined();
        this.guards.push({ invoiceId, item, ...effect.service });
        this.state = {
          ...this.state,
          unpaid: [
            ...this.state.unpaid,
            { invoiceId, dueAt: effect.dueAt, isOverdueTold: false, chargeInFlight: null, askAt: null },
          ],
          renewalInvoiceId: effect.as.role === 'renewal' ? invoiceId : this.state.renewalInvoiceId,
          firstInvoice: effect.as.role === 'first' ? { invoiceId, by: effect.as.by } : this.state.firstInvoice,
        };

        if (effect.as.role !== 'renewal') {
          this.collect(invoiceId);
        }
        break;
      }
      case 'collect':
        this.collect(effect.invoiceId);
        break;
      case 'credit':
        for (const guard of [...this.guards].filter(({ item, endsAt }) => item === 'plan' && endsAt > effect.from)) {
          guard.endsAt = effect.from;
          this.release((one) => one.endsAt <= one.startsAt);
        }
        break;
      case 'move_end': {
        const moved = this.guards.find(({ endsAt }) => endsAt === effect.from);
        expect(moved).toBeDefined();
        Object.assign(moved as Guard, { endsAt: effect.to });
        break;
      }
      case 'reverse':
        expect(
          hasChargeInFlight({
            ...this.state,
            unpaid: this.state.unpaid.filter((one) => one.invoiceId === effect.invoiceId),
          }),
        ).toBe(false);
        this.release((one) => one.invoiceId === effect.invoiceId);
        this.drop(effect.invoiceId);
        break;
      case 'uncollectible':
        this.drop(effect.invoiceId);
        break;
      default:
    }
  }

  private collect(invoiceId: number): void {
    if (this.state.collection === 'charge_automatically' && this.state.hasMethod) {
      const chargeInFlight = this.nextPayment++;
      this.state = {
        ...this.state,
        unpaid: this.state.unpaid.map((one) =>
          one.invoiceId === invoiceId && one.chargeInFlight === null ? { ...one, chargeInFlight } : one,
        ),
      };
    }
  }

  private release(isGone: (guard: Guard) => boolean): void {
    this.guards.splice(0, this.guards.length, ...this.guards.filter((guard) => !isGone(guard)));
  }

  private drop(invoiceId: number): void {
    this.state = {
      ...this.state,
      unpaid: this.state.unpaid.filter((one) => one.invoiceId !== invoiceId),
      dunning: this.state.dunning.filter((run) => run.invoiceId !== invoiceId),
    };
  }
}

const begin = (
  options: {
    trialDays?: number;
    isFree?: boolean;
    collection?: Subscription['collection'];
    rules?: SubscriptionPolicy;
  } = {},
): World => {
  const { trialDays = 0, isFree = false, collection = 'charge_automatically', rules = policy } = options;
  const initial = { ...fresh(collection), plan: (isFree ? plans[4] : plans[0]) as AgreedPlan };
  const world = new World(initial, start, rules);
  world.apply(decideStart(initial, { trialDays, isFree }, rules, start));

  return world;
};

const iso = (at: number | null | undefined) => (at == null ? null : new Date(at).toISOString());
const changeTo = (index: number, immediate: boolean | null = null, quantity = 1): SubscriptionCommand => ({
  type: 'change_plan',
  plan: { ...(plans[index] as AgreedPlan), currency: 'VND' },
  quantity,
  immediate,
  at: null,
});

describe('renewals', () => {
  test('keep the anchor of the 31st: 28 February, 31 March, 30 April', () => {
    const world = begin();
    world.answerCharges('paid');
    const ends = [1, 2, 3].map(() => {
      const end = world.state.period?.endsAt ?? 0;
      world.pass(end);
      world.answerCharges('paid');

      return iso(end);
    });

    expect(ends).toEqual(['2025-02-28T03:00:00.000Z', '2025-03-31T03:00:00.000Z', '2025-04-30T03:00:00.000Z']);
    expect(world.named('subscription.renewed')).toHaveLength(3);
  });

  test('are invoiced three days ahead and collected at the boundary', () => {
    const world = begin();
    world.answerCharges('paid');
    const end = world.state.period?.endsAt ?? 0;
    world.pass(end - 3 * DAY_MS);

    expect(world.state.renewalInvoiceId).toBe(2);
    expect(hasChargeInFlight(world.state)).toBe(false);
    world.pass(end);
    expect(hasChargeInFlight(world.state)).toBe(true);
    expect(world.state.renewalInvoiceId).toBeNull();
  });

  test('never drift from the anchor day, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), (days, periods) => {
        const from = start + days * DAY_MS;
        const world = new World(fresh('charge_automatically'), from);
        world.apply(decideStart(world.state, { trialDays: 0, isFree: false }, policy, from));
        world.answerCharges('paid');
        for (let n = 0; n < periods; n += 1) {
          world.pass(world.state.period?.endsAt ?? 0);
          world.answerCharges('paid');
        }
        const anchorDay = new Date(from + 7 * 3_600_000).getUTCDate();
        const begins = new Date((world.state.period?.startsAt ?? 0) + 7 * 3_600_000);
        const daysInMonth = new Date(Date.UTC(begins.getUTCFullYear(), begins.getUTCMonth() + 1, 0)).getUTCDate();

        return begins.getUTCDate() === Math.min(anchorDay, daysInMonth);
      }),
    );
  });
});

describe('a trial', () => {
  test('tells three days ahead, then becomes active with a first invoice and normal dunning', () => {
    const world = begin({ trialDays: 14 });
    world.pass(start + 11 * DAY_MS);
    expect(world.named('subscription.trial.ending')).toHaveLength(1);
    expect(world.guards).toEqual([]);
    world.pass(start + 14 * DAY_MS);

    expect(world.state).toMatchObject({ status: 'active', firstInvoice: null });
    expect(world.named('subscription.trial.ended')).toMatchObject([{ payload: { convertedToActive: true } }]);
    world.answerCharges('failed');
    expect(world.state.status).toBe('past_due');
    expect(world.state.dunning).toHaveLength(1);
  });

  test('shorter than three days is told of at once', () => {
    const world = begin({ trialDays: 2 });
    world.pass(start);

    expect(world.named('subscription.trial.ending')).toHaveLength(1);
  });

  test('changes its plan without billing and keeps its end', () => {
    const world = begin({ trialDays: 14 });
    expect(world.command(changeTo(1))).toBe('done');

    expect(world.state).toMatchObject({ plan: { planId: 2 }, status: 'trial', trialEnd: start + 14 * DAY_MS });
    expect(world.guards).toEqual([]);
  });
});

describe('a first invoice', () => {
  test('that is not paid within a day ends the subscription, without dunning', () => {
    const world = begin({ collection: 'send_invoice' });
    world.pass(start + DAY_MS);

    expect(world.state).toMatchObject({ status: 'expired', dunning: [], unpaid: [] });
    expect(world.guards).toEqual([]);
  });

  test('whose charge fails makes it past due, and paying by hand heals it', () => {
    const world = begin();
    world.answerCharges('failed');
    expect(world.state).toMatchObject({ status: 'past_due', dunning: [] });
    world.payByHand();

    expect(world.state).toMatchObject({ status: 'active', activatedAt: start, firstInvoice: null });
  });
});

describe('dunning', () => {
  const failingRenewal = (rules = policy, isHard = false) => {
    const world = begin({ rules });
    world.answerCharges('paid');
    world.pass(world.state.period?.endsAt ?? 0);
    world.answerCharges('failed', isHard);

    return world;
  };

  test('tries again on days 1, 3, 5 and 7 after the first failure, then expires with the invoice given up', () => {
    const world = failingRenewal();
    const failedAt = world.now;
    const tries: number[] = [];

    while (world.state.status === 'past_due') {
      const next = nextDeadline(world.state)?.at ?? Infinity;
      world.pass(next);

      if (hasChargeInFlight(world.state)) {
        tries.push((world.now - failedAt) / DAY_MS);
        world.answerCharges('failed');
        world.pass(world.now);
      }
    }

    expect(tries).toEqual([1, 3, 5, 7]);
    expect(world.state).toMatchObject({ status: 'expired', unpaid: [], dunning: [] });
    expect(world.named('payment.retry')).toHaveLength(4);
  });

  test('does not charge a method that was refused for good, but a new one at once', () => {
    const world = failingRenewal(policy, true);
    world.pass(world.now + 3 * DAY_MS);
    expect(
      world.effects.filter((effect) => effect.type === 'dunning_attempt' && effect.kind === 'skipped'),
    ).toHaveLength(2);
    expect(hasChargeInFlight(world.state)).toBe(false);
    world.command({ type: 'method_changed' });
    world.pass(world.now);

    expect(hasChargeInFlight(world.state)).toBe(true);
    world.answerCharges('paid');
    expect(world.state).toMatchObject({ status: 'active', dunning: [] });
  });

  test.each([
    ['cancel', 'cancelled'],
    ['leave', 'past_due'],
  ] as const)('with the end action %s ends %s', (dunningEndAction, status) => {
    const world = failingRenewal({ ...policy, dunningEndAction });
    for (let day = 1; day <= 8; day += 1) {
      world.pass(world.now + DAY_MS);
      world.answerCharges('failed');
    }
    world.pass(world.now);

    expect(world.state.status).toBe(status);
  });

  test('refuses a change of plan meanwhile', () => {
    expect(failingRenewal().command(changeTo(1))).toBe('subscription_past_due');
  });
});

describe('a charge in flight', () => {
  test('refuses a change of plan, and puts a cancellation off until its answer', () => {
    const world = begin();
    expect(world.command(changeTo(1))).toBe('charge_in_flight');
    expect(world.command({ type: 'cancel', reason: 'no', atPeriodEnd: false })).toBe('done');
    expect(world.state.status).toBe('active');
    world.answerCharges('paid');

    expect(world.state).toMatchObject({ status: 'cancelled', postponed: null });
  });
});

describe('a change of plan', () => {
  test('upwards holds at once: what is unused is credited, the rest billed', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass(start + 10 * DAY_MS);
    world.command(changeTo(1));

    expect(world.effects.slice(-5).map(({ type }) => type)).toEqual(expect.arrayContaining(['credit', 'issue']));
    expect(world.guards.map(({ startsAt, endsAt }) => [iso(startsAt), iso(endsAt)])).toEqual([
      ['2025-01-31T03:00:00.000Z', '2025-02-10T03:00:00.000Z'],
      ['2025-02-10T03:00:00.000Z', '2025-02-28T03:00:00.000Z'],
    ]);
  });

  test('downwards waits for the end of the period, and is taken back by choosing the old plan again', () => {
    const world = begin();
    world.answerCharges('paid');
    world.command(changeTo(2));
    expect(world.state).toMatchObject({ plan: { planId: 1 }, scheduled: { plan: { planId: 3 } } });
    world.command(changeTo(0));
    expect(world.state.scheduled).toBeNull();
    world.command(changeTo(2));
    world.pass(world.state.period?.endsAt ?? 0);

    expect(world.state).toMatchObject({ plan: { planId: 3 }, scheduled: null });
  });

  test('of another cycle begins a new row of periods with a whole one', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass(start + 10 * DAY_MS);
    world.command(changeTo(3, true));

    expect(world.state).toMatchObject({ anchorAt: world.now, periodIndex: 0 });
    expect(iso(world.state.period?.endsAt)).toBe('2026-02-10T03:00:00.000Z');
  });

  test('in the days before the renewal issues the next invoice again', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass((world.state.period?.endsAt ?? 0) - DAY_MS);
    const ahead = world.state.renewalInvoiceId;
    world.command(changeTo(1));

    expect(world.effects).toContainEqual({ type: 'reverse', invoiceId: ahead, reason: 'reissue' });
    expect(world.state.renewalInvoiceId).not.toBe(ahead);
    expect(world.state.renewalInvoiceId).not.toBeNull();
  });

  test('from a free tier begins service there and then', () => {
    const world = begin({ isFree: true });
    expect(nextDeadline(world.state)).toBeNull();
    world.pass(start + 5 * DAY_MS);
    world.command(changeTo(0));

    expect(world.state).toMatchObject({ anchorAt: start + 5 * DAY_MS, periodIndex: 0 });
    expect(world.guards).toHaveLength(1);
  });

  test('in another currency is refused', () => {
    const world = begin();
    world.answerCharges('paid');
    const other = changeTo(1) as Extract<SubscriptionCommand, { type: 'change_plan' }>;

    expect(world.command({ ...other, plan: { ...other.plan, currency: 'USD' } })).toBe('currency_mismatch');
  });
});

describe('a cancellation', () => {
  test('for the end of the period takes the next invoice back, and a reactivation issues it again', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass((world.state.period?.endsAt ?? 0) - DAY_MS);
    world.command({ type: 'cancel', reason: 'Too expensive', atPeriodEnd: true });
    expect(world.state).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, renewalInvoiceId: null });
    world.command({ type: 'reactivate' });
    world.pass(world.now);
    expect(world.state.renewalInvoiceId).not.toBeNull();
    world.command({ type: 'cancel', reason: null, atPeriodEnd: true });
    world.pass((world.state.period?.endsAt ?? 0) + DAY_MS);

    expect(world.state).toMatchObject({ status: 'expired', unpaid: [] });
    expect(nextDeadline(world.state)).toBeNull();
  });
});

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.integer({ min: 0, max: 900 }) }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'paid' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failed' as const), isHard: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'by_hand' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      index: fc.integer({ min: 0, max: 4 }),
      quantity: fc.integer({ min: 1, max: 3 }),
      immediate: fc.constantFrom(true, false, null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'pause' as const),
      atPeriodEnd: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom({ kind: 'resume' as const }, { kind: 'reactivate' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new_method' as const }) },
);

test('whatever is asked, every active instant of service is billed exactly once', () => {
  fc.assert(
    fc.property(
      fc.record({
        trialDays: fc.constantFrom(0, 0, 7),
        isFree: fc.constantFrom(false, false, false, true),
        collection: fc.constantFrom('charge_automatically' as const, 'send_invoice' as const),
        pauseCredit: fc.constantFrom('prorate' as const, 'none' as const),
        billingTime: fc.constantFrom('anniversary' as const, 'calendar' as const),
        billing: fc.constantFrom(
          'prorate' as const,
          'prorate' as const,
          'charge_difference' as const,
          'grant_days' as const,
          'none' as const,
        ),
        otherCycle: fc.constantFrom('reset_anchor' as const, 'keep_anchor_day' as const, 'keep_anniversary' as const),
      }),
      fc.array(action, { maxLength: 25 }),
      ({ trialDays, isFree, collection, pauseCredit, billingTime, billing, otherCycle }, actions) => {
        const rules = { ...policy, pauseCredit, billingTime, change: { ...policy.change, billing, otherCycle } };
        const world = begin({ trialDays: isFree ? 0 : trialDays, isFree, collection, rules });

        for (const one of actions) {
          switch (one.kind) {
            case 'pass':
              world.pass(world.now + one.hours * 3_600_000);
              break;
            case 'paid':
              world.answerCharges('paid');
              break;
            case 'failed':
              world.answerCharges('failed', one.isHard);
              break;
            case 'by_hand':
              world.payByHand();
              break;
            case 'change':
              world.command(changeTo(one.index, one.immediate, one.quantity));
              break;
            case 'cancel':
            case 'pause':
              world.command({ type: one.kind, reason: null, atPeriodEnd: one.atPeriodEnd });
              break;
            case 'new_method':
              world.command({ type: 'method_changed' });
              break;
            default:
              world.command({ type: one.kind });
          }
          assertServiceIsBilledOnce(world);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

/** The current instant of an active subscription that costs something lies in exactly one range of the guard. */
function assertServiceIsBilledOnce({ state, guards, now }: World): void {
  const isServed = (state.status === 'active' || state.status === 'past_due') && state.plan.amount > 0;
  const covering = guards.filter(({ item, startsAt, endsAt }) => item === 'plan' && startsAt <= now && now < endsAt);

  expect(covering.length).toBeLessThanOrEqual(1);

  if (isServed) {
    expect(state.period).not.toBeNull();
    expect(covering).toHaveLength(1);
  }
}
