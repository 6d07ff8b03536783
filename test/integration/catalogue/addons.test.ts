import { createAddon, type NewAddon } from '../../../domain/catalogue/addons/create-addon';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { type AddonFilter, listAddons } from '../../../domain/catalogue/addons/list-addons';
import { listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import { type AddonChanges, updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();

  for (const code of ['storage_100gb', 'assistant']) {
    await world.run((tx) => createFeature(tx, { feature: { code, name: code }, now: now() }));
  }
});

afterAll(() => world.test.drop());

const now = () => systemClock.now();
const create = (addon: Partial<NewAddon>, companyId?: number) =>
  world.run(
    (tx) =>
      createAddon(tx, {
        addon: { key: 'storage', name: 'Extra Storage', price: 50_000, billingPeriod: 'monthly', ...addon },
        now: now(),
      }),
    companyId,
  );
const update = (id: number, changes: AddonChanges, companyId?: number) =>
  world.run((tx) => updateAddon(tx, { id, changes, now: now() }), companyId);

describe('add-ons', () => {
  it('are made with the features they unlock', async () => {
    const addon = await create({ features: ['storage_100gb'] });

    expect(addon).toMatchObject({
      key: 'storage',
      price: 50_000,
      currency: 'VND',
      billingPeriod: 'monthly',
      isActive: true,
      features: ['storage_100gb'],
    });
    expect(await world.eventsOf(`addon/${addon.id}`)).toMatchObject([
      { type: 'addon.created', payload: { key: 'storage', price: 50_000, currency: 'VND' } },
    ]);
  });

  it('have a key of their own in the company', async () => {
    const { id } = await create({ key: 'unique' });

    await expect(create({ key: 'unique' })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/key',
      params: { existingId: id },
    });
    await expect(create({ key: 'unique' }, world.other.id)).resolves.toMatchObject({ currency: 'USD' });
  });

  it('are made once when repeated with their reserved id', async () => {
    const id = await world.nextId('addon');
    await Promise.all([create({ id, key: 'again' }), create({ id, key: 'again' })]);

    expect(await world.eventsOf(`addon/${id}`)).toHaveLength(1);
  });

  it('name features that the company has', async () => {
    await expect(create({ key: 'x', features: ['storage_100gb', 'nothing'] })).rejects.toMatchObject({
      field: '/features/1',
    });
    const { id } = await create({ key: 'y' });
    await expect(update(id, { features: ['nothing'] })).rejects.toMatchObject({ field: '/features/0' });
  });

  it('change, are taken off sale and brought back', async () => {
    const { id } = await create({ key: 'changing', features: ['assistant'] });
    await update(id, { price: 60_000, features: ['storage_100gb', 'assistant'], billingPeriod: 'yearly' });
    await update(id, { isActive: false });
    const after = await update(id, { isActive: true });

    expect(after).toMatchObject({
      price: 60_000,
      billingPeriod: 'yearly',
      isActive: true,
      features: ['assistant', 'storage_100gb'],
    });
    expect((await world.eventsOf(`addon/${id}`)).map((event) => event.payload['changed'])).toEqual([
      undefined,
      ['price', 'features', 'billingPeriod', 'grants'],
      ['isActive'],
      ['isActive'],
    ]);
  });

  it('may have a term of so many of their periods, which what is paid once has not', async () => {
    const { id, termPeriods } = await create({ key: 'course', termPeriods: 12 });
    expect(termPeriods).toBe(12);
    expect(await update(id, { termPeriods: 6 })).toMatchObject({ termPeriods: 6 });

    const refused = { code: 'validation_failed', field: '/termPeriods' };
    await expect(update(id, { billingPeriod: 'one_time' })).rejects.toMatchObject(refused);
    await expect(create({ key: 'once', billingPeriod: 'one_time', termPeriods: 1 })).rejects.toMatchObject(refused);
    expect(await update(id, { termPeriods: null, billingPeriod: 'one_time' })).toMatchObject({ termPeriods: null });
  });

  it('may have a setup fee in each of their currencies, kept with the versions of their prices', async () => {
    const prices = [{ currency: 'USD', price: 3, setupFee: 1 }];
    const { id, ...made } = await create({ key: 'line', setupFee: 20_000, prices });
    expect(made).toMatchObject({ setupFee: 20_000, prices });
    await update(id, { setupFee: 30_000 });
    const versions = await world.run((tx) => listPriceVersions(tx, { of: { addonId: id }, limit: 9 }));

    expect(versions.map(({ currency, price, setupFee }) => `${price} + ${setupFee} ${currency}`)).toEqual([
      '50000 + 30000 VND',
      '3 + 1 USD',
      '50000 + 20000 VND',
    ]);
    const refused = { code: 'validation_failed', field: '/setupFee' };
    await expect(update(id, { price: 5, currency: 'EUR' })).rejects.toMatchObject(refused);
    await expect(create({ key: 'paid_once', billingPeriod: 'one_time', setupFee: 1 })).rejects.toMatchObject(refused);
    await expect(update(id, { billingPeriod: 'one_time', setupFee: 0 })).rejects.toMatchObject({
      field: '/prices/0/setupFee',
    });
  });

  it('write nothing without a change, and are not there for another company', async () => {
    const { id, updatedAt } = await create({ key: 'still', features: ['assistant'] });

    expect((await update(id, { features: ['assistant'], price: 50_000 })).updatedAt).toEqual(updatedAt);
    await expect(update(id, { price: 1 }, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed by filter', async () => {
    const shop = world.other.id;
    await create({ key: 'a', name: 'Bộ nhớ', price: 1 }, shop);
    await create({ key: 'b', name: 'Thiết lập', billingPeriod: 'one_time' }, shop);
    const { id } = await create({ key: 'c', name: 'Cũ', currency: 'EUR' }, shop);
    await update(id, { isActive: false }, shop);
    const list = async (filter: Partial<AddonFilter>) => {
      const rows = await world.run(
        (tx) => listAddons(tx, { filter: { statuses: ['active'], ...filter }, after: 0, limit: 50 }),
        shop,
      );

      return rows.map((row) => row.key).filter((key) => key.length === 1);
    };

    expect(await list({})).toEqual(['a', 'b']);
    expect(await list({ q: 'bo nho' })).toEqual(['a']);
    expect(await list({ billingPeriod: 'one_time' })).toEqual(['b']);
    expect(await list({ statuses: ['archived'] })).toEqual(['c']);
    expect(await list({ statuses: ['active', 'archived'], currency: 'EUR' })).toEqual(['c']);
  });
});
