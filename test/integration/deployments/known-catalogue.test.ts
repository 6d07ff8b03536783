import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import { readKnownCatalogue } from '../../../domain/deployments/planning/read-known-catalogue';
import { type CatalogueWorld, openCatalogueWorld } from '../catalogue/catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});
afterAll(() => world?.test.drop());

const now = new Date('2026-01-01T00:00:00Z');
const phases = [{ price: 1, periods: 1 }];
const usd = { currency: 'USD', price: 10, phases: [] };

it('a switch compares with each plain price that plans and add-ons have, in whatever currency', async () => {
  const add = (name: string, fields: Partial<NewPlan>) =>
    world.run((tx) =>
      createPlan(tx, { plan: { name, price: 99_000, currency: 'VND', billingCycle: 'monthly', ...fields }, now }),
    );
  await add('Both', { prices: [usd] });
  await add('Own with phases', { phases, prices: [usd] });
  await add('Other with phases', { prices: [{ ...usd, phases }] });
  await add('Own with tax', { taxBehavior: 'inclusive', prices: [usd] });
  await add('Other with tax', { prices: [{ ...usd, taxBehavior: 'exclusive' }] });
  await world.run((tx) =>
    createAddon(tx, {
      addon: {
        key: 'storage',
        name: 'Storage',
        price: 50_000,
        currency: 'VND',
        billingPeriod: 'monthly',
        prices: [{ currency: 'USD', price: 5 }],
      },
      now,
    }),
  );
  const { plans, addons } = await world.run((tx) => readKnownCatalogue(tx));
  const shown = (prices: readonly { price: number; currency: string }[]) =>
    prices.map(({ price, currency }) => `${price} ${currency}`).join(', ');

  expect(plans.map(({ name, prices }) => `${name}: ${shown(prices)}`)).toEqual([
    'Both: 99000 VND, 10 USD',
    'Own with phases: 10 USD',
    'Other with phases: 99000 VND',
    'Own with tax: ',
    'Other with tax: 99000 VND',
  ]);
  expect(addons.map(({ prices }) => shown(prices))).toEqual(['50000 VND, 5 USD']);
});
