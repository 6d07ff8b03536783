import fc from 'fast-check';

import { type AddonLife, begin, day, key, plan, settled, start, storage } from '../../../test/paper/addon-life';
import type { SubscriptionCommand } from '../lifecycle/decision-types';

const fee = 30;
const charged = { ...storage, setupFee: fee };
const feesOf = (life: AddonLife) => life.issued.flatMap(({ lines }) => lines.filter(({ isSetup }) => isSetup === true));
const removal: SubscriptionCommand = { type: 'remove_addon', addonId: storage.addonId, atPeriodEnd: false };

it('a setup fee is billed once, whatever becomes of the add-on, and never by its quantity', () => {
  const commands: Record<string, SubscriptionCommand> = {
    more: { type: 'change_addon', addonId: storage.addonId, quantity: 7, immediate: true, billed: null },
    dearer: {
      type: 'change_price',
      priceId: 2,
      to: { item: key, terms: { ...charged, amount: 80 } },
      currency: 'VND',
      immediate: true,
      noticeDays: 0,
      billed: null,
    },
    pause: { type: 'pause', reason: null, atPeriodEnd: false },
    resume: { type: 'resume' },
    cheaper: { type: 'remove_addon', addonId: storage.addonId, atPeriodEnd: true },
    kept: { type: 'add_addons', addons: [{ key: 'addon/9', terms: charged, quantity: 1 }] },
  };

  fc.assert(
    fc.property(
      fc.record({
        bought: fc.constantFrom(null, 0, 10, 45),
        trialDays: fc.constantFrom(0, 14),
        price: fc.constantFrom(0, 50),
        planPrice: fc.constantFrom(0, 100),
        addonAlignTo: fc.constantFrom('own' as const, 'subscription' as const),
        quantity: fc.constantFrom(1, 3),
        steps: fc.array(fc.constantFrom(...Object.keys(commands)), { maxLength: 4 }),
      }),
      ({ bought, trialDays, price, planPrice, addonAlignTo, quantity, steps }) => {
        const life = begin({
          bought,
          terms: { ...charged, amount: price },
          planTerms: { ...plan, amount: planPrice },
          trialDays: planPrice === 0 ? 0 : trialDays,
          policy: { ...settled, addonAlignTo },
          quantity,
        });
        let at = (bought ?? 0) + 20;

        for (const step of steps) {
          life.live(at);

          if (step === 'dearer' && life.addon === undefined) {
            continue;
          }

          try {
            life.ask(commands[step] as SubscriptionCommand, at);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.any(String) });
          }
          at += 9;
        }
        life.live(at + 70);

        // Bought again after it has ended, it is another one.
        const [first, ...others] = feesOf(life);
        expect(first).toMatchObject({ quantity: 1, unitPrice: fee, layer: 0, item: key });
        expect(others.map(({ item }) => item)).toEqual(others.slice(0, 1).map(() => 'addon/9'));
      },
    ),
  );
});

it('is on the invoice of the first period, after its line, for the instant at which it begins', () => {
  const from = start + 10 * day;
  const [invoice] = begin({ terms: charged, quantity: 2 }).issued.slice(-1);

  expect(invoice).toMatchObject({
    lines: [
      { quantity: 2, unitPrice: 50, service: { startsAt: from } },
      { isSetup: true, quantity: 1, unitPrice: fee, service: { startsAt: from, endsAt: from + 1 } },
    ],
    nextBillingAt: expect.any(Number),
  });
});

it('waits with the price for the end of a trial, and of what is bought again it is another', () => {
  const life = begin({ bought: null, terms: charged, trialDays: 14 });
  life.live(13);
  expect(feesOf(life)).toEqual([]);
  life.live(15);
  expect(feesOf(life)).toHaveLength(1);
  life.ask(removal, 16);
  life.ask({ type: 'add_addons', addons: [{ key: 'addon/8', terms: charged, quantity: 1 }] }, 17);

  expect(feesOf(life).map(({ item }) => item)).toEqual([key, 'addon/8']);
});

it('is not given back with what is unused, and put off it is billed all the same', () => {
  const life = begin();
  const add: SubscriptionCommand = {
    type: 'add_addons',
    addons: [{ key: 'addon/8', terms: { ...charged, addonId: 6 }, quantity: 1 }],
    prorationBehavior: 'next_invoice',
  };
  life.ask(add, 12);
  life.ask({ ...removal, addonId: 6, creditUnused: 'prorate', prorationBehavior: 'always_invoice' }, 15);

  expect(life.state.pendingItems).toMatchObject([
    { line: { item: 'addon/8', service: { endsAt: start + 15 * day } } },
    { line: { item: 'addon/8', isSetup: true, unitPrice: fee } },
  ]);
});

it('is billed although service is paused in the moment in which it is put off', () => {
  const life = begin();
  const addons = [{ key: 'addon/8', terms: { ...charged, addonId: 6 }, quantity: 1 }] as const;
  life.ask({ type: 'add_addons', addons, prorationBehavior: 'next_invoice' }, 12);
  life.ask({ type: 'pause', reason: null, atPeriodEnd: false, creditUnused: 'prorate' }, 12);

  expect(life.state.pendingItems).toMatchObject([{ line: { item: 'addon/8', isSetup: true, unitPrice: fee } }]);
});

it('is asked for at once where the rest of a period is left out, and nothing counts before', () => {
  const life = begin({ bought: 3, policy: { ...settled, addonAlignTo: 'subscription' } });
  const add: SubscriptionCommand = {
    type: 'add_addons',
    addons: [{ key: 'addon/8', terms: { ...charged, addonId: 6 }, quantity: 1 }],
    prorationBehavior: 'none',
  };
  life.ask(add, 12);

  expect(life.issued.at(-1)).toMatchObject({ as: { role: 'addons', items: ['addon/8'] }, lines: [{ isSetup: true }] });
  expect(life.state.items.at(-1)).toMatchObject({ key: 'addon/8', status: 'pending' });
});
