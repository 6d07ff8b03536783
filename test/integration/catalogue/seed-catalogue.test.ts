import { demoAddons, demoFeatures, demoPlans, demoProducts } from '../../../cli/seed/demo-catalogue';
import { seedCatalogue } from '../../../cli/seed/seed-catalogue';
import { listAddons } from '../../../domain/catalogue/addons/list-addons';
import { listFeatures } from '../../../domain/catalogue/features/list-features';
import { listPlans } from '../../../domain/catalogue/plans/list-plans';
import { listProducts } from '../../../domain/catalogue/products/list-products';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { listInventory } from '../../../domain/inventory/list-inventory';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world.test.drop());

const seed = () => seedCatalogue(world.test.database, world.company.id, systemClock.now());
const filter = { statuses: ['active'] } as const;
const page = { after: 0, limit: 100 };
const read = () =>
  world.run(async (tx) => ({
    products: await listProducts(tx, { filter, sort: 'newest', after: null, limit: 100 }),
    plans: await listPlans(tx, { filter, ...page }),
    features: await listFeatures(tx, { filter, ...page }),
    addons: await listAddons(tx, { filter, ...page }),
    low: await listInventory(tx, { filter: { lowStock: true }, ...page }),
  }));

describe('catalogue of the demo', () => {
  it('is put in place once, also by two starts at once', async () => {
    await Promise.all([seed(), seed()]);
    await seed();
    const { products, plans, features, addons, low } = await read();

    expect(products.map((product) => product.sku).sort()).toEqual(demoProducts.map((product) => product.sku).sort());
    expect(products.find((product) => product.price === 50_000)).toMatchObject({ currency: 'VND', stock: 200 });
    expect(plans.map((plan) => [plan.price, plan.billingCycle, plan.trialDays])).toEqual([
      [99_000, 'monthly', 0],
      [299_000, 'monthly', 14],
      [2_990_000, 'yearly', 0],
      [0, 'monthly', 0],
    ]);
    expect(plans).toHaveLength(demoPlans.length);
    expect(features).toHaveLength(demoFeatures.length);
    expect(addons.map((addon) => [addon.key, addon.price, addon.billingPeriod])).toEqual(
      demoAddons.map((addon) => [addon.key, addon.price, addon.billingPeriod]),
    );
    expect(low.map((row) => row.sku)).toEqual(['DEN-LONG']);
  });

  it('does not bring back what people changed', async () => {
    const [plan] = (await read()).plans;
    await world.run((tx) =>
      updatePlan(tx, { id: plan?.id as number, changes: { name: 'Gói khác' }, now: systemClock.now() }),
    );
    await seed();

    expect((await read()).plans.map((row) => row.name)).not.toContain(plan?.name);
  });
});
