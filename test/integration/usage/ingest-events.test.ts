import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import { createTestClock } from '../../../domain/test-clocks/create-test-clock';
import { createMeter, type NewMeter } from '../../../domain/usage/meters/create-meter';
import { updateMeter } from '../../../domain/usage/meters/update-meter';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import { readUsage } from '../../../domain/usage/read-usage';
import { formatExactDecimal } from '../../../domain/money/ratio-rules';
import { queryAsOwner } from '../../environment/admin';
import { type CatalogueWorld, openCatalogueWorld } from '../catalogue/catalogue-world';

let world: CatalogueWorld;
let customerId: number;

const now = new Date('2026-11-15T10:00:00Z');
const timestamp = '2026-11-15T09:00:00Z';
const meters: Record<string, number> = {};

beforeAll(async () => {
  world = await openCatalogueWorld();
  customerId = await world.company.addCustomer();

  for (const meter of [
    { code: 'calls', aggregation: 'count' },
    { code: 'bytes', aggregation: 'sum' },
    { code: 'bytes-vn', aggregation: 'sum', eventName: 'bytes', filters: { region: ['vn'] }, property: 'local' },
    { code: 'people', aggregation: 'unique_count', property: 'user' },
  ] satisfies Omit<NewMeter, 'name'>[]) {
    const { id } = await world.run((tx) => createMeter(tx, { meter: { name: meter.code, ...meter }, now }));
    meters[meter.code] = id;
  }
});

afterAll(() => world.test.drop());

let made = 0;
const anEvent = (fields: object = {}) => ({ id: `e-${(made += 1)}`, event: 'calls', customerId, timestamp, ...fields });
const ingest = (events: unknown[], companyId = world.company.id) =>
  world.test.database.withTenantSql(companyId, (tx) => ingestEvents(tx, { events, now }));
const statuses = async (events: unknown[]) =>
  (await ingest(events)).map((result) => (result.status === 'rejected' ? result.code : result.status));
const recorded = () =>
  queryAsOwner<{ event_id: string }>(
    world.test.adminUrl,
    'SELECT * FROM usage.events WHERE company_id = $1 ORDER BY event_id COLLATE "C"',
    [world.company.id],
  );
const used = async (code: string, customer = customerId) =>
  formatExactDecimal(
    await world.run((tx) =>
      readUsage(tx, {
        customerId: customer,
        meterId: meters[code] ?? 0,
        from: new Date('2026-01-01T00:00:00Z'),
        to: new Date('2027-01-01T00:00:00Z'),
      }),
    ),
  );

describe('a batch of usage', () => {
  it('is recorded with its amounts to the last digit', async () => {
    const { length: before } = await recorded();
    const results = await ingest([
      anEvent({ event: 'bytes', value: '0.1' }),
      anEvent({ event: 'bytes', properties: { value: '999999999999999.000000000001' } }),
      anEvent({ event: 'bytes', value: 0.2, timestamp: '2026-11-15T16:00:00+07:00' }),
    ]);

    expect(results.map(({ index, status }) => [index, status])).toEqual([0, 1, 2].map((index) => [index, 'accepted']));
    expect(await recorded()).toHaveLength(before + 3);
    expect(await used('bytes')).toBe('999999999999999.300000000001');
  });

  it('counts an id once, in the same batch and in a later one', async () => {
    const first = anEvent({ properties: { a: 1, b: 'x' } });
    const before = await used('calls');

    expect(await statuses([first, { ...first, properties: { b: 'x', a: 1.0 } }])).toEqual(['accepted', 'duplicate']);
    const rows = await recorded();
    expect(await statuses([{ ...first, timestamp: '2026-11-15T16:00:00+07:00' }])).toEqual(['duplicate']);
    expect(await recorded()).toEqual(rows);
    expect(Number(await used('calls'))).toBe(Number(before) + 1);
  });

  it.each([
    ['another time', { timestamp: '2026-11-15T09:00:00.001Z' }],
    ['other properties', { properties: { a: '1' } }],
    ['another name', { event: 'people', properties: { a: 1, user: 'u' } }],
  ])('refuses an id that was used with %s, and keeps what is recorded', async (_, other) => {
    const first = anEvent({ properties: { a: 1 } });
    await ingest([first]);
    const rows = await recorded();
    const results = await ingest([anEvent({ id: 'z-valid' }), { ...first, ...other }]);

    expect(results[1]).toEqual({
      index: 1,
      id: first.id,
      status: 'rejected',
      code: 'usage_id_taken',
      field: '/events/1/id',
      detail: `Another event is recorded as ${first.id}.`,
    });
    expect((await recorded()).filter(({ event_id }) => event_id !== 'z-valid')).toEqual(
      rows.filter(({ event_id }) => event_id !== 'z-valid'),
    );
  });

  it('refuses the second of two that share an id and differ', async () => {
    const first = anEvent({ event: 'bytes', value: 1 });

    expect(await statuses([first, { ...first, value: 2 }, first])).toEqual(['accepted', 'usage_id_taken', 'duplicate']);
  });

  it('takes the valid one where an invalid one has its id', async () => {
    const valid = anEvent({ event: 'bytes', value: 1 });

    expect(await statuses([{ ...valid, value: 'many' }, valid])).toEqual(['usage_value_invalid', 'accepted']);
  });

  const rejected: [string, object, string, string, RegExp][] = [
    ['of the future', { timestamp: '2026-11-15T10:05:01Z' }, 'usage_in_future', '/timestamp', /6 minutes ahead/],
    ['of the next year', { timestamp: '2027-11-15T10:00:00Z' }, 'usage_in_future', '/timestamp', /365 days ahead/],
    ['of nobody', { customerId: 999_999_999 }, 'customer_not_found', '/customerId', /no customer 999999999/],
    ['without a meter', { event: 'unheard' }, 'meter_not_found', '/event', /named unheard/],
    ['without what is read', { event: 'bytes' }, 'usage_value_invalid', '/value', /meter bytes .* missing/],
    ['with words for a number', { event: 'bytes', value: '1e5' }, 'usage_value_invalid', '/value', /not "1e5"/],
    ['of too many digits', { event: 'bytes', value: 1e15 }, 'usage_value_invalid', '/value', /15 digits/],
    ['of too many decimals', { event: 'bytes', value: '0.1234567890123' }, 'usage_value_invalid', '/value', /12 dec/],
    [
      'without what one meter of two reads',
      { event: 'bytes', value: 1, properties: { region: 'vn' } },
      'usage_value_invalid',
      '/properties/local',
      /meter bytes-vn/,
    ],
    ['without whom to count', { event: 'people' }, 'usage_value_invalid', '/properties/user', /missing/],
    ['without an id', { id: undefined }, 'validation_failed', '/id', /is missing/],
    ['with a time of no zone', { timestamp: '2026-11-15T09:00:00' }, 'validation_failed', '/timestamp', /offset/],
    ['with an unknown member', { amount: 5 }, 'validation_failed', '/amount', /not known here/],
    ['with a list', { properties: { a: [1] } }, 'validation_failed', '/properties/a', /takes text, a number/],
    ['with two values', { value: 1, properties: { value: 1 } }, 'validation_failed', '/value', /twice/],
  ];

  it.each(rejected)('rejects an event %s, and only that', async (_, fields, code, field, detail) => {
    const { length: before } = await recorded();
    const [first, second, third] = await ingest([anEvent(), anEvent(fields), anEvent()]);

    expect([first?.status, third?.status]).toEqual(['accepted', 'accepted']);
    expect(second).toMatchObject({
      index: 1,
      status: 'rejected',
      code,
      field: `/events/1${field}`,
      detail: expect.stringMatching(detail),
    });
    expect(await recorded()).toHaveLength(before + 2);
  });

  it('rejects what is no event at all', async () => {
    expect(await ingest([null, 'text', { id: 'x' }])).toMatchObject([
      { index: 0, id: null, code: 'validation_failed', field: '/events/0' },
      { index: 1, id: null, code: 'validation_failed', field: '/events/1' },
      { index: 2, id: 'x', code: 'validation_failed', field: '/events/2/event' },
    ]);
  });

  it('takes what is at most five minutes ahead, and what is long ago', async () => {
    expect(
      await statuses([anEvent({ timestamp: '2026-11-15T10:05:00Z' }), anEvent({ timestamp: '1999-01-01T00:00:00Z' })]),
    ).toEqual(['accepted', 'accepted']);
  });

  it('knows nothing of another company', async () => {
    const shared = anEvent();
    const stranger = await world.other.addCustomer();
    await ingest([shared]);

    expect(await statuses([anEvent({ customerId: stranger })])).toEqual(['customer_not_found']);
    expect(await ingest([{ ...shared, customerId: stranger }], world.other.id)).toMatchObject([
      { code: 'meter_not_found' },
    ]);
    await world.run(
      (tx) => createMeter(tx, { meter: { code: 'calls', name: 'c', aggregation: 'count' }, now }),
      world.other.id,
    );
    expect(await ingest([{ ...shared, customerId: stranger }], world.other.id)).toMatchObject([{ status: 'accepted' }]);
  });

  it('knows what it has recorded also when the meter is gone, and takes nothing new', async () => {
    const { id } = await world.run((tx) =>
      createMeter(tx, { meter: { code: 'gone', name: 'g', aggregation: 'count' }, now }),
    );
    const event = anEvent({ event: 'gone' });
    await ingest([event]);
    await world.run((tx) => updateMeter(tx, { id, changes: { status: 'archived' }, now }));

    expect(await statuses([event, anEvent({ event: 'gone' })])).toEqual(['duplicate', 'meter_not_found']);
  });

  it('asks the clock of a customer who is on one', async () => {
    const clockId = await reserveId(world.test.database, 'testClock');
    const id = await reserveId(world.test.database, 'customer');
    await world.run(async (tx) => {
      await createTestClock(tx, {
        id: clockId,
        name: null,
        at: new Date('2030-01-01T00:00:00Z'),
        isProduction: false,
        now,
      });
      await insertCustomer(tx, { id, name: 'Clocked', email: 'clocked@example.test', testClockId: clockId, now });
    });

    expect(
      await statuses([
        anEvent({ customerId: id, timestamp: '2029-12-31T23:00:00Z' }),
        anEvent({ customerId: id, timestamp: '2030-01-01T00:06:00Z' }),
      ]),
    ).toEqual(['accepted', 'usage_in_future']);
  });

  it('is recorded once however many send it at the same time, in whatever order', async () => {
    const events = Array.from({ length: 60 }, () => anEvent());
    const { length: before } = await recorded();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, sender) => ingest(sender % 2 === 0 ? events : [...events].reverse())),
    );

    expect(answers.flat().filter(({ status }) => status === 'accepted')).toHaveLength(events.length);
    expect(answers.flat().filter(({ status }) => status === 'duplicate')).toHaveLength(7 * events.length);
    expect(await recorded()).toHaveLength(before + events.length);
  });
});
