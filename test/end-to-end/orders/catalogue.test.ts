import { randomUUID } from 'node:crypto';

import type { Answer, ApiClient } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;
let manager: ApiClient;

beforeAll(async () => {
  company = await signUpCompany();
  manager = system.api.with({ token: company.manager.token });
});

const code = () => `c-${randomUUID().slice(0, 8)}`;
const product = (fields: object = {}) => ({ sku: code(), name: 'Áo thun', price: 50_000, ...fields });
const plan = (fields: object = {}) => ({ name: `Gói ${code()}`, price: 99_000, billingCycle: 'monthly', ...fields });
const addon = (fields: object = {}) => ({
  key: code(),
  name: 'Extra',
  price: 50_000,
  billingPeriod: 'monthly',
  ...fields,
});
const feature = (fields: object = {}) => ({ code: code(), name: 'Báo cáo', ...fields });
const resources = [
  ['products', product, { status: 'archived' }],
  ['plans', plan, { status: 'archived' }],
  ['features', feature, { status: 'archived' }],
  ['addons', addon, { isActive: false }],
] as const;

const problemOf = ({ status, body }: Answer): string => `${status} ${body.code} ${body.field ?? ''}`.trim();

describe.each(resources)('/%s', (resource, draft, archived) => {
  it('creates, reads, changes, archives and brings back', async () => {
    const created = await manager.post(`/${resource}`, draft());
    expect(created).toMatchObject({
      status: 201,
      body: { name: draft().name.slice(0, 3) === 'Gói' ? expect.any(String) : draft().name },
    });
    expect(created.headers.get('location')).toBe(`/api/v1/${resource}/${created.body.id}`);
    expect(created.body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?\+07:00$/);
    const path = `/${resource}/${created.body.id}`;
    expect(await company.visitor.get(path)).toMatchObject({ status: 200, body: created.body });

    const name = `Tên mới ${code()}`;
    expect(await manager.patch(path, { name })).toMatchObject({ status: 200, body: { name, id: created.body.id } });
    expect((await manager.delete(path)).status).toBe(204);
    expect(await manager.get(path)).toMatchObject({ status: 200, body: archived });
    for (const reader of [company.visitor, system.api.with({ token: (await company.addShopper()).token })]) {
      expect(problemOf(await reader.get(path))).toBe('404 not_found');
    }
    expect((await manager.delete(path)).status).toBe(204);

    const back = await manager.patch(path, 'isActive' in archived ? { isActive: true } : { status: 'active' });
    expect(back.status).toBe(200);
  });

  it('shows visitors what is active, and employees what they ask for', async () => {
    const { body } = await manager.post(`/${resource}`, draft({ name: 'Zzz lưu trữ' }));
    await manager.delete(`/${resource}/${body.id}`);
    const ids = async (client: ApiClient, query: string) =>
      (await client.get(`/${resource}?q=zzz+luu+tru${query}`)).body.data.map((row: { id: number }) => row.id);

    expect(await ids(company.visitor, '')).toEqual([]);
    expect(await ids(manager, '')).toEqual([]);
    expect(await ids(system.api.with({ token: company.staff.token }), '&status=archived')).toEqual([body.id]);
    expect(await ids(manager, '&status=all')).toEqual([body.id]);
    expect(problemOf(await company.visitor.get(`/${resource}?status=archived`))).toBe('403 forbidden status');
  });

  it('is written by managers only', async () => {
    const shopper = await company.addShopper();

    expect(problemOf(await company.visitor.post(`/${resource}`, draft()))).toBe('401 unauthenticated');
    for (const token of [shopper.token, company.staff.token]) {
      expect(problemOf(await system.api.post(`/${resource}`, draft(), { token }))).toBe('403 forbidden');
    }
    expect((await company.api.post(`/${resource}`, draft())).status).toBe(201);
  });

  it('does not know the rows of another company', async () => {
    const { body } = await manager.post(`/${resource}`, draft());
    const other = await signUpCompany();
    const path = `/${resource}/${body.id}`;

    expect(problemOf(await other.visitor.get(path))).toBe('404 not_found');
    expect(problemOf(await other.api.patch(path, { name: 'x' }))).toBe('404 not_found');
    expect(problemOf(await other.api.delete(path))).toBe('404 not_found');
    expect((await other.api.get(`/${resource}?status=all`)).body.data).toEqual([]);
  });

  it('walks all rows in pages', async () => {
    const other = await signUpCompany();

    for (let nth = 0; nth < 5; nth += 1) {
      await other.api.post(`/${resource}`, draft());
    }
    const first = await other.visitor.get(`/${resource}?limit=2`);
    const second = await other.visitor.get(`/${resource}?limit=2&cursor=${first.body.nextCursor}`);
    const third = await other.visitor.get(`/${resource}?limit=2&cursor=${second.body.nextCursor}`);
    const ids = [first, second, third].flatMap((page) => page.body.data.map((row: { id: number }) => row.id));

    expect(new Set(ids).size).toBe(5);
    expect(third.body.nextCursor).toBeNull();
    expect(problemOf(await other.visitor.get(`/${resource}?cursor=bm9uc2Vuc2U`))).toBe('422 validation_failed cursor');
  });

  it('is created once per Idempotency-Key', async () => {
    const body = draft();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await manager.post(`/${resource}`, body, { headers });
    const again = await manager.post(`/${resource}`, body, { headers });

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('names the field that is wrong', async () => {
    const { name: _, ...nameless } = draft() as { name: string };

    expect(problemOf(await manager.post(`/${resource}`, nameless))).toBe('422 validation_failed /name');
    expect(problemOf(await manager.post(`/${resource}`, draft({ colour: 'red' })))).toBe(
      '422 validation_failed /colour',
    );
    expect(problemOf(await manager.get(`/${resource}/abc`))).toBe('422 validation_failed id');
    expect(problemOf(await manager.get(`/${resource}/99999999999999999999`))).toBe('422 validation_failed id');
    expect(problemOf(await manager.get(`/${resource}?colour=red`))).toBe('422 validation_failed colour');
  });
});

describe('a taken name', () => {
  it.each([
    ['products', product({ sku: 'TAKEN' }), '/sku'],
    ['plans', plan({ name: 'Taken' }), '/name'],
    ['features', feature({ code: 'taken' }), '/code'],
    ['addons', addon({ key: 'taken' }), '/key'],
    ['categories', { name: 'Đã có' }, '/name'],
  ])('of /%s is a conflict that names it', async (resource, body, field) => {
    const first = await manager.post(`/${resource}`, body);
    const second = await manager.post(`/${resource}`, body);

    expect(problemOf(second)).toBe(`409 already_exists ${field}`);
    expect(second.body.existingId).toBe(first.body.id);
  });
});

describe('prices', () => {
  it.each([-1, 0.5, '50000', 2 ** 53, null])('are whole minor units: %p is refused', async (price) => {
    for (const [resource, draft] of [
      ['products', product],
      ['plans', plan],
      ['addons', addon],
    ] as const) {
      expect(problemOf(await manager.post(`/${resource}`, draft({ price })))).toBe('422 validation_failed /price');
    }
  });

  it('may be nothing, or as much as a number holds', async () => {
    const most = Number.MAX_SAFE_INTEGER;

    expect((await manager.post('/plans', plan({ price: 0 }))).body.price).toBe(0);
    expect((await manager.post('/products', product({ price: most }))).body.price).toBe(most);
  });

  it.each(['vnd', 'VN', 'XYZW', 'QQQ'])('have a currency that exists: %s is refused', async (currency) => {
    expect(problemOf(await manager.post('/products', product({ currency })))).toBe('422 validation_failed /currency');
  });
});

describe('products', () => {
  it('come with their first stock, and are filtered by it', async () => {
    const { body } = await manager.post('/products', product({ name: 'Có hàng', stock: 12 }));
    await manager.post('/products', product({ name: 'Có hàng' }));

    expect(body.stock).toBe(12);
    const found = await company.visitor.get('/products?q=co%20hang&inStock=true');
    expect(found.body.data).toEqual([body]);
  });

  it('are sorted by price and name, with filters', async () => {
    for (const [name, price] of [
      ['Yến B', 3],
      ['Yến A', 2],
      ['Yén C', 1],
    ] as const) {
      await manager.post('/products', product({ name, price, category: 'Chim' }));
    }
    const names = async (query: string) =>
      (await company.visitor.get(`/products?category=Chim${query}`)).body.data.map((row: { name: string }) => row.name);

    expect(await names('&sort=price')).toEqual(['Yén C', 'Yến A', 'Yến B']);
    expect(await names('&sort=-price&minPrice=2')).toEqual(['Yến B', 'Yến A']);
    expect(await names('&sort=name')).toEqual(['Yến A', 'Yến B', 'Yén C']);
    expect(await names('&currency=USD')).toEqual([]);
  });

  it('keep a cursor to the order that gave it', async () => {
    const { body } = await company.visitor.get('/products?sort=price&limit=1');

    expect(problemOf(await company.visitor.get(`/products?sort=name&cursor=${body.nextCursor}`))).toBe(
      '422 validation_failed cursor',
    );
  });

  it('take free attributes of one level, and no deeper', async () => {
    const attributes = { size: 'M', colours: ['đỏ', 1, true, null], specifications: { weight: 1.5 } };
    const deep = { a: { b: { c: 1 } } };

    expect((await manager.post('/products', product({ attributes }))).body.attributes).toEqual(attributes);
    expect(problemOf(await manager.post('/products', product({ attributes: deep })))).toMatch(/^422 validation_failed/);
  });
});

describe('categories', () => {
  it('are made, read and changed, sort products, and are put away', async () => {
    const { body: made } = await manager.post('/features', feature());
    const created = await manager.post('/categories', { name: 'Gốm sứ', features: [made.code] });
    const path = `/categories/${created.body.id}`;
    expect(created).toMatchObject({ status: 201, body: { name: 'Gốm sứ', features: [made.code], status: 'active' } });
    const bought = await manager.post('/products', product({ category: 'GOM SU' }));
    expect(bought).toMatchObject({ status: 201, body: { category: 'Gốm sứ', categoryId: created.body.id } });
    const ofName = await company.visitor.get('/products?category=gom%20su');
    expect(ofName.body.data.map(({ id }: { id: number }) => id)).toEqual([bought.body.id]);
    expect((await company.visitor.get('/categories?q=gom')).body.data).toMatchObject([{ id: created.body.id }]);
    expect(await manager.patch(path, { description: 'Bát Tràng' })).toMatchObject({
      status: 200,
      body: { description: 'Bát Tràng', features: [made.code] },
    });
    expect(problemOf(await manager.patch(path, { name: 'Khác' }))).toBe('422 validation_failed /name');
    expect(problemOf(await manager.patch(path, { features: ['none'] }))).toBe('422 validation_failed /features/0');
    expect(problemOf(await company.visitor.post('/categories', { name: 'Lạ' }))).toMatch(/^401/);
    expect((await manager.delete(path)).status).toBe(204);
    expect(problemOf(await company.visitor.get(path))).toBe('404 not_found');
    expect(problemOf(await manager.post('/products', product({ category: 'Gốm sứ' })))).toBe(
      '422 validation_failed /category',
    );
  });
});

describe('plans', () => {
  it('carry their features and trial', async () => {
    const { body: made } = await manager.post('/features', feature());
    const answer = await manager.post('/plans', plan({ trialEnabled: true, trialDays: 14, features: [made.code] }));

    expect(answer).toMatchObject({
      status: 201,
      body: { trialEnabled: true, trialDays: 14, features: [made.code], currency: 'VND', billingCycle: 'monthly' },
    });
    expect(problemOf(await manager.post('/plans', plan({ trialDays: 14 })))).toBe('422 validation_failed /trialDays');
    expect(problemOf(await manager.post('/plans', plan({ features: ['none'] })))).toBe(
      '422 validation_failed /features/0',
    );
  });

  it('in draft are for employees until they are published', async () => {
    const { body } = await manager.post('/plans', plan({ status: 'draft' }));

    expect(problemOf(await company.visitor.get(`/plans/${body.id}`))).toBe('404 not_found');
    expect((await manager.get(`/plans/${body.id}`)).status).toBe(200);
    await manager.patch(`/plans/${body.id}`, { status: 'active' });
    expect((await company.visitor.get(`/plans/${body.id}`)).status).toBe(200);
  });
});

describe('the demo company', () => {
  it('has something to sell in every way', async () => {
    const products = (await system.api.get('/products?limit=100')).body.data;
    const plans = (await system.api.get('/plans')).body.data;
    const addons = (await system.api.get('/addons')).body.data;

    expect(products.length).toBeGreaterThanOrEqual(8);
    expect(products.map((row: { price: number }) => row.price)).toContain(50_000);
    expect(plans.map((row: { price: number }) => row.price)).toEqual(
      expect.arrayContaining([0, 99_000, 299_000, 2_990_000]),
    );
    expect(addons).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'storage', price: 50_000 }),
        expect.objectContaining({ key: 'ai_assistant', price: 100_000 }),
      ]),
    );
  });
});
