import { randomUUID } from 'node:crypto';

import { openShop, problemOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

const tenPercent = { kind: 'percent', ratePpm: 100_000 };
const newCode = () => `C-${randomUUID().slice(0, 8)}`.toUpperCase();
const promote = async (fields: object = {}) => {
  const code = newCode();
  const { body } = await shop.manager.post('/promotions', { name: 'Hè', code, discount: tenPercent, ...fields });

  return { id: body.id as number, code };
};

describe('/promotions', () => {
  it('are made, read, changed and archived by managers, and read by employees only', async () => {
    const code = newCode();
    const wish = {
      name: 'Khai trương',
      code: code.toLowerCase(),
      discount: tenPercent,
      endsAt: '2027-01-01T00:00:00+07:00',
    };
    const created = await shop.manager.post('/promotions', wish);
    const path = `/promotions/${created.body.id}`;

    expect(created).toMatchObject({
      status: 201,
      body: {
        name: 'Khai trương',
        discount: { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: null },
        currency: null,
        appliesTo: { productIds: [], categories: [] },
        endsAt: '2027-01-01T00:00:00+07:00',
        used: 0,
        status: 'active',
      },
    });
    expect(await shop.staff.get(path)).toMatchObject({ status: 200, body: created.body });
    expect((await shop.staff.get(`/promotions?code=${code.toLowerCase()}`)).body.data).toEqual([created.body]);
    expect(await shop.manager.patch(path, { maxUses: 3, endsAt: null })).toMatchObject({
      status: 200,
      body: { maxUses: 3, endsAt: null },
    });
    expect((await shop.manager.delete(path)).status).toBe(204);
    expect((await shop.manager.get(path)).body.status).toBe('archived');

    const buyer = await shop.addBuyer();
    expect(problemOf(await shop.company.visitor.get(path))).toBe('401 unauthenticated');
    expect(problemOf(await buyer.api.get('/promotions'))).toBe('403 forbidden');
    expect(problemOf(await buyer.api.get(`${path}/codes`))).toBe('403 forbidden');
    expect(problemOf(await shop.staff.post('/promotions', wish))).toBe('403 forbidden');
    expect(problemOf(await shop.staff.post(`${path}/codes`, { count: 1 }))).toBe('403 forbidden');
    expect(problemOf(await shop.manager.post('/promotions', wish))).toBe('409 already_exists /code');
  });

  it('name the field that is wrong', async () => {
    const post = async (fields: object) => problemOf(await shop.manager.post('/promotions', { name: 'x', ...fields }));

    expect(await post({})).toMatch(/^422 validation_failed \/discount/);
    expect(await post({ discount: { kind: 'percent', ratePpm: 1_000_001 } })).toBe(
      '422 validation_failed /discount/ratePpm',
    );
    expect(await post({ discount: { kind: 'amount', amount: 0 } })).toBe('422 validation_failed /discount/amount');
    expect(await post({ discount: tenPercent, maxUses: 0 })).toBe('422 validation_failed /maxUses');
    expect(await post({ discount: tenPercent, code: 'no spaces' })).toBe('422 validation_failed /code');
    expect(await post({ discount: tenPercent, appliesTo: { productIds: [999_999_999] } })).toBe(
      '422 validation_failed /appliesTo/productIds/0',
    );
    const { id } = await promote();
    const codes = async (body: object) => problemOf(await shop.manager.post(`/promotions/${id}/codes`, body));

    expect(await codes({})).toBe('422 validation_failed /count');
    expect(await codes({ code: 'A', count: 2 })).toBe('422 validation_failed /count');
    expect(await codes({ code: 'A', prefix: 'B' })).toBe('422 validation_failed /prefix');
    expect(await codes({ count: 5_001 })).toBe('422 validation_failed /count');
    expect(problemOf(await shop.manager.post('/promotions/999999999/codes', { count: 1 }))).toBe('404 not_found');
  });

  it('get codes in bulk, once for a key, and list them in pages', async () => {
    const { id } = await promote();
    const headers = { 'idempotency-key': randomUUID() };
    const wish = { count: 3, prefix: 'vip-' };
    const made = await shop.manager.post(`/promotions/${id}/codes`, wish, { headers });
    const again = await shop.manager.post(`/promotions/${id}/codes`, wish, { headers });

    expect(made.status).toBe(201);
    expect(made.body.data).toHaveLength(3);
    expect(made.body.data[0]).toMatchObject({ promotionId: id, maxUses: 1, used: 0 });
    expect(made.body.data[0].code).toMatch(/^VIP-[A-Z2-9]{12}$/);
    expect(again.body).toEqual(made.body);
    const first = await shop.staff.get(`/promotions/${id}/codes?limit=3`);
    const rest = await shop.staff.get(`/promotions/${id}/codes?cursor=${first.body.nextCursor}`);

    expect([...first.body.data, ...rest.body.data].slice(1)).toEqual(made.body.data);
    expect(rest.body.nextCursor).toBeNull();
  });
});
