import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { type PlanChanges, updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import type { Priced } from '../../../domain/catalogue/price-versions/price-version-row';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world.test.drop());

const day = (date: number) => new Date(Date.UTC(2026, 0, date));
const pricesOf = (of: Priced, companyId?: number) =>
  world.run((tx) => listPriceVersions(tx, { of, limit: 50 }), companyId);
const createPlanAt = (name: string) =>
  world.run((tx) =>
    createPlan(tx, { plan: { name, price: 100, currency: 'USD', billingCycle: 'monthly' }, userId: 7, now: day(1) }),
  );
const update = (id: number, changes: PlanChanges, date: number) =>
  world.run((tx) => updatePlan(tx, { id, changes, userId: 8, now: day(date) }));

describe('prices of a plan', () => {
  it('are kept, each with when it held and who set it', async () => {
    const { id } = await createPlanAt('Gói có lịch sử');
    await update(id, { price: 150 }, 5);
    await update(id, { billingCycle: 'yearly' }, 9);

    expect(await pricesOf({ planId: id })).toMatchObject([
      { version: 3, price: 150, billingCycle: 'yearly', validFrom: day(9), validTo: null, userId: 8 },
      { version: 2, price: 150, billingCycle: 'monthly', validFrom: day(5), validTo: day(9), userId: 8 },
      { version: 1, price: 100, billingCycle: 'monthly', validFrom: day(1), validTo: day(5), userId: 7 },
    ]);
    const [current] = await world.run((tx) => listPriceVersions(tx, { of: { planId: id }, limit: 1 }));
    expect(current).toMatchObject({ version: 3 });
  });

  it('are kept with the phases that a new subscription began with, in each currency', async () => {
    const { id } = await createPlanAt('Gói có giai đoạn');
    const ramp = [{ price: 50, periods: 3 }];
    await update(id, { phases: ramp }, 2);
    await update(
      id,
      { prices: [{ currency: 'VND', price: 9_000, taxBehavior: null, phases: [{ price: 1_000, periods: 1 }] }] },
      3,
    );
    await update(id, { phases: [{ price: 60, periods: 3 }] }, 4);
    await update(id, { phases: [{ price: 60, periods: 3 }] }, 5);
    await update(id, { prices: [{ currency: 'VND', price: 9_000, taxBehavior: null, phases: [] }] }, 6);

    expect(await pricesOf({ planId: id })).toMatchObject([
      { version: 5, currency: 'VND', price: 9_000, phases: [], validTo: null },
      {
        version: 4,
        currency: 'USD',
        price: 100,
        phases: [{ price: 60, periods: 3 }],
        validFrom: day(4),
        validTo: null,
      },
      { version: 3, currency: 'VND', price: 9_000, phases: [{ price: 1_000, periods: 1 }], validTo: day(6) },
      { version: 2, currency: 'USD', price: 100, phases: ramp, validFrom: day(2), validTo: day(4) },
      { version: 1, currency: 'USD', price: 100, phases: [], validTo: day(2) },
    ]);
  });

  it('are not made by a change of something else, or of nothing', async () => {
    const { id } = await createPlanAt('Gói đổi tên');
    await update(id, { name: 'Gói tên khác', price: 100 }, 3);
    await update(id, { status: 'archived' }, 4);

    expect(await pricesOf({ planId: id })).toHaveLength(1);
  });

  it('go back to a price of before as a version of its own', async () => {
    const { id } = await createPlanAt('Gói trở lại');
    await update(id, { price: 120 }, 2);
    await update(id, { price: 100 }, 3);

    expect((await pricesOf({ planId: id })).map(({ version, price }) => [version, price])).toEqual([
      [3, 100],
      [2, 120],
      [1, 100],
    ]);
  });

  it('are counted one after the other when several change it at once', async () => {
    const { id } = await createPlanAt('Gói tranh nhau');
    await Promise.all([110, 120, 130, 140].map((price) => update(id, { price }, 2)));
    const versions = await pricesOf({ planId: id });

    expect(versions.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    expect(versions.every(({ validFrom, validTo }) => validTo === null || validTo >= validFrom)).toBe(true);
  });

  it('are seen by their company alone', async () => {
    const { id } = await createPlanAt('Gói riêng');

    expect(await pricesOf({ planId: id }, world.other.id)).toEqual([]);
  });
});

test('prices of an add-on are kept as well', async () => {
  const { id } = await world.run((tx) =>
    createAddon(tx, { addon: { key: 'kho', name: 'Kho', price: 50, billingPeriod: 'monthly' }, now: day(1) }),
  );
  await world.run((tx) => updateAddon(tx, { id, changes: { price: 60 }, userId: 8, now: day(2) }));
  await world.run((tx) => updateAddon(tx, { id, changes: { isActive: false }, now: day(3) }));

  expect(await pricesOf({ addonId: id })).toMatchObject([
    { version: 2, price: 60, billingCycle: 'monthly', planId: null, userId: 8 },
    { version: 1, price: 50, phases: null, validTo: day(2), userId: null },
  ]);
});
