import { randomUUID } from 'node:crypto';

import { openShop, orderOf, problemOf, type TestShop } from './orders-test-shop';

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
        appliesTo: { productIds: [], categories: [], planIds: [], addonKeys: [] },
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

describe('an order with a code', () => {
  it('is discounted, in small letters too; the code comes back when it is cancelled unpaid and not when it was paid', async () => {
    const buyer = await shop.addBuyer();
    const { id, code } = await promote({ maxUsesPerCustomer: 1 });
    const productId = await shop.addProduct({ price: 100_000 });
    const place = () => buyer.api.post('/orders', orderOf(productId, { promotionCode: code.toLowerCase() }));
    const first = await place();

    expect(first).toMatchObject({
      status: 201,
      body: { subtotal: 100_000, tax: 10_000, discount: 10_000, totalAmount: 100_000, promotionCodes: [code] },
    });
    const invoice = (await buyer.api.get(`/invoices/${first.body.invoiceId}`)).body;
    expect(invoice).toMatchObject({ discount: 10_000, totalAmount: 100_000, lines: [{ discount: 10_000 }] });
    expect(problemOf(await place())).toBe('422 promotion_already_used /promotionCode');
    expect(await shop.eventsOf(`order/${first.body.id}`)).toContain('promotion.redeemed');

    await buyer.api.post(`/orders/${first.body.id}/cancel`, {});
    expect(await shop.eventsOf(`order/${first.body.id}`)).toContain('promotion.released');
    expect((await shop.staff.get(`/promotions/${id}`)).body.used).toBe(0);
    const second = await place();
    expect(second.status).toBe(201);
    await shop.company.visitor.post(`/payments/${second.body.paymentId}/test/success`);
    await shop.manager.post(`/orders/${second.body.id}/cancel`, {});

    expect((await shop.staff.get(`/promotions/${id}`)).body.used).toBe(1);
    expect((await shop.staff.get(`/promotions/${id}/codes`)).body.data).toMatchObject([{ code, used: 1 }]);
  });

  it('uses it once for an Idempotency-Key, however often it is sent', async () => {
    const buyer = await shop.addBuyer();
    const { id, code } = await promote();
    const productId = await shop.addProduct();
    const headers = { 'idempotency-key': randomUUID() };
    const place = () => buyer.api.post('/orders', orderOf(productId, { promotionCode: code }), { headers });
    const answers = await Promise.all([place(), place(), place()]);
    const last = await place();

    expect(last.status).toBe(201);
    expect(answers.filter(({ status }) => status === 201).every(({ body }) => body.id === last.body.id)).toBe(true);
    expect((await shop.staff.get(`/promotions/${id}`)).body.used).toBe(1);
  });

  it('goes to as many buyers at once as it has uses', async () => {
    const { id, code } = await promote({ maxUses: 3 });
    const productId = await shop.addProduct({ stock: 1_000 });
    const buyers = await Promise.all(Array.from({ length: 5 }, () => shop.addBuyer()));
    const answers = await Promise.all(
      buyers.flatMap(({ api }) =>
        Array.from({ length: 8 }, () => api.post('/orders', orderOf(productId, { promotionCode: code }))),
      ),
    );
    const outcomes = answers.map((answer) => (answer.status === 201 ? '201' : problemOf(answer)));

    expect(outcomes.filter((outcome) => outcome === '201')).toHaveLength(3);
    expect(new Set(outcomes)).toEqual(new Set(['201', '422 promotion_used_up /promotionCode']));
    expect((await shop.staff.get(`/promotions/${id}`)).body.used).toBe(3);
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({ reserved: 3 });
  });

  it('is refused with the reason and the member that holds the code, and changes nothing', async () => {
    const buyer = await shop.addBuyer();
    const productId = await shop.addProduct({ price: 100_000 });
    const other = await shop.addProduct();
    const place = (fields: Record<string, unknown>) => buyer.api.post('/orders', orderOf(productId, fields));
    const refusal = async (fields: object) => problemOf(await place({ promotionCode: (await promote(fields)).code }));
    const [tomorrow, yesterday] = [1, -1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());

    expect(await refusal({ startsAt: tomorrow })).toBe('422 promotion_not_started /promotionCode');
    expect(await refusal({ endsAt: yesterday })).toBe('422 promotion_ended /promotionCode');
    expect(await refusal({ discount: { kind: 'amount', amount: 1 }, currency: 'USD' })).toBe(
      '422 promotion_other_currency /promotionCode',
    );
    expect(await refusal({ appliesTo: { productIds: [other] } })).toBe('422 promotion_not_applicable /promotionCode');
    const { code } = await promote({ minSubtotal: 100_001 });
    expect(await place({ promotionCode: code })).toMatchObject({
      status: 422,
      body: {
        code: 'promotion_below_minimum',
        field: '/promotionCode',
        promotionCode: code,
        minSubtotal: 100_001,
        subtotal: 100_000,
        detail: `The code ${code} needs 100,001 VND of what it is for, at prices as they are shown.`,
      },
    });
    const [one, two] = [await promote(), await promote({ isCombinable: true })];
    expect(problemOf(await place({ promotionCodes: [two.code, one.code] }))).toBe(
      '422 promotion_not_combinable /promotionCodes/1',
    );
    expect(problemOf(await place({ promotionCode: one.code, promotionCodes: [two.code] }))).toBe(
      '422 validation_failed /promotionCodes',
    );
    expect((await buyer.api.get('/orders')).body.data).toEqual([]);
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({ reserved: 0 });
  });
});
