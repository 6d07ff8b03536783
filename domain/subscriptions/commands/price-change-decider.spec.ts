import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import type { Decision, EffectOf, SubscriptionEffect } from '../lifecycle/decision-types';
import { decideDue } from '../lifecycle/due-decider';
import { planOf } from '../lifecycle/item-rules';
import { decideStart } from '../lifecycle/start-decider';
import { nextDeadline } from '../lifecycle/subscription-deadline-rules';
import { withInvoice } from '../lifecycle/subscription-invoice-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { AgreedTerms, Subscription } from '../lifecycle/subscription-types';
import { unbegunSubscription } from '../row/subscription-row';
import { decideCommand } from './command-decider';

const start = Date.parse('2026-03-01T03:00:00Z');
const day = 86_400_000;
const policy = subscriptionPolicy(defaultSettings);
const terms: AgreedTerms = { planId: 1, planName: 'Pro', amount: 100, billingCycle: 'monthly' };

/** A subscription whose invoices are all paid at once, without a database. */
class PaidLife {
  readonly effects: SubscriptionEffect[] = [];
  private invoices = 0;

  constructor(public state: Subscription) {}

  follow({ state, effects }: Decision): void {
    this.effects.push(...effects);
    this.state = effects.reduce((seen, effect) => {
      if (effect.type !== 'issue') {
        return seen;
      }
      this.invoices += 1;
      const invoice = { invoiceId: this.invoices, startsAt: null, dueAt: effect.dueAt, isUnpaid: false };

      return effect.as.role === 'ahead' ? withInvoice(seen, invoice, effect.as) : seen;
    }, state);
  }

  pass(until: number): void {
    for (let next = nextDeadline(this.state); next !== null && next.at <= until; next = nextDeadline(this.state)) {
      this.follow(decideDue(this.state, policy, next.at) as Decision);
    }
  }

  get issued(): EffectOf<'issue'>[] {
    return this.effects.filter((effect) => effect.type === 'issue');
  }
}

function begin(): PaidLife {
  const agreed = { currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', quantity: 1, anchorDay: null, endsAt: null };
  const unbegun = unbegunSubscription(terms, {
    ...agreed,
    billingTiming: 'in_advance',
    renewalLeadDays: 3,
  });
  const life = new PaidLife(unbegun);
  life.follow(decideStart(unbegun, { trialDays: 0 }, policy, start));
  life.state = { ...life.state, activatedAt: start };

  return life;
}

const changed = (amount: number, immediate: boolean, noticeDays: number) =>
  ({ type: 'change_price', priceId: 2, terms: { ...terms, amount, currency: 'VND' }, immediate, noticeDays }) as const;

it('no service costs another price before the notice is over, and all that begins after it does', () => {
  fc.assert(
    fc.property(
      fc.record({
        asked: fc.integer({ min: 1, max: 80 }),
        noticeDays: fc.integer({ min: 1, max: 120 }),
        amount: fc.constantFrom(0, 50, 150),
        immediate: fc.boolean(),
      }),
      ({ asked, noticeDays, amount, immediate }) => {
        const life = begin();
        const at = start + asked * day;
        life.pass(at);
        const before = life.issued.length;
        life.follow(decideCommand(life.state, changed(amount, immediate, noticeDays), policy, at));
        const notBefore = at + noticeDays * day;
        life.pass(notBefore + 70 * day);
        const lines = life.issued.slice(before).flatMap((effect) => effect.lines);

        expect(planOf(life.state).terms.amount).toBe(amount);
        expect(life.state.waitingChanges).toEqual([]);

        for (const { unitPrice, service } of lines) {
          expect(unitPrice).toBe(service.startsAt < notBefore ? 100 : amount);
        }
      },
    ),
  );
});

it('what waits already is not announced again, and the price it has takes it back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.boolean(), (noticeDays, immediate) => {
      const life = begin();
      const ask = (amount: number) =>
        life.follow(decideCommand(life.state, changed(amount, immediate, noticeDays + 1), policy, start + day));
      ask(150);

      expect(() => ask(150)).toThrow(expect.objectContaining({ code: 'no_change' }));
      expect(life.state.waitingChanges).toHaveLength(1);
      ask(100);
      expect(life.state.waitingChanges).toEqual([]);
      expect(() => ask(100)).toThrow(expect.objectContaining({ code: 'no_change' }));
    }),
  );
});
