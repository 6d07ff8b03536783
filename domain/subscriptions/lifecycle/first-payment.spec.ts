import { decideCommand } from '../commands/command-decider';
import { unbegunSubscription } from '../row/subscription-row';
import type { BilledStretch, SubscriptionCommand, SubscriptionEffect } from './decision-types';
import { decideDue } from './due-decider';
import { afterSettled } from './payment-decider';
import { decideStart } from './start-decider';
import { nextDeadline } from '../schedule/subscription-deadline-rules';
import { firstInvoiceOf, withInvoice } from './subscription-invoice-rules';
import { subscriptionPolicy } from './subscription-policy';
import { makeBasis } from '../../billing/pricing/line-basis';
import { defaultSettings } from '../../companies/setting-catalogue';
import { planOf } from './item-rules';
import type { AgreedTerms, Subscription } from './subscription-types';

/** The time before anything is paid, and changes that wait: faults 4 to 10 and 18 as rules. */

const now = Date.parse('2026-03-01T03:00:00Z');
const day = 86_400_000;
const policy = subscriptionPolicy(defaultSettings);
const terms = (amount: number): AgreedTerms => ({
  planId: amount + 1,
  planName: `${amount}`,
  amount,
  billingCycle: 'monthly',
});

class Life {
  effects: SubscriptionEffect[] = [];
  private invoices = 0;

  constructor(
    public state: Subscription,
    public at = now,
  ) {}

  follow({ state, effects }: { state: Subscription; effects: SubscriptionEffect[] }): this {
    this.effects = effects;
    this.state = effects.reduce((seen, effect) => {
      if (effect.type !== 'issue') {
        return seen;
      }
      this.invoices += 1;

      return withInvoice(
        seen,
        { invoiceId: this.invoices, startsAt: null, dueAt: effect.dueAt, isUnpaid: true },
        effect.as,
      );
    }, state);

    return this;
  }

  ask(command: SubscriptionCommand): this {
    return this.follow(decideCommand(this.state, command, policy, this.at));
  }

  pay(): this {
    const [invoice] = this.state.invoices;

    return invoice === undefined ? this : this.follow(afterSettled(this.state, invoice.invoiceId, 'paid', this.at));
  }

  /** Everything until then, all of it paid when asked. */
  pass(until: number, isPaying = true): this {
    for (let next = nextDeadline(this.state); next !== null && next.at <= until; next = nextDeadline(this.state)) {
      this.at = next.at;
      const due = decideDue(this.state, policy, next.at);
      expect(due).not.toBeNull();
      this.follow(due as NonNullable<typeof due>);
      const isAsked = this.state.invoices.some(({ role, unpaid }) => role !== 'ahead' && unpaid !== null);

      if (isPaying && isAsked) {
        this.pay();
      }
    }
    this.at = until;

    return this;
  }

  get amounts(): number[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'issue' ? effect.lines.map(({ unitPrice, quantity }) => unitPrice * quantity) : [],
    );
  }
}

const begin = (amount: number, { quantity = 1, paysAtOnce = true } = {}): Life => {
  const agreement = {
    quantity,
    currency: 'VND',
    timeZone: 'Asia/Ho_Chi_Minh',
    anchorDay: null,
    endsAt: null,
    billingTiming: 'in_advance' as const,
    renewalLeadDays: 3,
  };
  const fresh = unbegunSubscription(terms(amount), agreement, { id: 1, customerId: 1, paysAtOnce });

  return new Life(fresh).follow(decideStart(fresh, { trialDays: 0 }, policy, now));
};
const change = (amount: number | null, quantity: number | null, immediate: boolean | null): SubscriptionCommand => ({
  type: 'change_plan',
  terms: amount === null ? null : terms(amount),
  quantity,
  immediate,
  at: null,
  billed: null,
});
const cancel = (atPeriodEnd: boolean): SubscriptionCommand => ({ type: 'cancel', reason: 'leaving', atPeriodEnd });
const pause = (atPeriodEnd: boolean): SubscriptionCommand => ({ type: 'pause', reason: null, atPeriodEnd });
const typesOf = ({ effects }: Life) => effects.map(({ type }) => type);

describe('before the first payment', () => {
  it.each([
    ['a cheaper plan', change(30_000, null, true), 30_000],
    ['a dearer plan', change(900_000, null, true), 900_000],
    ['more seats', change(null, 3, null), 900_000],
  ])('%s takes the place, the period and the deadline of the first invoice', (_name, command, amount) => {
    const life = begin(300_000);
    const [first, period] = [firstInvoiceOf(life.state), life.state.items[0].period];
    life.at = now + 5 * 3_600_000;
    life.ask(command);

    expect(life.effects).toContainEqual({ type: 'reverse', invoiceId: 1, reason: 'reissue' });
    expect(typesOf(life)).not.toContain('credit');
    expect(life.amounts).toEqual([amount]);
    expect(life.state).toMatchObject({ activatedAt: null, invoices: [{ role: 'first', payBy: first?.payBy }] });
    expect(life.state.items[0].period).toEqual(period);
    expect(life.pass(now + day, false).state).toMatchObject({ status: 'expired', activatedAt: null, invoices: [] });
  });

  it.each([true, false])(
    'a cancellation (at the period end: %s) voids the invoice, which nobody hears of again',
    (atEnd) => {
      const life = begin(300_000).ask(cancel(atEnd));

      expect(life.effects).toContainEqual({ type: 'reverse', invoiceId: 1, reason: 'void' });
      expect(life.state).toMatchObject({ status: 'cancelled', invoices: [], dunning: [] });
      expect(nextDeadline(life.state)).toBeNull();
    },
  );

  it('a pause is refused', () => {
    expect(() => begin(300_000).ask(pause(false))).toThrow(expect.objectContaining({ code: 'subscription_state' }));
  });

  it.each(['credited', 'void'] as const)('an invoice that is %s activates nothing, and the deadline holds', (how) => {
    const life = begin(300_000);
    life.follow(afterSettled(life.state, 1, how, now));

    expect(life.state.activatedAt).toBeNull();
    expect(life.effects).toEqual([]);
    expect(life.pass(now + day, false).state.status).toBe('expired');
  });

  it('an upgrade from the free tier that is not paid falls back to it', () => {
    const life = begin(0);
    life.at = now + day;
    life.ask(change(300_000, 2, null));
    expect(life.state.activatedAt).toBeNull();
    life.pass(life.at + day, false);

    expect(life.effects).toContainEqual({ type: 'reverse', invoiceId: 1, reason: 'void' });
    expect(life.state).toMatchObject({
      status: 'active',
      activatedAt: now,
      invoices: [],
      items: [{ terms: { amount: 0 }, quantity: 1, period: null }],
    });
    expect(nextDeadline(life.state)).toBeNull();
  });

  it('an invoice that is sent stays open until it is due, then is dunned', () => {
    const life = begin(300_000, { paysAtOnce: false });
    life.pass(now + 6 * day, false);
    expect(life.state).toMatchObject({ status: 'active', activatedAt: null, invoices: [{ role: 'first' }] });
    life.pass(now + 7 * day, false);

    expect(life.state).toMatchObject({ status: 'past_due', dunning: [{ invoiceId: 1 }] });
    expect(life.pay().state).toMatchObject({ status: 'active', activatedAt: life.at, invoices: [], dunning: [] });
  });
});

describe('changes that wait', () => {
  it('of plan and of seats hold together, whether the seats come at once or then', () => {
    for (const immediate of [true, false]) {
      const life = begin(600_000, { quantity: 2 })
        .pay()
        .ask(change(300_000, null, false));
      life.ask(change(null, 3, immediate));
      life.pass(Date.parse('2026-04-01T03:00:00Z'));

      expect(life.state.items[0]).toMatchObject({ terms: { amount: 300_000 }, quantity: 3 });
      expect(life.state.waitingChanges).toEqual([]);
    }
  });

  it('are taken back one by one', () => {
    const life = begin(600_000, { quantity: 2 }).pay();
    life.ask(change(300_000, 3, false)).ask(cancel(true));
    expect(life.state.waitingChanges.map(({ id, kind }) => [id, kind])).toEqual([
      [1, 'plan'],
      [2, 'quantity'],
      [3, 'cancel'],
    ]);
    life.ask({ type: 'cancel_change', changeId: 1 }).ask({ type: 'cancel_change', changeId: 3 });
    expect(life.state).toMatchObject({ cancelledAt: null, cancellationReason: null, waitingChanges: [{ id: 2 }] });
    expect(() => life.ask({ type: 'cancel_change', changeId: 1 })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
    life.pass(Date.parse('2026-04-01T03:00:00Z'));

    expect(life.state.items[0]).toMatchObject({ terms: { amount: 600_000 }, quantity: 3 });
  });

  it('an end holds through a pause, resumed or not', () => {
    const end = Date.parse('2026-04-01T03:00:00Z');
    const paused = () => {
      const life = begin(300_000).pay().ask(cancel(true));
      life.pass(now + 14 * day);

      return life.ask(pause(false));
    };

    expect(paused().pass(end + 40 * day).state).toMatchObject({ status: 'expired', endedAt: end });
    const resumed = paused()
      .pass(now + 20 * day)
      .ask({ type: 'resume' });
    expect(resumed.pass(end + 40 * day).state).toMatchObject({ status: 'expired', endedAt: end });
  });

  it('a change whose time comes during a pause is billed by the resumption', () => {
    const life = begin(300_000)
      .pay()
      .ask(change(100_000, null, false))
      .ask(pause(false));
    life.pass(now + 70 * day).ask({ type: 'resume' });

    expect(life.amounts).toEqual([100_000]);
    expect(life.state.waitingChanges).toEqual([]);
  });

  it('a pause for the end of the period leaves nothing of a cancellation', () => {
    const life = begin(300_000).pay().ask(cancel(true)).ask(pause(true));

    expect(life.state).toMatchObject({
      cancelledAt: null,
      cancellationReason: null,
      waitingChanges: [{ kind: 'pause' }],
    });
  });
});

describe('an invoice that is void', () => {
  it('heals what was past due, and tells of it', () => {
    const life = begin(300_000, { paysAtOnce: false }).pass(now + 7 * day, false);
    life.follow(afterSettled(life.state, 1, 'void', life.at));

    expect(life.state).toMatchObject({ status: 'active', dunning: [] });
    expect(life.effects).toMatchObject([
      { type: 'dunning_closed', status: 'stopped' },
      { type: 'event', name: 'subscription.updated', payload: { changed: ['status'] } },
      { type: 'history', action: 'status_changed' },
    ]);
  });
});

describe('the difference of a dearer plan', () => {
  const dearer = { ...policy, change: { ...policy.change, billing: 'charge_difference' as const } };
  const differenceAfter = (prices: readonly number[]) => {
    const life = begin(100_000).pay();
    const billed = prices.map((price, layer) => stretch({ price, layer, startsAt: now, endsAt: now + 28 * day }));
    const command = { ...change(300_000, null, true), billed } as SubscriptionCommand;

    return decideCommand(life.state, command, dearer, now + 10 * day).effects.flatMap((effect) =>
      effect.type === 'issue' ? effect.lines.map(({ unitPrice, layer }) => [unitPrice, layer]) : [],
    );
  };

  it.each([
    ['the old price', [100_000], [[200_000, 1]]],
    ['more than the new one', [100_000, 200_000], []],
    ['something between', [100_000, 150_000], [[50_000, 2]]],
    ['nothing', [], [[300_000, 0]]],
  ])('where %s is billed already', (_name, prices, lines) => {
    expect(differenceAfter(prices)).toEqual(lines);
  });
});

describe('days that are granted', () => {
  const granting = { ...policy, change: { ...policy.change, billing: 'grant_days' as const } };
  const daysFrom = (amount: number, at: number, billed: readonly BilledStretch[]) => {
    const life = begin(300_000).pay();
    const command = { ...change(amount, null, true), billed } as SubscriptionCommand;

    return decideCommand(life.state, command, granting, at).effects.flatMap((effect) =>
      effect.type === 'move_end' ? [effect.days] : [],
    );
  };

  it('count by what the guard holds: the money of days that were granted before, and not the plan of a longer period', () => {
    const { period } = planOf(begin(300_000).pay().state);
    const endsAt = period?.endsAt ?? Infinity;
    const granted = (days: number, grantedPrice: number) =>
      stretch({ price: 600_000, layer: 0, startsAt: endsAt - days * day, endsAt, grantedPrice });

    // 10 of 40 days that 400,000 has bought: 100,000, which is 5 days and a part at 600,000 a month of 31 days.
    expect(daysFrom(600_000, endsAt - 10 * day, [granted(40, 400_000)])).toEqual([6]);
    // 15 of 31 days of 600,000 were 290,322.58; that they were rounded up buys no day more.
    expect(daysFrom(100_000, endsAt - 10 * day, [granted(30, 290_323)])).toEqual([30]);
  });

  it('are none where nothing is billed, as of an invoice that was taken back', () => {
    expect(daysFrom(600_000, now + 10 * day, [])).toEqual([0]);
  });
});

/** A range of the guard with the line that bills it. */
function stretch({
  price,
  layer,
  startsAt,
  endsAt,
  grantedPrice,
}: {
  price: number;
  layer: number;
  startsAt: number;
  endsAt: number;
  grantedPrice?: number;
}): BilledStretch {
  const range = { startsAt, endsAt };
  const basisOf = (ofPrice: number) =>
    makeBasis(
      { unitPrice: ofPrice, quantity: 1, service: range, denominator: range },
      defaultSettings,
      'Asia/Ho_Chi_Minh',
    );

  return {
    layer,
    price,
    range,
    basis: basisOf(price),
    granted: grantedPrice === undefined ? null : basisOf(grantedPrice),
    billed: {
      lineId: '1',
      amount: BigInt(price),
      discount: 0n,
      tax: 0n,
      taxRatePpm: 0,
      discountTiming: 'after_tax',
      credited: { amount: 0n, discount: 0n, tax: 0n },
    },
  };
}
