import { randomUUID } from 'node:crypto';

import type { Answer } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;

beforeAll(async () => {
  company = await signUpCompany();
});

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const count = async (sql: string, ...values: unknown[]): Promise<number> =>
  Number((await system.query<{ count: string }>(`SELECT count(*) AS count FROM ${sql}`, values))[0]?.count);

/** Repeats while the first request is under way, as a client does that honours Retry-After. */
async function insist(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();

    if (answer.body?.code !== 'idempotency_in_progress') {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a product that is created fifty times at once with one key is one product with one event', async () => {
  const sku = `SKU-${randomUUID()}`;
  const body = { sku, name: 'Áo dài', price: 350_000, currency: 'VND' };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => insist(() => company.api.post('/products', body, withKey(`product-${sku}`)))),
  );
  const ids = new Set(answers.map((answer) => answer.body.id));
  const [id] = ids;

  expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(201));
  expect(ids.size).toBe(1);
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  expect(await count('product.products WHERE company_id = $1 AND sku = $2', company.id, sku)).toBe(1);
  expect(
    await count(
      "platform.events WHERE company_id = $1 AND subject = $2 AND type = 'product.created'",
      company.id,
      `product/${id}`,
    ),
  ).toBe(1);
});

test('an order that is sent twenty times at once with one key is one order, one invoice, one payment', async () => {
  const shopper = await company.addShopper();
  const product = await company.api.post('/products', {
    sku: `SKU-${randomUUID()}`,
    name: 'Nón lá',
    price: 50_000,
    currency: 'VND',
  });
  await company.api.put(`/inventory/${product.body.id}`, { quantity: 10, reorderLevel: 0 });
  const body = {
    items: [{ productId: product.body.id, quantity: 1 }],
    shippingAddress: '12 Tràng Tiền, Hà Nội',
    paymentMethod: 'vnpay',
  };
  const key = `order-${randomUUID()}`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      insist(() => company.api.post('/orders', body, { token: shopper.token, ...withKey(key) })),
    ),
  );
  const orderIds = new Set(answers.map((answer) => answer.body.id));
  const stock = await company.api.get(`/inventory/${product.body.id}`);

  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(201));
  expect(orderIds.size).toBe(1);
  expect(await count('ordering.orders WHERE company_id = $1', company.id)).toBe(1);
  expect(await count('finance.invoices WHERE company_id = $1', company.id)).toBe(1);
  expect(await count('finance.payments WHERE company_id = $1', company.id)).toBe(1);
  expect(stock.body).toMatchObject({ reserved: 1, available: 9 });
});

test('stock that is adjusted ten times at once with one key moves once', async () => {
  const product = await company.api.post('/products', {
    sku: `SKU-${randomUUID()}`,
    name: 'Khăn',
    price: 1_000,
    currency: 'VND',
  });
  await company.api.put(`/inventory/${product.body.id}`, { quantity: 10, reorderLevel: 0 });
  const path = `/inventory/${product.body.id}/adjust`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      insist(() => company.api.post(path, { delta: 5, reason: 'found' }, withKey('adjust-1'))),
    ),
  );

  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
  expect((await company.api.get(`/inventory/${product.body.id}`)).body.quantity).toBe(15);
});

test('a sign-up that is repeated signs in to the same user, and its tokens are not in the database', async () => {
  const email = `an-${randomUUID()}@example.test`;
  const body = { email, password: 'a-long-enough-password', name: 'An' };
  const key = `signup-${email}`;
  const first = await company.visitor.post('/auth/signup', body, withKey(key));
  const second = await company.visitor.post('/auth/signup', body, withKey(key));
  const [kept] = await system.query<{ text: string }>(
    'SELECT to_jsonb(k)::text AS text FROM platform.idempotency_keys k WHERE key = $1',
    [key],
  );

  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  expect(kept?.text).not.toContain(first.body.refreshToken);
  expect(kept?.text).not.toContain(first.body.accessToken);
  expect(kept?.text).not.toContain(body.password);
});

test('a refresh whose answer was lost may be repeated with its key', async () => {
  const email = `binh-${randomUUID()}@example.test`;
  const session = await company.visitor.post('/auth/signup', { email, password: 'a-long-enough-password' });
  const body = { refreshToken: session.body.refreshToken };
  const first = await company.visitor.post('/auth/refresh', body, withKey(`refresh-${email}`));
  const repeated = await company.visitor.post('/auth/refresh', body, withKey(`refresh-${email}`));
  const next = await company.visitor.post('/auth/refresh', { refreshToken: first.body.refreshToken });

  expect([first.status, repeated.status, next.status]).toEqual([200, 200, 200]);
  expect(repeated.body.refreshToken).toBe(first.body.refreshToken);
});

test('the same key with another body is refused over HTTP too', async () => {
  const key = `mixed-${randomUUID()}`;
  const body = { code: `f-${randomUUID()}`, name: 'Feature' };
  await company.api.post('/features', body, withKey(key));
  const second = await company.api.post('/features', { ...body, name: 'Another' }, withKey(key));

  expect(second).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
});
