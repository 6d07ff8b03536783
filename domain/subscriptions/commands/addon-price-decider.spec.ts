import fc from 'fast-check';

import { begin, day, key, plan, settled, start, storage } from '../../../test/paper/addon-life';
import type { SubscriptionCommand } from '../lifecycle/decision-types';
import { planOf } from '../lifecycle/item-rules';
import type { PeriodicAddonTerms } from '../lifecycle/subscription-types';

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

const changed = (
  amount: number,
  fields: Partial<Extract<SubscriptionCommand, { type: 'change_price' }>> = {},
  billingCycle: PeriodicAddonTerms['billingCycle'] = 'monthly',
): Extract<SubscriptionCommand, { type: 'change_price' }> => ({
  type: 'change_price',
  priceId: 2,
  to: { item: key, terms: { ...storage, amount, billingCycle } },
  currency: 'VND',
  immediate: false,
  noticeDays: 0,
  billed: null,
  ...fields,
});

const planPrice = (amount: number, fields = {}) =>
  changed(amount, { to: { item: 'plan', terms: { ...plan, amount } }, ...fields });

it('no service of an add-on costs another price before the notice is over, and all that begins after it does', () => {
  fc.assert(
    fc.property(
      fc.record({
        asked: fc.integer({ min: 11, max: 80 }),
        noticeDays: fc.integer({ min: 1, max: 120 }),
        amount: fc.constantFrom(0, 20, 80),
        immediate: fc.boolean(),
        addonAlignTo: fc.constantFrom('own' as const, 'subscription' as const),
        quantity: fc.constantFrom(1, 3),
      }),
      ({ asked, noticeDays, amount, immediate, addonAlignTo, quantity }) => {
        const life = begin({ policy: { ...settled, addonAlignTo }, quantity });
        life.live(asked);
        const before = life.effects.length;
        life.ask(changed(amount, { immediate, noticeDays }), asked);
        const notBefore = start + (asked + noticeDays) * day;
        life.live(asked + noticeDays + 70);
        const issued = life.effects.slice(before).flatMap((effect) => (effect.type === 'issue' ? effect.lines : []));

        expect(life.addon).toMatchObject({ quantity, terms: { amount } });
        expect(life.state.waitingChanges).toEqual([]);
        expect(life.addon?.period === null).toBe(amount === 0);
        expect(life.told('addon.price.changed')).toHaveLength(1);

        for (const { item, unitPrice, service } of issued) {
          const price = item === 'plan' ? 100 : service.startsAt < notBefore ? 50 : amount;
          expect({ item, unitPrice }).toEqual({ item, unitPrice: price });
        }
      },
    ),
  );
});

it('prices of the plan and of an add-on wait side by side, each for the renewal of its own', () => {
  const life = begin();
  life.ask(planPrice(120), 11);
  life.ask(changed(80), 11);
  expect(life.state.waitingChanges.map(({ kind, id }) => [kind, id])).toEqual([
    ['price', 1],
    ['price', 2],
  ]);
  expect(() => life.ask(changed(80), 12)).toThrow(expect.objectContaining({ code: 'no_change' }));
  life.live(32);
  expect([planOf(life.state).terms.amount, life.addon?.terms.amount]).toEqual([120, 50]);
  life.live(42);
  expect([planOf(life.state).terms.amount, life.addon?.terms.amount]).toEqual([120, 80]);

  // The price it has takes back the one that waits, and no other.
  life.ask(planPrice(130), 43);
  life.ask(changed(90), 43);
  life.ask(changed(80), 44);
  expect(life.state.waitingChanges).toMatchObject([{ item: 'plan' }]);
});

it('what is invoiced ahead keeps its price, and what is aligned with the plan is billed with it', () => {
  const life = begin({ policy: { ...settled, addonAlignTo: 'subscription' } });
  life.live(29);
  life.ask(changed(80), 29);
  life.live(64);

  expect(life.lines.map(({ unitPrice }) => unitPrice)).toEqual([50, 50, 80]);
  expect(life.effects.filter(({ type }) => type === 'issue')).toHaveLength(4);
});

it('it is billed as the company has it, or as it is asked for, as another price of a plan is', () => {
  const invoiced = ['credit', 'billed 150'];
  const asTheCompany = {
    prorate: invoiced,
    charge_difference: ['billed 100'],
    grant_days: ['move_end'],
    none: [],
  } as const;

  fc.assert(
    fc.property(
      fc.constantFrom('prorate', 'charge_difference', 'grant_days', 'none'),
      fc.constantFrom(undefined, 'always_invoice' as const, 'next_invoice' as const, 'none' as const),
      fc.integer({ min: 0, max: 15 }),
      (billing, prorationBehavior, noticeDays) => {
        const life = begin({ policy: { ...settled, change: { ...settled.change, billing } } });
        const before = life.effects.length;
        life.ask(changed(150, { immediate: true, noticeDays, prorationBehavior }), 20);
        life.live(20 + noticeDays);
        const made = life.effects.slice(before).flatMap((effect) => {
          switch (effect.type) {
            case 'issue':
              return effect.purpose === 'renewal'
                ? []
                : effect.lines.filter(({ item }) => item === key).map(({ unitPrice }) => `billed ${unitPrice}`);
            case 'credit':
            case 'move_end':
              return [effect.type];
            default:
              return [];
          }
        });
        const atOnce = billing === 'charge_difference' ? asTheCompany.charge_difference : invoiced;
        const expected = {
          undefined: asTheCompany[billing],
          always_invoice: atOnce,
          next_invoice: [],
          none: [],
        }[prorationBehavior ?? 'undefined'];

        // The renewal of the plan, three days ahead, carries what waits for it.
        if (prorationBehavior !== 'next_invoice' || noticeDays < 8) {
          expect(made).toEqual(expected);
          expect(life.state.pendingItems.length > 0).toBe(prorationBehavior === 'next_invoice');
        }
        expect(life.addon?.terms.amount).toBe(150);
      },
    ),
  );
});

it('one that cost nothing begins its periods when it is to cost something, and ends them when it is to cost nothing', () => {
  const life = begin({ terms: { ...storage, amount: 0 } });
  expect(() => life.ask(changed(80), 15)).toThrow(expect.objectContaining({ code: 'subscription_state' }));
  life.ask(changed(80, { immediate: true }), 15);
  life.live(50);
  expect(life.lines.map(({ unitPrice }) => unitPrice)).toEqual([80, 80]);
  expect(life.lines[0]?.service.startsAt).toBe(start + 15 * day);

  life.ask({ type: 'change_addon', addonId: 5, quantity: 2, immediate: false, billed: null }, 51);
  expect(() => life.ask(changed(0, { immediate: true, prorationBehavior: 'none' }), 52)).toThrow(
    expect.objectContaining({ code: 'proration_unavailable' }),
  );
  life.ask(changed(0, { immediate: true }), 52);
  expect(life.effects.at(-1)).toMatchObject({ type: 'credit', item: key, from: start + 52 * day });
  expect(life.addon).toMatchObject({ quantity: 2, period: null, schedule: null });
  expect(life.state.waitingChanges).toEqual([]);
});

it('a free tier that is cancelled ends when its last add-on would have, also when that costs nothing before', () => {
  const life = begin({ planTerms: { ...plan, amount: 0 } });
  life.ask({ type: 'cancel', reason: null, atPeriodEnd: true }, 12);
  const end = life.addon?.period?.endsAt ?? 0;
  life.ask(changed(0, { immediate: true }), 13);
  expect(life.state.status).toBe('active');
  life.live(60);
  expect(life.state).toMatchObject({ status: 'expired', endedAt: end });
});

it('periods of another length begin with it, as the company has those of add-ons begin', () => {
  const bill = (addonAlignTo: 'own' | 'subscription', immediate: boolean) => {
    const life = begin({ policy: { ...settled, addonAlignTo } });
    const before = life.lines.length;
    life.ask(changed(500, { immediate }, 'yearly'), 20);
    life.live(60);
    const billed = life.lines.slice(before);
    expect(life.addon?.period).toEqual(billed.at(-1)?.service);

    return billed.map(
      ({ unitPrice, service: { startsAt, endsAt } }) => `${unitPrice}: ${dateOf(startsAt)} – ${dateOf(endsAt)}`,
    );
  };

  expect(bill('own', false)).toEqual(['500: 2026-04-11 – 2027-04-11']);
  expect(bill('own', true)).toEqual(['500: 2026-03-21 – 2027-03-21']);
  // Whole from the day on which those of the plan begin, else a stub up to that day a year later, as those that are bought.
  expect(bill('subscription', false)).toEqual(['500: 2026-04-01 – 2027-04-01']);
  expect(bill('subscription', true)).toEqual(['500: 2026-03-21 – 2027-03-01']);
});

it('what is to be removed gets no other price at its end; one that was announced waits for whoever keeps it', () => {
  const life = begin();
  life.ask(changed(80, { noticeDays: 45 }), 11);
  life.ask({ type: 'remove_addon', addonId: 5, atPeriodEnd: true }, 12);
  expect(() => life.ask(changed(90), 13)).toThrow(expect.objectContaining({ code: 'subscription_state' }));
  expect(() => life.ask(changed(0, { immediate: true }), 13)).toThrow(
    expect.objectContaining({ code: 'subscription_state' }),
  );
  life.ask({ type: 'add_addons', addons: [{ key: 'addon/8', terms: storage, quantity: 1 }] }, 14);
  expect(life.state.waitingChanges).toMatchObject([{ kind: 'price', item: key }]);
  life.live(80);
  expect(life.lines.map(({ unitPrice }) => unitPrice)).toEqual([50, 50, 80]);

  life.ask(changed(90), 81);
  life.ask({ type: 'remove_addon', addonId: 5, atPeriodEnd: true }, 81);
  life.live(110);
  expect(life.addon).toBeUndefined();
  expect(life.state.waitingChanges).toEqual([]);
});

it('one that is tried with its plan has the price from the end of the trial on, unless the notice goes on', () => {
  const bill = (fields: Parameters<typeof changed>[1]) => {
    const life = begin({ bought: null, trialDays: 14 });
    life.ask(changed(80, fields), 2);
    life.live(50);

    return life.lines.map(({ unitPrice }) => unitPrice);
  };

  expect(bill({ immediate: true })).toEqual([80, 80]);
  expect(bill({})).toEqual([80, 80]);
  expect(bill({ noticeDays: 5, immediate: true })).toEqual([80, 80]);
  expect(bill({ noticeDays: 20 })).toEqual([50, 80]);
});

describe('in a pause that its period ends in', () => {
  const pauseAndResume = (command: SubscriptionCommand, pauseCredit: 'none' | 'prorate', resumed: number) => {
    const life = begin({ policy: { ...settled, pauseCredit } });
    life.ask(command, 11);
    life.ask({ type: 'pause', reason: null, atPeriodEnd: false }, 20);
    life.live(resumed);
    const before = life.lines.length;
    life.ask({ type: 'resume' }, resumed);

    return { life, lines: life.lines.slice(before) };
  };

  it.each(['none', 'prorate'] as const)('its new price holds when service goes on (%s)', (credit) => {
    const { life, lines } = pauseAndResume(changed(80), credit, 55);

    expect(lines.map(({ unitPrice }) => unitPrice)).toEqual([80]);
    expect(life.addon?.terms.amount).toBe(80);
    expect(life.state.waitingChanges).toEqual([]);
    expect(life.told('addon.price.changed')).toHaveLength(1);
  });

  it.each(['none', 'prorate'] as const)('before that end it waits on (%s)', (credit) => {
    const { life, lines } = pauseAndResume(changed(80), credit, 33);
    expect(lines.map(({ unitPrice }) => unitPrice)).toEqual(credit === 'none' ? [] : [50]);
    life.live(50);

    expect(life.lines.at(-1)?.unitPrice).toBe(80);
  });

  it.each(['none', 'prorate'] as const)('what was to be removed then is over, and billed no more (%s)', (credit) => {
    const remove = { type: 'remove_addon', addonId: 5, atPeriodEnd: true } as const;
    const { life, lines } = pauseAndResume(remove, credit, 55);

    expect(lines).toEqual([]);
    expect(life.addon).toBeUndefined();
    expect(life.told('addon.removed')).toMatchObject([{ payload: { endedAt: '2026-04-11T03:00:00.000Z' } }]);
    expect(life.state.waitingChanges).toEqual([]);
  });

  it('another quantity that waited for it holds as well', () => {
    const more = { type: 'change_addon', addonId: 5, quantity: 3, immediate: false, billed: null } as const;

    expect(pauseAndResume(more, 'none', 55).lines).toMatchObject([{ quantity: 3 }]);
  });
});

it('an add-on that is bought once keeps its price, and one that is not paid for is not changed at once', () => {
  const once = begin({ terms: { ...storage, billingCycle: null } });
  expect(() => once.ask(changed(80), 12)).toThrow(expect.objectContaining({ code: 'subscription_state' }));

  const life = begin();
  life.ask({ type: 'add_addons', addons: [{ key: 'addon/8', terms: { ...storage, addonId: 6 }, quantity: 1 }] }, 12);
  const to = { item: 'addon/8', terms: { ...storage, addonId: 6, amount: 80 } } as const;
  expect(() => life.ask(changed(80, { to, immediate: true }), 12)).toThrow(
    expect.objectContaining({ code: 'subscription_state' }),
  );
});
