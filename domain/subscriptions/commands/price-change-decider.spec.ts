import fc from 'fast-check';

import { PaidLife } from '../../../test/paper/paid-life';
import { defaultSettings } from '../../companies/setting-catalogue';
import { planOf } from '../lifecycle/item-rules';
import { decideStart } from '../lifecycle/start-decider';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { AgreedTerms } from '../lifecycle/subscription-types';
import { unbegunSubscription } from '../row/subscription-row';
import { decideCommand } from './command-decider';

const start = Date.parse('2026-03-01T03:00:00Z');
const day = 86_400_000;
const policy = subscriptionPolicy(defaultSettings);
const terms: AgreedTerms = { planId: 1, planName: 'Pro', amount: 100, billingCycle: 'monthly' };

function begin(): PaidLife {
  const agreed = { currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', quantity: 1, anchorDay: null, endsAt: null };
  const unbegun = unbegunSubscription(terms, {
    ...agreed,
    billingTiming: 'in_advance',
    renewalLeadDays: 3,
  });
  const life = new PaidLife(unbegun, policy);
  life.follow(decideStart(unbegun, { trialDays: 0 }, policy, start));
  life.state = { ...life.state, activatedAt: start };

  return life;
}

const changed = (amount: number, immediate: boolean, noticeDays: number) => ({
  type: 'change_price' as const,
  priceId: 2,
  to: { item: 'plan' as const, terms: { ...terms, amount } },
  currency: 'VND',
  immediate,
  noticeDays,
  billed: null,
});

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
    // Its notice is over at the very end of a period whose next one is invoiced and paid for.
    {
      examples: [0, 50, 150].flatMap((amount) => [
        [{ asked: 60, noticeDays: 1, amount, immediate: true }],
        [{ asked: 60, noticeDays: 1, amount, immediate: false }],
      ]),
    },
  );
});

it.each([0, 50, 150])(
  'a period invoiced ahead is had at that price, and given back when the notice ends at its first instant (%d)',
  (amount) => {
    const life = begin();
    const boundary = start + 61 * day;
    life.pass(start + 60 * day);
    life.follow(decideCommand(life.state, changed(amount, true, 1), policy, start + 60 * day));
    const before = life.effects.length;
    life.pass(boundary);
    const credited = life.effects.slice(before).filter(({ type }) => type === 'credit');
    const billed = life.effects.slice(before).flatMap((effect) => (effect.type === 'issue' ? effect.lines : []));

    expect(credited).toEqual([expect.objectContaining({ item: 'plan', from: boundary })]);
    expect(billed.map(({ unitPrice }) => unitPrice)).toEqual(amount === 0 ? [] : [amount]);
  },
);

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

it('a price that holds in the middle of a period is billed as the company has it, or as it is asked for', () => {
  const companies = ['prorate', 'charge_difference', 'grant_days', 'none'] as const;
  const at = start + 10 * day;

  fc.assert(
    fc.property(
      fc.constantFrom(...companies),
      fc.constantFrom(undefined, 'always_invoice' as const, 'next_invoice' as const, 'none' as const),
      fc.integer({ min: 0, max: 15 }),
      (billing, prorationBehavior, noticeDays) => {
        const rules = { ...policy, change: { ...policy.change, billing } };
        const life = begin();
        const before = life.effects.length;
        life.follow(decideCommand(life.state, { ...changed(300, true, noticeDays), prorationBehavior }, rules, at));
        life.pass(at + noticeDays * day, rules);
        const made = life.effects.slice(before).flatMap((effect) => {
          switch (effect.type) {
            case 'issue':
              return effect.purpose === 'renewal'
                ? []
                : [`billed ${effect.lines.map(({ unitPrice }) => unitPrice).join()}`];
            case 'credit':
            case 'move_end':
              return [effect.type];
            default:
              return [];
          }
        });
        const invoiced = billing === 'charge_difference' ? ['billed 200'] : ['credit', 'billed 300'];
        const asTheCompany = { prorate: invoiced, charge_difference: invoiced, grant_days: ['move_end'], none: [] };
        const expected = {
          undefined: asTheCompany[billing],
          always_invoice: invoiced,
          next_invoice: [],
          none: [],
        }[prorationBehavior ?? 'undefined'];

        expect(made).toEqual(expected);
        expect(life.state.pendingItems.length > 0).toBe(prorationBehavior === 'next_invoice');
        expect(planOf(life.state).terms.amount).toBe(300);
      },
    ),
  );
});

it('what cannot be left out of bills is refused before it is announced, and nothing is prorated at a renewal', () => {
  const { state } = begin();
  const ask = (fields: object) => () =>
    decideCommand(state, { ...changed(150, true, 5), prorationBehavior: 'none', ...fields }, policy, start + day);
  const to = (fields: Partial<AgreedTerms>) => ({ to: { item: 'plan', terms: { ...terms, ...fields } } });

  expect(ask(to({ amount: 1_500, billingCycle: 'yearly' }))).toThrow(
    expect.objectContaining({ code: 'proration_unavailable' }),
  );
  expect(ask(to({ amount: 0 }))).toThrow(expect.objectContaining({ code: 'proration_unavailable' }));
  expect(ask({ immediate: false })).toThrow(
    expect.objectContaining({ code: 'validation_failed', field: '/prorationBehavior' }),
  );
});

it.each([
  ['scheduled', 'The subscription is scheduled. This can be changed once it has begun'],
  ['paused', 'The subscription is paused. Resume it first.'],
] as const)('of one that is %s is refused with what helps there', (status, detail) => {
  const state = { ...begin().state, status };

  expect(() => decideCommand(state, changed(150, true, 0), policy, start + day)).toThrow(
    expect.objectContaining({ code: 'subscription_state', message: expect.stringContaining(detail) }),
  );
});
