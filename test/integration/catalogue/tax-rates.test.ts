import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createProduct } from '../../../domain/catalogue/products/create-product';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { listTaxRates } from '../../../domain/catalogue/tax-rates/list-tax-rates';
import { readTaxRate } from '../../../domain/catalogue/tax-rates/read-tax-rate';
import { updateTaxRate } from '../../../domain/catalogue/tax-rates/update-tax-rate';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

const now = new Date('2026-05-04T03:00:00Z');
let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});
afterAll(() => world?.test.drop());

const create = async (fields: object, companyId?: number) => {
  const taxRate = { id: await world.nextId('taxRate'), code: 'VAT', name: 'GTGT', ratePpm: 80_000, ...fields };

  return world.run((tx) => createTaxRate(tx, { taxRate, now }), companyId);
};
const change = (id: number, changes: object) => world.run((tx) => updateTaxRate(tx, { id, changes, now }));

describe('tax rates', () => {
  it('are of the categories that what is sold may be in, once there are any', async () => {
    const company = await openCatalogueWorld();
    const { run, nextId } = company;
    const books = { taxCategory: 'books' };
    const refused = { code: 'tax_category_not_found', field: '/taxCategory' };
    const product = (sku: string, fields: object) =>
      run((tx) => createProduct(tx, { product: { sku, name: sku, price: 1_000, ...fields }, now }));

    try {
      const { product: early } = await product('EARLY', { taxCategory: 'early' });
      const taxRate = { id: await nextId('taxRate'), code: 'VAT', name: 'GTGT', ratePpm: 50_000, ...books };
      await run((tx) => createTaxRate(tx, { taxRate, now }));
      const { product: book } = await product('BOOK', books);
      const edit = (id: number, changes: object) => run((tx) => updateProduct(tx, { id, changes, now }));

      expect(book.taxCategory).toBe('books');
      await expect(product('BOKK', { taxCategory: 'bokks' })).rejects.toMatchObject(refused);
      await expect(edit(book.id, { taxCategory: 'bokks' })).rejects.toMatchObject(refused);
      expect(await edit(early.id, { taxCategory: 'early', name: 'Still early' })).toMatchObject({
        name: 'Still early',
      });
      expect(await edit(book.id, { taxCategory: 'standard' })).toMatchObject({ taxCategory: 'standard' });
      const plan = { name: 'Gold', price: 1_000, billingCycle: 'monthly' as const };
      const addon = { key: 'extra', name: 'Extra', price: 1_000, billingPeriod: 'monthly' as const };
      const bokks = { taxCategory: 'bokks' };
      await expect(run((tx) => createPlan(tx, { plan: { ...plan, ...bokks }, now }))).rejects.toMatchObject(refused);
      await expect(run((tx) => createAddon(tx, { addon: { ...addon, ...bokks }, now }))).rejects.toMatchObject(refused);
      const made = await run((tx) => createPlan(tx, { plan: { ...plan, ...books }, now }));
      const sold = await run((tx) => createAddon(tx, { addon: { ...addon, ...books }, now }));
      await expect(run((tx) => updatePlan(tx, { id: made.id, changes: bokks, now }))).rejects.toMatchObject(refused);
      await expect(run((tx) => updateAddon(tx, { id: sold.id, changes: bokks, now }))).rejects.toMatchObject(refused);
    } finally {
      await company.test.drop();
    }
  });

  it('follow each other day by day; two of one tax on a day are refused', async () => {
    const eight = await create({ validUntil: '2026-12-31' });
    await expect(create({ ratePpm: 100_000, validFrom: '2026-12-31' })).rejects.toMatchObject({
      code: 'tax_rate_overlaps',
      field: '/validFrom',
    });
    const ten = await create({ ratePpm: 100_000, validFrom: '2027-01-01' });

    expect(ten).toMatchObject({ taxCategory: 'standard', validFrom: '2027-01-01', validUntil: null, status: 'active' });
    await expect(change(eight.id, { validUntil: '2027-01-01' })).rejects.toMatchObject({ code: 'tax_rate_overlaps' });
    await expect(change(eight.id, { validFrom: '2027-01-01' })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/validUntil',
    });
    expect(await change(eight.id, { validUntil: '2026-11-30', name: 'GTGT 8 %' })).toMatchObject({
      name: 'GTGT 8 %',
      validUntil: '2026-11-30',
      ratePpm: 80_000,
    });
    await create({ code: 'ENV', validUntil: '2026-12-31' });
    await create({ taxCategory: 'books', validUntil: '2026-12-31' });

    const on = await world.run((tx) =>
      listTaxRates(tx, {
        filter: { statuses: ['active'], taxCategory: 'standard', validOn: '2027-05-01' },
        after: 0,
        limit: 10,
      }),
    );
    expect(on.map(({ id }) => id)).toEqual([ten.id]);
    expect((await world.eventsOf(`tax_rate/${eight.id}`)).map(({ type }) => type)).toEqual([
      'tax_rate.created',
      'tax_rate.updated',
    ]);
  });

  it('that are archived hold on no day, and come back only where there is room', async () => {
    const old = await create({ code: 'OLD' });
    await change(old.id, { status: 'archived' });
    await create({ code: 'OLD', ratePpm: 50_000 });

    await expect(change(old.id, { status: 'active' })).rejects.toMatchObject({ code: 'tax_rate_overlaps' });
  });

  it('are the company’s own', async () => {
    const other = await create({ code: 'USD' }, world.other.id);

    await expect(world.run((tx) => readTaxRate(tx, other.id))).rejects.toMatchObject({ code: 'not_found' });
    await expect(change(other.id, { name: 'mine' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
