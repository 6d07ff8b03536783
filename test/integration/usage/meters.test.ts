import { createMeter, type NewMeter } from '../../../domain/usage/meters/create-meter';
import { listMeters, type MeterFilter } from '../../../domain/usage/meters/read-meters';
import { type MeterChanges, updateMeter } from '../../../domain/usage/meters/update-meter';
import { archiveMeterPrice, createMeterPrice, listMeterPrices } from '../../../domain/usage/prices/meter-prices';
import type { PriceModel } from '../../../domain/billing/pricing/price-model-types';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from '../catalogue/catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world.test.drop());

const now = () => systemClock.now();
const create = (meter: Partial<NewMeter>, companyId?: number) =>
  world.run(
    (tx) => createMeter(tx, { meter: { code: 'calls', name: 'Calls', aggregation: 'sum', ...meter }, now: now() }),
    companyId,
  );
const update = (id: number, changes: MeterChanges, companyId?: number) =>
  world.run((tx) => updateMeter(tx, { id, changes, now: now() }), companyId);

describe('meters', () => {
  it('count events of their own code and read their value, unless told otherwise', async () => {
    const plain = await create({});
    const told = await create({
      code: 'bytes',
      eventName: 'request',
      aggregation: 'max',
      property: 'size',
      filters: { region: ['vn', 'sg'] },
    });

    expect(plain).toMatchObject({ eventName: 'calls', property: 'value', filters: {}, status: 'active' });
    expect(told).toMatchObject({ eventName: 'request', property: 'size', filters: { region: ['vn', 'sg'] } });
    expect(await create({ code: 'number', aggregation: 'count' })).toMatchObject({ property: null });
    expect(await world.eventsOf(`meter/${told.id}`)).toMatchObject([
      { type: 'meter.created', payload: { code: 'bytes', eventName: 'request', aggregation: 'max', property: 'size' } },
    ]);
  });

  it('have a code of their own in the company', async () => {
    const { id } = await create({ code: 'unique' });
    await update(id, { status: 'archived' });

    await expect(create({ code: 'unique' })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/code',
      message: expect.stringContaining('archived'),
      params: { existingId: id },
    });
    await expect(create({ code: 'unique' }, world.other.id)).resolves.toMatchObject({ code: 'unique' });
  });

  it('are made once when repeated with their reserved id', async () => {
    const id = await world.nextId('meter');
    await Promise.all([create({ id, code: 'again' }), create({ id, code: 'again' })]);

    expect(await world.eventsOf(`meter/${id}`)).toHaveLength(1);
  });

  it('are renamed, archived and brought back; without a change nothing is written', async () => {
    const { id, updatedAt } = await create({ code: 'changing' });

    expect((await update(id, { name: 'Calls' })).updatedAt).toEqual(updatedAt);
    expect(await update(id, { name: 'New', status: 'archived' })).toMatchObject({ name: 'New', status: 'archived' });
    expect(await update(id, { status: 'active' })).toMatchObject({ status: 'active' });
    expect((await world.eventsOf(`meter/${id}`)).map(({ payload }) => payload['changed'])).toEqual([
      undefined,
      ['name', 'status'],
      ['status'],
    ]);
    await expect(update(id, { name: 'x' }, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed by filter', async () => {
    const shop = world.other.id;
    await create({ code: 'a', name: 'Cuộc gọi', eventName: 'call' }, shop);
    const { id } = await create({ code: 'b', name: 'Dung lượng' }, shop);
    await update(id, { status: 'archived' }, shop);
    const list = async (filter: Partial<MeterFilter>) => {
      const rows = await world.run(
        (tx) => listMeters(tx, { filter: { statuses: ['active'], ...filter }, after: 0, limit: 50 }),
        shop,
      );

      return rows.map((row) => row.code).filter((code) => code.length === 1);
    };

    expect(await list({})).toEqual(['a']);
    expect(await list({ q: 'cuoc goi' })).toEqual(['a']);
    expect(await list({ eventName: 'none' })).toEqual([]);
    expect(await list({ statuses: ['active', 'archived'], q: 'dung' })).toEqual(['b']);
  });
});

describe('prices of meters', () => {
  const give = async (meterId: number, price: PriceModel, input: { currency?: string; id?: number } = {}) => {
    const id = input.id ?? (await world.nextId('meterPrice'));

    return world.run((tx) => createMeterPrice(tx, { ...input, id, meterId, price, now: now() }));
  };
  const list = (meterId: number) => world.run((tx) => listMeterPrices(tx, { meterId, before: null, limit: 50 }));
  const perUnit = (unitPrice: string): PriceModel => ({ model: 'per_unit', unitPrice });

  it('are one in each currency, and those of before are kept', async () => {
    const { id } = await create({ code: 'priced' });
    const first = await give(id, perUnit('0.5'));
    await give(id, perUnit('3'), { currency: 'USD' });
    const second = await give(id, perUnit('0.7'));

    expect(first).toMatchObject({ currency: 'VND', price: perUnit('0.5'), status: 'active' });
    expect((await list(id)).map((row) => [row.id, row.currency, row.status])).toEqual([
      [second.id, 'VND', 'active'],
      [expect.any(Number), 'USD', 'active'],
      [first.id, 'VND', 'archived'],
    ]);
    expect((await world.eventsOf(`meter/${id}`)).map(({ type }) => type)).toEqual([
      'meter.created',
      'meter.price.created',
      'meter.price.created',
      'meter.price.archived',
      'meter.price.created',
    ]);
  });

  it('are given once when repeated, and stay one when given at once', async () => {
    const { id: meterId } = await create({ code: 'priced-again' });
    const id = await world.nextId('meterPrice');
    await Promise.all([1, 2, 3].map(() => give(meterId, perUnit('1'), { id })));
    expect(await list(meterId)).toHaveLength(1);

    await Promise.all(['2', '3', '4'].map((price) => give(meterId, perUnit(price))));
    expect((await list(meterId)).filter(({ status }) => status === 'active')).toHaveLength(1);
  });

  it('are archived once', async () => {
    const { id: meterId } = await create({ code: 'priced-no-more' });
    const { id } = await give(meterId, perUnit('1'));
    const archive = () => world.run((tx) => archiveMeterPrice(tx, { id, meterId, now: now() }));
    await archive();
    await archive();

    expect(
      (await world.eventsOf(`meter/${meterId}`)).filter(({ type }) => type === 'meter.price.archived'),
    ).toHaveLength(1);
    await expect(
      world.run((tx) => archiveMeterPrice(tx, { id, meterId: meterId - 1, now: now() })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are a percentage of a sum only', async () => {
    const { id } = await create({ code: 'highest', aggregation: 'max' });

    await expect(give(id, { model: 'percentage', ratePpm: 10_000 })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/price/model',
    });
  });
});
