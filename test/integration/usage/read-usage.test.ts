import fc from 'fast-check';

import {
  addRatios,
  compareRatios,
  formatExactDecimal,
  parseDecimal,
  type Ratio,
  ZERO,
} from '../../../domain/money/ratio-rules';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import { type Aggregation, aggregations } from '../../../domain/usage/meters/meter-types';
import { updateMeter } from '../../../domain/usage/meters/update-meter';
import { createMeterPrice } from '../../../domain/usage/prices/meter-prices';
import { readPricedUsage, viewPricedUsage } from '../../../domain/usage/read-priced-usage';
import { readMeterUsages } from '../../../domain/usage/read-usage';
import { type CatalogueWorld, openCatalogueWorld } from '../catalogue/catalogue-world';

let world: CatalogueWorld;
const meterIds: Record<string, number> = {};
const now = new Date('2026-11-15T10:00:00Z');

beforeAll(async () => {
  world = await openCatalogueWorld();

  for (const aggregation of aggregations) {
    const property = aggregation === 'count' ? {} : { property: aggregation === 'unique_count' ? 'user' : 'size' };
    const meter = { code: aggregation, name: aggregation, aggregation, eventName: 'used', ...property };
    meterIds[aggregation] = (await world.run((tx) => createMeter(tx, { meter, now }))).id;
  }
  const meter = { code: 'local', name: 'local', aggregation: 'sum' as const, eventName: 'used', property: 'size' };
  meterIds['local'] = (
    await world.run((tx) => createMeter(tx, { meter: { ...meter, filters: { region: ['vn', '1', 'true'] } }, now }))
  ).id;
});

afterAll(() => world.test.drop());

const minute = (n: number): string => new Date(Date.UTC(2026, 9, 1, 0, n)).toISOString();
const from = new Date(minute(10));
const to = new Date(minute(40));
let lives = 0;

interface Used {
  at: number;
  size: string | number;
  user: string;
  region: string | number | boolean | undefined;
}

const anyUsed: fc.Arbitrary<Used> = fc.record({
  at: fc.integer({ min: 0, max: 50 }),
  size: fc.oneof(
    fc.integer({ min: -50, max: 1_000_000 }),
    fc
      .tuple(fc.integer({ min: -99, max: 999_999_999 }), fc.integer({ min: 0, max: 999_999_999_999 }))
      .map(([whole, rest]) => `${whole}.${String(rest).padStart(12, '0')}`),
  ),
  user: fc.constantFrom('a', 'b', 'c', 'd'),
  region: fc.constantFrom('vn', 'sg', 1, true, undefined),
});

/** What the meters must say, counted one by one. */
function expectedOf(events: (Used & { id: string })[]): Record<Aggregation | 'local', string> {
  const within = events.filter(({ at }) => at >= 10 && at < 40);
  const sizes = within.map(({ size }) => parseDecimal(String(size)));
  const sum = (values: Ratio[]) => values.reduce(addRatios, ZERO);
  const max = sizes.reduce<Ratio | null>(
    (most, size) => (most === null || compareRatios(size, most) > 0 ? size : most),
    null,
  );
  const [last] = [...within].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const local = within.filter(({ region }) => region !== 'sg' && region !== undefined);

  return {
    count: String(within.length),
    sum: formatExactDecimal(sum(sizes)),
    max: formatExactDecimal(max ?? ZERO),
    unique_count: String(new Set(within.map(({ user }) => user)).size),
    last: formatExactDecimal(last === undefined ? ZERO : parseDecimal(String(last.size))),
    local: formatExactDecimal(sum(local.map(({ size }) => parseDecimal(String(size))))),
  };
}

/** Sent in some order, cut into batches, some of them twice. */
const anySending = fc.uniqueArray(fc.integer({ min: 0, max: 999_999 }), { maxLength: 25 }).chain((ids) =>
  fc.record({
    ids: fc.constant(ids),
    used: fc.array(anyUsed, { minLength: ids.length, maxLength: ids.length }),
    orders: fc.tuple(
      fc.shuffledSubarray(
        ids.map((_, index) => index),
        { minLength: ids.length },
      ),
      fc.shuffledSubarray(ids.map((_, index) => index)),
    ),
    size: fc.integer({ min: 1, max: 10 }),
  }),
);

describe('usage as it is read', () => {
  it('does not depend on the order of events, on their batches, or on repeats', async () => {
    await fc.assert(
      fc.asyncProperty(anySending, async ({ ids, used, orders, size }) => {
        lives += 1;
        const customerId = await world.company.addCustomer();
        const events = used.map((one, index) => ({ ...one, id: `${lives}-${ids[index]}` }));
        const sent = orders.flat().map((index) => {
          const { id, at, size: amount, user, region } = events[index] as (typeof events)[number];
          const properties = { size: amount, user, ...(region === undefined ? {} : { region }) };

          return { id, event: 'used', customerId, timestamp: minute(at), properties };
        });
        const statuses: string[] = [];

        for (let index = 0; index < sent.length; index += size) {
          const batch = sent.slice(index, index + size);
          const results = await world.test.database.withTenantSql(world.company.id, (tx) =>
            ingestEvents(tx, { events: batch, now }),
          );
          statuses.push(...results.map(({ status }) => status));
        }
        const usages = await world.run((tx) => readMeterUsages(tx, { customerId, from, to }, null));

        expect(statuses.filter((status) => status === 'accepted')).toHaveLength(events.length);
        expect(statuses).not.toContain('rejected');
        expect(Object.fromEntries(usages.map(({ code, quantity }) => [code, quantity]))).toEqual(expectedOf(events));
      }),
      { numRuns: 40 },
    );
  });

  it('counts what arrived when the time was over as late, and shows the latest', async () => {
    const customerId = await world.company.addCustomer();
    const send = (id: string, at: number, when: Date) =>
      world.test.database.withTenantSql(world.company.id, (tx) =>
        ingestEvents(tx, {
          events: [{ id, event: 'used', customerId, timestamp: minute(at), properties: { size: 1, user: 'a' } }],
          now: when,
        }),
      );
    await send('late-1', 20, new Date(minute(20)));
    await send('late-2', 30, to);
    await send('late-3', 39, new Date(minute(500)));
    const [usage] = await world.run((tx) => readMeterUsages(tx, { customerId, from, to }, [meterIds['sum'] ?? 0]));

    expect(usage).toEqual({
      meterId: meterIds['sum'],
      code: 'sum',
      aggregation: 'sum',
      quantity: '3',
      events: 3,
      lateEvents: 2,
      lastEventAt: new Date(minute(39)),
    });
  });
});

describe('the price of usage', () => {
  const give = async (code: string, price: Parameters<typeof createMeterPrice>[1]['price'], currency?: string) => {
    const id = await world.nextId('meterPrice');
    await world.run((tx) => createMeterPrice(tx, { id, meterId: meterIds[code] ?? 0, currency, price, now }));
  };
  const send = async (customerId: number, sizes: number[]) => {
    lives += 1;
    const events = sizes.map((size, index) => ({
      id: `priced-${lives}-${index}`,
      event: 'used',
      customerId,
      timestamp: minute(10 + index),
      properties: { size, user: 'a' },
    }));
    await world.test.database.withTenantSql(world.company.id, (tx) => ingestEvents(tx, { events, now }));
  };
  const read = async (customerId: number, meter: string, span: { from?: Date; to?: Date } = { from, to }) => {
    const usage = await world.run((tx) => readPricedUsage(tx, { customerId, meter, ...span, now }));

    return viewPricedUsage(usage);
  };

  it('is that of now in the currency of the account, part by part', async () => {
    const customerId = await world.company.addCustomer();
    await send(customerId, [100, 50, 0]);
    expect((await read(customerId, 'count')).usage[0]?.price).toBeNull();

    await give('sum', { model: 'per_unit', unitPrice: '9' }, 'USD');
    await give('sum', {
      model: 'graduated',
      tiers: [
        { upTo: '100', unitPrice: '0.25', flatAmount: 5 },
        { upTo: null, unitPrice: '0.125' },
      ],
    });

    expect(await read(customerId, 'sum')).toMatchObject({
      customerId,
      from: '2026-10-01T07:10:00+07:00',
      to: '2026-10-01T07:40:00+07:00',
      currency: 'VND',
      usage: [
        {
          meter: 'sum',
          quantity: '150',
          price: {
            model: 'graduated',
            amount: 36,
            exactAmount: '36.25',
            charges: [
              { kind: 'tier', quantity: '100', unitPrice: '0.25', flatAmount: '5', exactAmount: '30' },
              { kind: 'tier', quantity: '50', unitPrice: '0.125', flatAmount: '0', exactAmount: '6.25' },
            ],
          },
        },
      ],
    });
  });

  it('of a percentage frees the first events by their time', async () => {
    const customerId = await world.company.addCustomer();
    await send(customerId, [50, 100, 250, 400]);
    await give('sum', { model: 'percentage', ratePpm: 13_000, eventPrice: '2', freeUnits: '250', freeEvents: 3 });

    expect((await read(customerId, 'sum')).usage[0]?.price).toMatchObject({ amount: 11, exactAmount: '11.15' });
  });

  it('of nothing is the minimum', async () => {
    const customerId = await world.company.addCustomer();
    await give('max', { model: 'per_unit', unitPrice: '1', minimumAmount: 700 });

    expect((await read(customerId, 'max')).usage).toMatchObject([
      {
        quantity: '0',
        events: 0,
        lastEventAt: null,
        price: { amount: 700, charges: [{ exactAmount: '0' }, { kind: 'minimum' }] },
      },
    ]);
  });

  it('is by itself that of the month so far, in the zone of the account', async () => {
    const customerId = await world.company.addCustomer();

    expect(await read(customerId, 'sum', {})).toMatchObject({
      from: '2026-11-01T00:00:00+07:00',
      to: '2026-11-15T17:00:00+07:00',
    });
  });

  it('can be read of a meter that is archived, where it is asked for', async () => {
    const customerId = await world.company.addCustomer();
    await send(customerId, [7]);
    const archive = (status: 'active' | 'archived') =>
      world.run((tx) => updateMeter(tx, { id: meterIds['last'] ?? 0, changes: { status }, now }));
    await archive('archived');

    expect((await read(customerId, 'last')).usage).toMatchObject([{ meter: 'last', quantity: '7' }]);
    const all = await world.run((tx) => readPricedUsage(tx, { customerId, from, to, now }));
    expect(all.lines.map(({ usage }) => usage.code)).not.toContain('last');
    await archive('active');
  });

  it('is refused for a meter or a customer that is not there, and for no time at all', async () => {
    const customerId = await world.company.addCustomer();

    await expect(read(customerId, 'none')).rejects.toMatchObject({ code: 'meter_not_found', field: 'meter' });
    await expect(read(999_999_999, 'sum')).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(customerId, 'sum', { from: to, to: from })).rejects.toMatchObject({
      code: 'invalid_date_sequence',
    });
  });
});
