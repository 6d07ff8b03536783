import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { listAddons } from '../../../domain/catalogue/addons/list-addons';
import { type AddonChanges, updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import { listPlans } from '../../../domain/catalogue/plans/list-plans';
import { type PlanChanges, updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { findCurrentPrice, listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import type { Priced } from '../../../domain/catalogue/price-versions/price-version-row';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;
let names = 0;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world.test.drop());

const day = (date: number) => new Date(Date.UTC(2026, 0, date));
const usd = (price: number) => ({ currency: 'USD', price, phases: [] });
const addPlan = (fields: Partial<NewPlan> = {}) =>
  world.run((tx) => {
    const plan = { name: `Gói ngoại tệ ${(names += 1)}`, price: 99_000, billingCycle: 'monthly' as const, ...fields };

    return createPlan(tx, { plan, now: day(1) });
  });
const addAddon = (prices: { currency: string; price: number }[]) =>
  world.run((tx) => {
    const addon = { key: `kho-${(names += 1)}`, name: 'Kho', price: 50_000, billingPeriod: 'monthly' as const, prices };

    return createAddon(tx, { addon, now: day(1) });
  });
const changePlan = (id: number, changes: PlanChanges, date = 2) =>
  world.run((tx) => updatePlan(tx, { id, changes, now: day(date) }));
const changeAddon = (id: number, changes: AddonChanges, date = 2) =>
  world.run((tx) => updateAddon(tx, { id, changes, now: day(date) }));
const versionsOf = async (of: Priced) => {
  const rows = await world.run((tx) => listPriceVersions(tx, { of, limit: 50 }));

  return rows.map(({ version, price, currency, validTo }) => {
    return [version, currency, price, validTo === null ? 'now' : validTo.getUTCDate()].join(' ');
  });
};
const currentOf = async (of: Priced, currency?: string) =>
  (await world.run((tx) => findCurrentPrice(tx, of, currency)))?.price ?? null;

describe('a plan', () => {
  it('holds prices in other currencies, with phases of their own, and tells of them', async () => {
    const phases = [{ price: 199, periods: 3 }];
    const plan = await addPlan({
      prices: [
        { ...usd(499), phases },
        { currency: 'EUR', price: 459, taxBehavior: 'inclusive', phases: [] },
      ],
    });

    expect(plan).toMatchObject({ price: 99_000, currency: 'VND', phases: [] });
    expect(plan.prices).toEqual([
      { currency: 'EUR', price: 459, taxBehavior: 'inclusive', phases: [] },
      { currency: 'USD', price: 499, taxBehavior: null, phases },
    ]);
    expect(await world.eventsOf(`plan/${plan.id}`)).toEqual([
      { type: 'plan.created', payload: expect.objectContaining({ prices: plan.prices }) },
    ]);
  });

  it('has all of them replaced, and nothing told where nothing changes, in whatever order they are sent', async () => {
    const { id } = await addPlan({ prices: [usd(1), { currency: 'EUR', price: 2, phases: [] }] });
    await changePlan(id, { prices: [{ currency: 'EUR', price: 2, phases: [] }, usd(1)] });
    expect(await world.eventsOf(`plan/${id}`)).toHaveLength(1);

    expect((await changePlan(id, { prices: [usd(3)] })).prices).toEqual([{ ...usd(3), taxBehavior: null }]);
    expect((await changePlan(id, { prices: [] })).prices).toEqual([]);
    expect((await world.eventsOf(`plan/${id}`)).map(({ type, payload }) => [type, payload['changed']])).toEqual([
      ['plan.created', undefined],
      ['plan.updated', ['prices']],
      ['plan.updated', ['prices']],
    ]);
  });

  it('refuses its own currency, one named twice, and phases of what is free, and writes nothing then', async () => {
    const { id } = await addPlan({ prices: [usd(499)] });
    const phases = [{ price: 1, periods: 1 }];
    const refusals: [PlanChanges, string][] = [
      [{ prices: [{ currency: 'VND', price: 1, phases: [] }] }, '/prices/0/currency'],
      [{ prices: [usd(1), usd(2)] }, '/prices/1/currency'],
      [
        {
          prices: [
            { currency: 'EUR', price: 1, phases },
            { ...usd(0), phases },
          ],
        },
        '/prices/1/phases',
      ],
      [{ price: 499, currency: 'USD' }, '/prices/0/currency'],
    ];

    for (const [changes, field] of refusals) {
      await expect(changePlan(id, changes)).rejects.toMatchObject({ code: 'validation_failed', field });
    }
    await expect(addPlan({ prices: [{ currency: 'VND', price: 1, phases: [] }] })).rejects.toMatchObject({
      field: '/prices/0/currency',
    });
    expect(await versionsOf({ planId: id })).toEqual(['2 USD 499 now', '1 VND 99000 now']);
  });

  it('is listed by each currency that it has a price in', async () => {
    const both = await addPlan({ prices: [{ currency: 'SGD', price: 7, phases: [] }] });
    const own = await addPlan({ price: 5, currency: 'SGD' });
    const listed = await world.run((tx) =>
      listPlans(tx, { filter: { statuses: ['active'], currency: 'SGD' }, after: 0, limit: 50 }),
    );

    expect(listed.map(({ id }) => id)).toEqual([both.id, own.id]);
  });
});

describe('prices of a plan by currency', () => {
  it('are kept each with when it held; another price of one currency leaves the others', async () => {
    const { id } = await addPlan({ prices: [usd(499)] });
    await changePlan(id, { prices: [usd(599)] }, 3);
    await changePlan(id, { price: 120_000 }, 5);

    expect(await versionsOf({ planId: id })).toEqual([
      '4 VND 120000 now',
      '3 USD 599 now',
      '2 USD 499 3',
      '1 VND 99000 5',
    ]);
    expect(await currentOf({ planId: id })).toBe(120_000);
    expect(await currentOf({ planId: id }, 'USD')).toBe(599);
    expect(await currentOf({ planId: id }, 'EUR')).toBeNull();
  });

  it('end where they are taken away, and are there again where they come back', async () => {
    const { id } = await addPlan({ prices: [usd(499)] });
    await changePlan(id, { prices: [] }, 3);
    expect(await versionsOf({ planId: id })).toEqual(['2 USD 499 3', '1 VND 99000 now']);
    expect(await currentOf({ planId: id }, 'USD')).toBeNull();
    await changePlan(id, { prices: [usd(499)] }, 7);

    expect(await versionsOf({ planId: id })).toEqual(['3 USD 499 now', '2 USD 499 3', '1 VND 99000 now']);
    expect(await currentOf({ planId: id }, 'USD')).toBe(499);
  });

  it('are all new with another cycle, and follow the plan where they say nothing of the tax', async () => {
    const { id } = await addPlan({
      prices: [usd(499), { currency: 'EUR', price: 9, taxBehavior: 'exclusive', phases: [] }],
    });
    await changePlan(id, { taxBehavior: 'inclusive' }, 3);
    expect(await versionsOf({ planId: id })).toEqual([
      '5 USD 499 now',
      '4 VND 99000 now',
      '3 USD 499 3',
      '2 EUR 9 now',
      '1 VND 99000 3',
    ]);
    await changePlan(id, { billingCycle: 'yearly' }, 4);
    expect((await versionsOf({ planId: id })).slice(0, 3)).toEqual(['8 USD 499 now', '7 EUR 9 now', '6 VND 99000 now']);
  });

  it('end with their currency where the plan takes another as its own', async () => {
    const { id } = await addPlan();
    await changePlan(id, { currency: 'USD', price: 499 }, 3);

    expect(await versionsOf({ planId: id })).toEqual(['2 USD 499 now', '1 VND 99000 3']);
    await changePlan(id, { currency: 'EUR', price: 459, prices: [usd(499)] }, 5);
    expect(await versionsOf({ planId: id })).toEqual(['3 EUR 459 now', '2 USD 499 now', '1 VND 99000 3']);
  });

  it('agree with what it holds when several change it at once', async () => {
    const { id } = await addPlan();
    const lists = Array.from({ length: 8 }, (_, nth) => (nth % 2 === 0 ? [usd(100 + nth)] : []));
    await Promise.all(lists.map((prices) => changePlan(id, { prices })));
    const { prices } = await changePlan(id, { name: `Gói ngoại tệ ${(names += 1)}` });

    expect(await currentOf({ planId: id }, 'USD')).toBe(prices[0]?.price ?? null);
  });
});

describe('an add-on', () => {
  it('holds prices in other currencies as a plan does, and keeps their versions', async () => {
    const addon = await addAddon([{ currency: 'USD', price: 299 }]);
    expect(addon.prices).toEqual([{ currency: 'USD', price: 299, setupFee: 0, taxBehavior: null }]);
    await changeAddon(addon.id, { prices: [{ currency: 'USD', price: 399 }] }, 3);
    await changeAddon(addon.id, { prices: [] }, 4);

    expect(await versionsOf({ addonId: addon.id })).toEqual(['3 USD 399 4', '2 USD 299 3', '1 VND 50000 now']);
    expect((await world.eventsOf(`addon/${addon.id}`)).map(({ payload }) => payload['prices'])).toEqual([
      [{ currency: 'USD', price: 299, setupFee: 0, taxBehavior: null }],
      [{ currency: 'USD', price: 399, setupFee: 0, taxBehavior: null }],
      [],
    ]);
  });

  it('refuses its own currency, and is listed by each that it has', async () => {
    const { id } = await addAddon([{ currency: 'SGD', price: 7 }]);
    await expect(changeAddon(id, { prices: [{ currency: 'VND', price: 1 }] })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/prices/0/currency',
    });
    await expect(addAddon([{ currency: 'VND', price: 1 }])).rejects.toMatchObject({ field: '/prices/0/currency' });
    const listed = await world.run((tx) =>
      listAddons(tx, { filter: { statuses: ['active'], currency: 'SGD' }, after: 0, limit: 50 }),
    );

    expect(listed.map((one) => one.id)).toEqual([id]);
  });
});

test('prices of another company are not seen', async () => {
  const { id } = await addPlan({ prices: [usd(499)] });
  const seen = await world.run((tx) => tx.orm.planPrice.findMany({ where: { planId: id } }), world.other.id);

  expect(seen).toEqual([]);
});
