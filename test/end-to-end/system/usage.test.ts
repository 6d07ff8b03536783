import { randomUUID } from 'node:crypto';

import type { Answer, ApiClient } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;
let manager: ApiClient;
let staff: ApiClient;

beforeAll(async () => {
  company = await signUpCompany();
  manager = system.api.with({ token: company.manager.token });
  staff = system.api.with({ token: company.staff.token });
});

const code = () => `c-${randomUUID().slice(0, 8)}`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const problemOf = ({ status, body }: Answer): string => `${status} ${body.code} ${body.field ?? ''}`.trim();
const meterOf = async (fields: object = {}) => {
  const made = code();
  const created = await manager.post('/meters', { code: made, name: 'Dung lượng', aggregation: 'sum', ...fields });
  expect(created.status).toBe(201);

  return { id: created.body.id as number, code: made };
};

describe('usage over HTTP', () => {
  it('is measured, sent, read and priced, and seen by whom it belongs to', async () => {
    const meter = await meterOf({ property: 'bytes', filters: { region: ['vn'] } });
    const shopper = await company.addShopper();
    const { customerId } = shopper;
    const price = await manager.post(`/meters/${meter.id}/prices`, {
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '100', unitPrice: '0.5' },
          { upTo: null, unitPrice: '0.25', flatAmount: 10 },
        ],
        freeUnits: '50',
      },
    });
    expect(price).toMatchObject({ status: 201, body: { meterId: meter.id, currency: 'VND', status: 'active' } });
    const event = (bytes: number | string, region: string, minutes: number) => ({
      id: randomUUID(),
      event: meter.code,
      customerId,
      timestamp: minutesAgo(minutes),
      properties: { bytes, region },
    });
    const batch = { events: [event('150.5', 'vn', 3), event(49.5, 'vn', 2), event(1_000, 'sg', 2)] };
    const [first, second, third] = batch.events;

    expect((await staff.post('/usage/events', batch)).body).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: 0,
      events: batch.events.map(({ id }, index) => ({ index, id, status: 'accepted' })),
    });
    const again = { events: [first, { ...second, properties: { bytes: 1 } }, third, event('many', 'vn', 1)] };
    expect(await staff.post('/usage/events', again)).toMatchObject({
      status: 200,
      body: {
        accepted: 0,
        duplicates: 2,
        rejected: 2,
        events: [
          { index: 0, status: 'duplicate' },
          { index: 1, status: 'rejected', code: 'usage_id_taken', field: '/events/1/id' },
          { index: 2, status: 'duplicate' },
          { index: 3, status: 'rejected', code: 'usage_value_invalid', field: '/events/3/properties/bytes' },
        ],
      },
    });

    const path = `/usage/${customerId}?meter=${meter.code}&from=${encodeURIComponent(minutesAgo(60))}`;
    const own = await system.api.with({ token: shopper.token }).get(path);
    expect(own).toMatchObject({
      status: 200,
      body: {
        customerId,
        currency: 'VND',
        usage: [
          {
            meter: meter.code,
            quantity: '200',
            events: 2,
            lateEvents: 0,
            price: { priceId: price.body.id, model: 'graduated', amount: 73, exactAmount: '72.5' },
          },
        ],
      },
    });
    expect((await staff.get(path)).body.usage).toEqual(own.body.usage);
    const stranger = system.api.with({ token: (await company.addShopper()).token });
    expect(problemOf(await stranger.get(path))).toBe('404 not_found');
    expect(problemOf(await company.visitor.get(path))).toBe('401 unauthenticated');
    expect(problemOf(await stranger.post('/usage/events', batch))).toBe('403 forbidden');
  });

  it('shows all meters of the month where nothing is asked for', async () => {
    const { code: made } = await meterOf({ aggregation: 'count' });
    const customerId = await company.addCustomer();
    const { status, body } = await staff.get(`/usage/${customerId}`);

    expect(status).toBe(200);
    expect(body.usage.map((one: { meter: string }) => one.meter)).toContain(made);
    expect(body.from).toMatch(/^\d{4}-\d\d-01T00:00:00\+07:00$/);
  });

  it('is refused whole where it is no batch', async () => {
    const empty = await staff.post('/usage/events', { events: [] });
    expect(problemOf(empty)).toBe('422 validation_failed /events');
    const large = await staff.post('/usage/events', { events: Array.from({ length: 1_001 }, () => null) });
    expect(large.body).toMatchObject({ field: '/events', detail: expect.stringContaining('at most 1000 entries') });
    expect((await staff.post('/usage/events', { events: [null] })).body).toMatchObject({ rejected: 1 });
  });
});

describe('meters over HTTP', () => {
  it('are made by managers, read by everybody, archived and brought back', async () => {
    const meter = await meterOf();
    const path = `/meters/${meter.id}`;

    expect(await company.visitor.get(path)).toMatchObject({
      status: 200,
      body: { code: meter.code, eventName: meter.code, property: 'value', filters: {}, status: 'active' },
    });
    expect(problemOf(await staff.post('/meters', { code: code(), name: 'x', aggregation: 'sum' }))).toBe(
      '403 forbidden',
    );
    expect(problemOf(await manager.post('/meters', { code: meter.code, name: 'x', aggregation: 'sum' }))).toBe(
      '409 already_exists /code',
    );
    expect((await manager.delete(path)).status).toBe(204);
    expect(problemOf(await company.visitor.get(path))).toBe('404 not_found');
    expect(await manager.patch(path, { status: 'active', name: 'Mới' })).toMatchObject({ body: { name: 'Mới' } });
    expect(problemOf(await manager.patch(path, { aggregation: 'max' }))).toBe('422 validation_failed /aggregation');
  });

  it.each([
    [{ aggregation: 'average' }, '/aggregation'],
    [{ aggregation: 'count', property: 'bytes' }, '/property'],
    [{ property: '1st' }, '/property'],
    [{ filters: { region: [] } }, '/filters/region'],
    [{ code: 'With Capitals' }, '/code'],
  ])('are refused with %p', async (fields, field) => {
    const body = { code: code(), name: 'x', aggregation: 'sum', ...fields };

    expect(problemOf(await manager.post('/meters', body))).toBe(`422 validation_failed ${field}`);
  });

  const tiers = (...ends: (string | null)[]) => ({
    model: 'volume',
    tiers: ends.map((upTo) => ({ upTo, unitPrice: '1' })),
  });

  it.each([
    [{ model: 'free' }, '/price/model'],
    [{ model: 'per_unit', unitPrice: 5 }, '/price/unitPrice'],
    [{ model: 'per_unit', unitPrice: '-1' }, '/price/unitPrice'],
    [{ model: 'package', packageSize: '0.0', packageAmount: 1 }, '/price/packageSize'],
    [tiers('10'), '/price/tiers/0/upTo'],
    [tiers(null, null), '/price/tiers/0/upTo'],
    [tiers('10', '10.0', null), '/price/tiers/1/upTo'],
    [{ model: 'flat', amount: 1.5 }, '/price/amount'],
    [{ model: 'flat', amount: 1, unitPrice: '1' }, '/price/unitPrice'],
  ])('have no price such as %p', async (price, field) => {
    const { id } = await meterOf();

    expect(problemOf(await manager.post(`/meters/${id}/prices`, { price }))).toBe(`422 validation_failed ${field}`);
    expect((await staff.get(`/meters/${id}/prices`)).body).toEqual({ data: [], nextCursor: null });
  });

  it('keep the prices of before, page after page, and lose theirs when it is archived', async () => {
    const { id } = await meterOf();
    const prices: number[] = [];

    for (const unitPrice of ['1', '2', '3']) {
      const { body } = await manager.post(`/meters/${id}/prices`, { price: { model: 'per_unit', unitPrice } });
      prices.unshift(body.id as number);
    }
    const first = await staff.get(`/meters/${id}/prices?limit=2`);
    const second = await staff.get(`/meters/${id}/prices?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data].map((one) => one.id)).toEqual(prices);
    expect(first.body.data.map((one: { status: string }) => one.status)).toEqual(['active', 'archived']);
    expect((await manager.delete(`/meters/${id}/prices/${prices[0]}`)).status).toBe(204);
    expect((await staff.get(`/meters/${id}/prices`)).body.data[0].status).toBe('archived');
    expect(problemOf(await manager.delete(`/meters/${id}/prices/999999999`))).toBe('404 not_found');
    expect(problemOf(await staff.get('/meters/999999999/prices'))).toBe('404 not_found');
  });
});
