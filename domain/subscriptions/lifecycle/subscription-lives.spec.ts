import fc from 'fast-check';

import { AppError } from '../../errors';
import { decideCommand, decidePostponed } from '../commands/command-decider';
import { unbegunSubscription } from '../row/subscription-row';
import { withAllToBill } from './decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from './decision-types';
import { decideDue } from './due-decider';
import { planOf } from './item-rules';
import { afterSettled, decidePayment } from './payment-decider';
import { decideStart } from './start-decider';
import { DAY_MS, nextDeadline } from '../schedule/subscription-deadline-rules';
import {
  firstInvoiceOf,
  hasChargeInFlight,
  invoiceAheadOf,
  unpaidInvoice,
  unpaidInvoices,
  withInvoice,
  withUnpaid,
} from './subscription-invoice-rules';
import {
  type AgreedTerms,
  creditChoices,
  prorationBehaviors,
  type Subscription,
  type SubscriptionPolicy,
} from './subscription-types';

const start = Date.parse('2025-01-31T03:00:00Z');
const plan = (planId: number, amount: number, billingCycle: AgreedTerms['billingCycle'] = 'monthly'): AgreedTerms => ({
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
  addonAlignTo: 'own',
  usageThresholds: {},
  change: {
    upgrade: 'at_once',
    downgrade: 'at_period_end',
    billing: 'prorate',
    otherCycle: 'reset_anchor',
    dayOfChange: 'new_plan',
    proration: { convention: 'by_day_exclusive_end' },
  },
};

const fresh = (collection: Subscription['collection'], plan = 0): Subscription =>
  unbegunSubscription(
    plans[plan] as AgreedTerms,
    {
      quantity: 1,
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance',
      renewalLeadDays: 3,
    },
    { id: 1, customerId: 1, collection, hasMethod: collection === 'charge_automatically' },
  );

interface Guard {
  item: string;
  layer: number;
  price: number;
  invoiceId: number;
  startsAt: number;
  endsAt: number;
}

/** What the database does with effects, in memory: invoices, the guard of D22, charges. */
class World {
  readonly guards: Guard[] = [];
  readonly effects: SubscriptionEffect[] = [];
  readonly serviceTimes: { from: number; status: string; period: unknown }[] = [];
  private before: Subscription;
  /** The charge whose answer is being taken in: it is no longer in flight. */
  private answered: number | null = null;
  private nextInvoice = 1;
  private nextPayment = 1;

  constructor(
    public state: Subscription,
    public now: number,
    public rules: SubscriptionPolicy = policy,
  ) {
    this.before = state;
  }

  apply(decided: Decision | null): void {
    if (decided === null) {
      return;
    }
    const decision = withAllToBill(this.state, decided, this.rules, this.now);
    this.before = this.state;
    this.state = decision.state;
    decision.effects.forEach((effect) => this.carryOut(effect));
    const postponed = decidePostponed(this.state, this.rules, this.now);

    if (postponed !== null) {
      this.apply(postponed);
    }
    this.serviceTimes.push({ from: this.now, status: this.state.status, period: planOf(this.state).period });
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
    for (const {
      invoiceId,
      unpaid: { chargeInFlight },
    } of unpaidInvoices(this.state)) {
      if (chargeInFlight !== null) {
        const result = {
          paymentId: chargeInFlight,
          invoiceId,
          outcome,
          isOffSession: true,
          isHardDecline,
          reason: null,
        };
        this.answered = chargeInFlight;
        this.apply(decidePayment(this.state, result, this.rules, this.now));
        this.answered = null;
      }
    }
  }

  payByHand(): void {
    const [invoice] = unpaidInvoices(this.state);

    if (invoice !== undefined && invoice.unpaid.chargeInFlight === null) {
      this.apply(afterSettled(this.state, invoice.invoiceId, 'paid', this.now));
    }
  }

  get period() {
    return planOf(this.state).period;
  }

  get aheadId(): number | null {
    return invoiceAheadOf(this.state)?.invoiceId ?? null;
  }

  named(name: string): SubscriptionEffect[] {
    return this.effects.filter((effect) => effect.type === 'event' && effect.name === name);
  }

  private carryOut(effect: SubscriptionEffect): void {
    this.effects.push(effect);

    switch (effect.type) {
      case 'issue': {
        const invoiceId = this.nextInvoice++;

        for (const { item, layer, quantity, unitPrice, service } of effect.lines) {
          expect(service.endsAt).toBeGreaterThan(service.startsAt);
          const overlapping = this.guards.find(
            (guard) =>
              guard.item === item &&
              guard.layer === layer &&
              guard.startsAt < service.endsAt &&
              service.startsAt < guard.endsAt,
          );
          expect(overlapping).toBeUndefined();
          this.guards.push({ invoiceId, item, layer, price: quantity * unitPrice, ...service });
        }
        this.state = withInvoice(
          this.state,
          { invoiceId, startsAt: null, dueAt: effect.dueAt, isUnpaid: true },
          effect.as,
        );

        if (effect.as.role !== 'ahead') {
          this.collect(invoiceId);
        }
        break;
      }
      case 'collect':
        this.collect(effect.invoiceId);
        break;
      case 'credit':
        for (const guard of [...this.guards].filter(
          ({ item, endsAt }) => item === effect.item && endsAt > effect.from,
        )) {
          guard.endsAt = effect.from;
          this.release((one) => one.endsAt <= one.startsAt);
        }
        break;
      case 'move_end': {
        const moved = this.guards.filter(({ endsAt }) => endsAt === effect.from);
        expect(moved).not.toEqual([]);
        moved.forEach((guard) => Object.assign(guard, { endsAt: effect.to }));
        break;
      }
      case 'reverse':
        expect([null, this.answered]).toContain(
          unpaidInvoice(this.before, effect.invoiceId)?.unpaid.chargeInFlight ?? null,
        );
        expect(unpaidInvoice(this.state, effect.invoiceId)).toBeUndefined();
        this.release((one) => one.invoiceId === effect.invoiceId);
        break;
      case 'uncollectible':
        expect(unpaidInvoice(this.state, effect.invoiceId)).toBeUndefined();
        break;
      default:
    }
  }

  private collect(invoiceId: number): void {
    if (this.state.collection === 'charge_automatically' && this.state.hasMethod) {
      const invoice = unpaidInvoice(this.state, invoiceId);

      if (invoice?.unpaid.chargeInFlight === null) {
        this.state = withUnpaid(this.state, invoiceId, { chargeInFlight: this.nextPayment++ });
      }
    }
  }

  private release(isGone: (guard: Guard) => boolean): void {
    this.guards.splice(0, this.guards.length, ...this.guards.filter((guard) => !isGone(guard)));
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
  const initial = fresh(collection, isFree ? 4 : 0);
  const world = new World(initial, start, rules);
  world.apply(decideStart(initial, { trialDays }, rules, start));

  return world;
};

const iso = (at: number | null | undefined) => (at == null ? null : new Date(at).toISOString());
const changeTo = (index: number, immediate: boolean | null = null, quantity = 1): SubscriptionCommand => ({
  type: 'change_plan',
  terms: plans[index] as AgreedTerms,
  quantity,
  immediate,
  at: null,
  billed: null,
});

describe('renewals', () => {
  test('keep the anchor of the 31st: 28 February, 31 March, 30 April', () => {
    const world = begin();
    world.answerCharges('paid');
    const ends = [1, 2, 3].map(() => {
      const end = world.period?.endsAt ?? 0;
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
    const end = world.period?.endsAt ?? 0;
    world.pass(end - 3 * DAY_MS);

    expect(world.aheadId).toBe(2);
    expect(hasChargeInFlight(world.state)).toBe(false);
    world.pass(end);
    expect(hasChargeInFlight(world.state)).toBe(true);
    expect(world.aheadId).toBeNull();
  });

  test('never drift from the anchor day, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), (days, periods) => {
        const from = start + days * DAY_MS;
        const world = new World(fresh('charge_automatically'), from);
        world.apply(decideStart(world.state, { trialDays: 0 }, policy, from));
        world.answerCharges('paid');
        for (let n = 0; n < periods; n += 1) {
          world.pass(world.period?.endsAt ?? 0);
          world.answerCharges('paid');
        }
        const anchorDay = new Date(from + 7 * 3_600_000).getUTCDate();
        const begins = new Date((world.period?.startsAt ?? 0) + 7 * 3_600_000);
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

    expect(world.state.status).toBe('active');
    expect(firstInvoiceOf(world.state)).toBeNull();
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

    expect(world.state).toMatchObject({
      items: [{ terms: { planId: 2 } }],
      status: 'trial',
      trialEnd: start + 14 * DAY_MS,
    });
    expect(world.guards).toEqual([]);
  });
});

describe('a first invoice', () => {
  test('that is not paid within a day ends the subscription, without dunning', () => {
    const world = begin({ collection: 'send_invoice' });
    world.pass(start + DAY_MS);

    expect(world.state).toMatchObject({ status: 'expired', dunning: [], invoices: [] });
    expect(world.guards).toEqual([]);
  });

  test('whose charge fails makes it past due, and paying by hand heals it', () => {
    const world = begin();
    world.answerCharges('failed');
    expect(world.state).toMatchObject({ status: 'past_due', dunning: [] });
    world.payByHand();

    expect(world.state).toMatchObject({ status: 'active', activatedAt: start, invoices: [] });
  });
});

describe('dunning', () => {
  const failingRenewal = (rules = policy, isHard = false) => {
    const world = begin({ rules });
    world.answerCharges('paid');
    world.pass(world.period?.endsAt ?? 0);
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
    expect(world.state).toMatchObject({ status: 'expired', invoices: [], dunning: [] });
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

    expect(world.state).toMatchObject({ status: 'cancelled', waitingChanges: [] });
  });

  const endedMeanwhile = () => {
    const world = begin();
    world.command({ type: 'cancel', reason: null, atPeriodEnd: true });
    world.pass(start + 28 * DAY_MS);
    expect(world.state.status).toBe('expired');
    expect(hasChargeInFlight(world.state)).toBe(true);

    return world;
  };

  test('of the first invoice that fails after the end leaves nothing to pay: the invoice is void', () => {
    const world = endedMeanwhile();
    world.answerCharges('failed');

    expect(world.effects).toContainEqual({ type: 'reverse', invoiceId: 1, reason: 'void' });
    expect(world.state).toMatchObject({ status: 'expired', invoices: [], dunning: [] });
    expect(nextDeadline(world.state)).toBeNull();
  });

  test('of the first invoice that succeeds after the end pays for the period that was served, and revives nothing', () => {
    const world = endedMeanwhile();
    world.answerCharges('paid');

    expect(world.effects.filter(({ type }) => type === 'reverse')).toEqual([]);
    expect(world.state).toMatchObject({ status: 'expired', activatedAt: null, invoices: [] });
    expect(nextDeadline(world.state)).toBeNull();
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
    expect(world.state).toMatchObject({
      items: [{ terms: { planId: 1 } }],
      waitingChanges: [{ kind: 'plan', terms: { planId: 3 } }],
    });
    world.command(changeTo(0));
    expect(world.state.waitingChanges).toEqual([]);
    world.command(changeTo(2));
    world.pass(world.period?.endsAt ?? 0);

    expect(world.state).toMatchObject({ items: [{ terms: { planId: 3 } }], waitingChanges: [] });
  });

  test('of another cycle begins a new row of periods with a whole one', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass(start + 10 * DAY_MS);
    world.command(changeTo(3, true));

    expect(planOf(world.state).schedule).toMatchObject({ anchorAt: world.now, periodIndex: 0 });
    expect(iso(world.period?.endsAt)).toBe('2026-02-10T03:00:00.000Z');
  });

  test('in the days before the renewal issues the next invoice again', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass((world.period?.endsAt ?? 0) - DAY_MS);
    const ahead = world.aheadId;
    world.command(changeTo(1));

    expect(world.effects).toContainEqual({ type: 'reverse', invoiceId: ahead, reason: 'reissue' });
    expect(world.aheadId).not.toBe(ahead);
    expect(world.aheadId).not.toBeNull();
  });

  test('from a free tier begins service there and then', () => {
    const world = begin({ isFree: true });
    expect(nextDeadline(world.state)).toBeNull();
    world.pass(start + 5 * DAY_MS);
    world.command(changeTo(0));

    expect(planOf(world.state).schedule).toMatchObject({ anchorAt: start + 5 * DAY_MS, periodIndex: 0 });
    expect(world.guards).toHaveLength(1);
  });
});

describe('a cancellation', () => {
  test('for the end of the period takes the next invoice back, and a reactivation issues it again', () => {
    const world = begin();
    world.answerCharges('paid');
    world.pass((world.period?.endsAt ?? 0) - DAY_MS);
    world.command({ type: 'cancel', reason: 'Too expensive', atPeriodEnd: true });
    expect(world.state).toMatchObject({ status: 'active', waitingChanges: [{ kind: 'cancel' }], invoices: [] });
    world.command({ type: 'reactivate' });
    world.pass(world.now);
    expect(world.aheadId).not.toBeNull();
    world.command({ type: 'cancel', reason: null, atPeriodEnd: true });
    world.pass((world.period?.endsAt ?? 0) + DAY_MS);

    expect(world.state).toMatchObject({ status: 'expired', invoices: [] });
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
      behavior: fc.constantFrom(undefined, ...prorationBehaviors, 'next_invoice' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'pause' as const),
      atPeriodEnd: fc.boolean(),
      credit: fc.constantFrom(undefined, ...creditChoices),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { kind: 'resume' as const },
      { kind: 'resume' as const, behavior: 'next_invoice' as const },
      { kind: 'reactivate' as const },
    ),
  },
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
              world.command({
                ...changeTo(one.index, one.immediate, one.quantity),
                prorationBehavior: one.behavior,
              } as SubscriptionCommand);
              break;
            case 'cancel':
            case 'pause':
              world.command({
                type: one.kind,
                reason: null,
                atPeriodEnd: one.atPeriodEnd,
                creditUnused: one.atPeriodEnd ? undefined : one.credit,
              });
              break;
            case 'new_method':
              world.command({ type: 'method_changed' });
              break;
            case 'resume':
              world.command({ type: 'resume', prorationBehavior: 'behavior' in one ? one.behavior : undefined });
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

/**
 * The current instant of an active subscription that costs something is billed once: by a range of the guard that no credit
 * waits for, or by a charge that waits for the next invoice.
 */
function assertServiceIsBilledOnce({ state, guards, now }: World): void {
  const isServed = (state.status === 'active' || state.status === 'past_due') && planOf(state).terms.amount > 0;
  const isCredited = state.pendingItems.some((one) => one.kind === 'credit' && one.service.startsAt <= now);
  const pending = state.pendingItems.flatMap((one) =>
    one.kind === 'charge' ? [{ layer: one.line.layer, ...one.line.service }] : [],
  );
  const covering = [...(isCredited ? [] : guards), ...pending].filter(
    ({ layer, startsAt, endsAt }) => layer === 0 && startsAt <= now && now < endsAt,
  );

  expect(covering.length).toBeLessThanOrEqual(1);

  if (isServed) {
    expect(planOf(state).period).not.toBeNull();
    expect(covering).toHaveLength(1);
  }
}
