import { randomUUID } from 'node:crypto';

import type { Answer, ApiClient } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;
let staff: ApiClient;

beforeAll(async () => {
  company = await signUpCompany();
  staff = system.api.with({ token: company.staff.token });
});

const addProduct = async (stock?: number): Promise<number> => {
  const { body } = await company.api.post('/products', { sku: randomUUID(), name: 'Sách', price: 10_000, stock });

  return body.id;
};
const problemOf = ({ status, body }: Answer): string => `${status} ${body.code} ${body.field ?? ''}`.trim();

describe('/inventory', () => {
  it('is set and adjusted by employees, who see all of it', async () => {
    const id = await addProduct();
    const set = await staff.put(`/inventory/${id}`, { quantity: 100, reorderLevel: 10 });

    expect(set).toMatchObject({
      status: 200,
      body: {
        productId: id,
        quantity: 100,
        reserved: 0,
        available: 100,
        reorderLevel: 10,
        isLowStock: false,
        updatedAt: expect.stringMatching(/\+07:00$/),
      },
    });
    const adjusted = await staff.post(`/inventory/${id}/adjust`, { delta: -91, reason: 'kiểm kê' });
    expect(adjusted).toMatchObject({ status: 200, body: { quantity: 9, available: 9, isLowStock: true } });
    expect((await staff.get(`/inventory/${id}`)).body).toEqual(adjusted.body);

    const { data } = (await staff.get(`/inventory/${id}/movements`)).body;
    expect(data).toMatchObject([
      { type: 'ADJUSTMENT', quantityDelta: -91, reason: 'kiểm kê', userId: company.staff.principal.userId },
      { type: 'SET', quantityDelta: 100, reason: null },
    ]);
  });

  it('shows others what is available and no more', async () => {
    const id = await addProduct(7);
    const shopper = await company.addShopper();

    for (const client of [company.visitor, system.api.with({ token: shopper.token })]) {
      expect((await client.get(`/inventory/${id}`)).body).toEqual({ productId: id, available: 7 });
      expect((await client.get('/inventory')).status).toBeGreaterThanOrEqual(401);
      expect((await client.put(`/inventory/${id}`, { quantity: 1 })).status).toBeGreaterThanOrEqual(401);
      expect((await client.post(`/inventory/${id}/adjust`, { delta: 1, reason: 'x' })).status).toBeGreaterThanOrEqual(
        401,
      );
      expect((await client.get(`/inventory/${id}/movements`)).status).toBeGreaterThanOrEqual(401);
    }
  });

  it('refuses to fall below what is held, and says how much that is', async () => {
    const id = await addProduct(10);
    await system.query('UPDATE ordering.inventory SET reserved = 4 WHERE product_id = $1', [id]);

    expect(await staff.put(`/inventory/${id}`, { quantity: 3 })).toMatchObject({
      status: 409,
      body: { code: 'stock_below_reserved', field: '/quantity', quantity: 10, reserved: 4, available: 6 },
    });
    expect(problemOf(await staff.post(`/inventory/${id}/adjust`, { delta: -7, reason: 'x' }))).toBe(
      '409 stock_below_reserved /delta',
    );
  });

  it.each([
    [{ quantity: -1 }, '/quantity'],
    [{ quantity: 1.5 }, '/quantity'],
    [{ quantity: 2_147_483_648 }, '/quantity'],
    [{ reorderLevel: -1 }, '/reorderLevel'],
    [{}, '/quantity'],
    [{ quantity: 1, available: 5 }, '/available'],
  ])('refuses to be set to %j', async (body, field) => {
    const id = await addProduct();

    expect(problemOf(await staff.put(`/inventory/${id}`, body))).toBe(`422 validation_failed ${field}`);
  });

  it.each([
    [{ delta: 0, reason: 'x' }, '/delta'],
    [{ delta: 1 }, '/reason'],
    [{ delta: 2_147_483_648, reason: 'x' }, '/delta'],
    [{ delta: 2_147_483_647, reason: 'x' }, '/delta'],
  ])('refuses to be adjusted by %j', async (body, field) => {
    const id = await addProduct(5);

    expect(problemOf(await staff.post(`/inventory/${id}/adjust`, body))).toBe(`422 validation_failed ${field}`);
  });

  it('is not there for a product that is not there', async () => {
    for (const client of [staff, company.visitor]) {
      expect(problemOf(await client.get('/inventory/999999999'))).toBe('404 not_found');
    }
    expect(problemOf(await staff.put('/inventory/999999999', { quantity: 1 }))).toBe('404 not_found');
    expect(problemOf(await staff.post('/inventory/999999999/adjust', { delta: 1, reason: 'x' }))).toBe('404 not_found');
  });

  it('is exact after 60 adjustments at once', async () => {
    const id = await addProduct(100);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, nth) =>
        staff.post(`/inventory/${id}/adjust`, { delta: nth % 3 === 0 ? 2 : -1, reason: 'x' }),
      ),
    );

    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect((await staff.get(`/inventory/${id}`)).body).toMatchObject({ quantity: 100, available: 100 });
  });

  it('is adjusted once per Idempotency-Key', async () => {
    const id = await addProduct(10);
    const headers = { 'idempotency-key': randomUUID() };
    const adjust = () => staff.post(`/inventory/${id}/adjust`, { delta: -3, reason: 'x' }, { headers });
    await adjust();
    await adjust();

    expect((await staff.get(`/inventory/${id}`)).body.quantity).toBe(7);
  });

  it('lists what is low on stock, and tells of it once', async () => {
    const other = await signUpCompany();
    const { body: low } = await other.api.post('/products', { sku: 'LOW', name: 'Ít', price: 1, stock: 9 });
    await other.api.post('/products', { sku: 'HIGH', name: 'Nhiều', price: 1, stock: 9 });
    await other.api.put(`/inventory/${low.id}`, { reorderLevel: 5 });
    await other.api.post(`/inventory/${low.id}/adjust`, { delta: -4, reason: 'x' });
    await other.api.post(`/inventory/${low.id}/adjust`, { delta: -1, reason: 'x' });

    expect((await other.api.get('/inventory?lowStock=true')).body.data).toMatchObject([{ sku: 'LOW', available: 4 }]);
    expect((await other.api.get('/inventory?q=nhieu')).body.data).toMatchObject([{ sku: 'HIGH' }]);
    const { data } = (await other.api.get(`/events?subject=inventory/${low.id}&type=INVENTORY_LOW_STOCK`)).body;
    expect(data).toMatchObject([{ payload: { productId: low.id, available: 5, reorderLevel: 5 } }]);
  });
});
