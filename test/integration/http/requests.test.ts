import { z } from 'zod';

import {
  defineRoute,
  managers,
  operators,
  type RequestContext,
  type Route,
  signedIn,
} from '../../../api/http/pipeline/route';
import { AppError } from '../../../domain/errors';
import { dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import type { Answer, ApiClient } from '../../environment/api-client';
import { startTestApp, type TestApp } from '../../environment/test-app';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const Seen = z.strictObject({ companyId: z.number(), role: z.string().nullable() });

/** Answers with what the layers found out. */
const see = ({ companyId, principal }: RequestContext<unknown, unknown, unknown>) =>
  Promise.resolve({ status: 200, body: { companyId, role: principal?.role ?? null } });

const route = (path: string, extra: Partial<Route>): Route => ({
  method: 'get',
  path,
  operationId: `${extra.method ?? 'get'}${path.replaceAll(/\W+/g, '_')}`,
  summary: path,
  tag: 'test',
  access: 'public',
  responses: { 200: Seen },
  handler: see,
  ...extra,
});

const Line = z.strictObject({ productId: z.int().positive(), quantity: z.int().min(1) });

let testDatabase: TestDatabase;
let company: TestCompany;
let other: TestCompany;
let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  company = await openTestCompany(testDatabase.database);
  other = await openTestCompany(testDatabase.database);
  app = await startTestApp({
    database: testDatabase.database,
    env: { DEFAULT_COMPANY: company.slug, PUBLIC_URL: 'http://shop.example' },
    routes: () => [
      route('/seen', {}),
      route('/seen/:id', {
        params: z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
      }),
      route('/seen/latest', {}),
      route('/inside', { access: signedIn }),
      route('/managed', { access: managers }),
      route('/operated', { access: operators }),
      route('/auth/login', { method: 'post', body: z.strictObject({}) }),
      route('/payments/:id', { params: z.strictObject({ id: z.string() }) }),
      route('/callback', { access: 'provider' }),
      route('/list', { query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }) }),
      route('/orders', {
        method: 'post',
        body: z.strictObject({
          note: z.string().optional(),
          items: z.array(Line).min(1),
          attributes: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
      route('/bare', { method: 'post' }),
      route('/only-tests', { developmentOnly: true }),
      defineRoute({
        ...route('/domain-refusal', {}),
        handler: () =>
          Promise.reject(new AppError('out_of_stock', { field: '/items/0', params: { status: 200, lines: [] } })),
      }),
      defineRoute({ ...route('/broken', {}), handler: () => Promise.reject(new Error('secret detail of ours')) }),
      defineRoute({ ...route('/undocumented', {}), handler: () => Promise.resolve({ status: 204 }) }),
      defineRoute({
        ...route('/taken', {}),
        handler: async ({ companyId, now }) => {
          await testDatabase.database.withTenant(companyId, (tx) =>
            tx.query(
              z.unknown(),
              Prisma.sql`INSERT INTO product.features (company_id, name, code, created_at, updated_at) SELECT ${companyId}::bigint, 'x', 'twice', ${now}, ${now} FROM generate_series(1, 2)`,
            ),
          );

          return { status: 200 };
        },
      }),
    ],
  });
  api = app.api;
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

async function operatorOf({ id, admin }: TestCompany): Promise<string> {
  const { userId } = await testDatabase.database.withTenant(id, async (tx) => {
    const [row] = await tx.query(
      z.object({ userId: dbInteger }),
      Prisma.sql`INSERT INTO customer.users (company_id, email, password_hash, role, created_at, updated_at)
                 SELECT company_id, 'operator-' || id || '@example.test', 'x', 'super_admin', now(), now()
                   FROM customer.users WHERE id = ${admin.principal.userId}::bigint
                 ON CONFLICT (company_id, email) DO UPDATE SET updated_at = now() RETURNING id AS "userId"`,
    );

    return row as { userId: number };
  });

  return app.deps.accessTokens.issueAccessToken({ ...admin.principal, userId, role: 'super_admin' });
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `/docs/problems#${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    instance: answer.headers.get('x-request-id'),
  });
}

describe('request ids', () => {
  test("a caller's own id is kept and answered", async () => {
    const answer = await api.get('/seen', { headers: { 'x-request-id': 'checkout-7f3a' } });

    expect(answer.headers.get('x-request-id')).toBe('checkout-7f3a');
  });

  test.each([
    ['a space', 'has space'],
    ['129 characters', 'x'.repeat(129)],
    ['markup', '<script>'],
  ])('an id with %s is unfit for logs and replaced', async (_what, id) => {
    const answer = await api.get('/seen', { headers: { 'x-request-id': id } });

    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('addresses', () => {
  test.each(['//api/v1/seen', '//api/seen', '//payments/7', '//api/payments/7', '//api/v1/payments/7'])(
    '%s reaches its handler',
    async (path) => {
      expect((await api.get(path)).status).toBe(200);
    },
  );

  test.each(['//', '//api', '//api/', '//api/v1', '//api/v1/'])('%s says where everything is', async (path) => {
    const json = await api.get(path);
    const page = await api.get(path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });

    expect(json.body).toEqual({
      name: 'bmms',
      api: '/api/v1',
      documentation: '/docs',
      openapi: '/api/v1/openapi.json',
      problems: '/docs/problems',
      health: '/health/ready',
    });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('href="/docs"');
    expect(json.headers.get('vary')).toContain('Accept');
  });

  test('sign-in answers without a version', async () => {
    expect((await api.post('//auth/login', {})).status).toBe(200);
  });

  test.each(['//seen', '//api/v1/nothing', '//api/v2/seen', '//api/v1/seen/1/2', '//%E0%A4%A', '//api/v1/Seen'])(
    '%s is not found',
    async (path) => {
      expectProblem(await api.get(path), 404, 'not_found');
    },
  );

  test('another method is refused and told which there are', async () => {
    const answer = await api.delete('/orders');

    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });

  test('a literal segment wins over a parameter, whatever the order of the routes', async () => {
    expect((await api.get('/seen/latest')).status).toBe(200);
  });

  test.each(['abc', '0', '-1', '1.5', '99999999999999999999', '9007199254740993', '%00', 'NaN'])(
    'the id %s is refused by name',
    async (id) => {
      const answer = await api.get(`/seen/${id}`);

      expectProblem(answer, 422, 'validation_failed');
      expect(answer.body.field).toBe('id');
    },
  );

  test('test endpoints are there outside production and absent in it', async () => {
    const production = await startTestApp({
      database: testDatabase.database,
      env: {
        NODE_ENV: 'production',
        JWT_SECRET: 'a-production-secret-that-nobody-has-seen',
        VNPAY_HASH_SECRET: 'APRODUCTIONSECRETOFVNPAY',
        DEFAULT_COMPANY: company.slug,
      },
      routes: () => [route('/only-tests', { developmentOnly: true })],
    });
    const answer = await production.api.get('/only-tests');
    const figures = await production.api.get('//metrics');
    await production.close();

    expect((await api.get('/only-tests')).status).toBe(200);
    expectProblem(answer, 404, 'not_found');
    expectProblem(figures, 404, 'not_found');
  });

  test('/metrics and /docs are there where the settings say so', async () => {
    const closed = await startTestApp({
      database: testDatabase.database,
      env: { API_METRICS: 'false', API_DOCS: 'false', DEFAULT_COMPANY: company.slug },
      routes: () => [],
    });
    const paths = ['//metrics', '//docs/problems', '/openapi.json'];
    const front = (await closed.api.get('//')).body;
    const statuses = (of: ApiClient) => Promise.all(paths.map(async (path) => (await of.get(path)).status));
    const [without, by] = [await statuses(closed.api), await statuses(api)];
    await closed.close();

    expect(front).toEqual({ name: 'bmms', api: '/api/v1', health: '/health/ready' });
    expect(without).toEqual([404, 404, 404]);
    expect(by).toEqual([200, 200, 200]);
  });
});

describe('the company of a request', () => {
  const companyOf = async (options: Parameters<ApiClient['get']>[1]) =>
    (await api.get('/seen', options)).body.companyId;

  test('the default one where nobody names any', async () => {
    expect(await companyOf({})).toBe(company.id);
  });

  test('the one that X-Company names', async () => {
    expect(await companyOf({ headers: { 'x-company': other.slug } })).toBe(other.id);
  });

  test("the token's, whatever X-Company says", async () => {
    expect(await companyOf({ token: other.staff.token })).toBe(other.id);
    expect(await companyOf({ token: other.staff.token, headers: { 'x-company': company.slug } })).toBe(other.id);
  });

  test('a super_admin acts for the company that X-Company names', async () => {
    const token = await operatorOf(company);

    expect(await companyOf({ token })).toBe(company.id);
    expect(await companyOf({ token, headers: { 'x-company': other.slug } })).toBe(other.id);
  });

  test.each(['no-such-company', '', 'Not A Slug', "x' OR 1=1"])('X-Company %p names none', async (slug) => {
    expectProblem(await api.get('/seen', { headers: { 'x-company': slug } }), 404, 'company_not_found');
  });

  test('a provider callback needs none', async () => {
    const answer = await api.get('/callback?vnp_Amount=1', { headers: { 'x-company': 'no-such-company' } });

    expect(answer.body).toEqual({ companyId: 0, role: null });
  });

  test('a suspended company is refused to all but a super_admin', async () => {
    const suspended = await openTestCompany(testDatabase.database);
    await queryAsOwner(testDatabase.adminUrl, "UPDATE platform.companies SET status = 'suspended' WHERE id = $1", [
      suspended.id,
    ]);
    const token = await operatorOf(suspended);

    expectProblem(await api.get('/seen', { headers: { 'x-company': suspended.slug } }), 403, 'company_suspended');
    expectProblem(await api.get('/inside', { token: suspended.admin.token }), 403, 'company_suspended');
    expect((await api.get('/inside', { token })).status).toBe(200);
  });
});

describe('who calls', () => {
  test('without a token a route for people is closed', async () => {
    const answer = await api.get('/inside');

    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    'Basic dXNlcg==',
    'Bearer',
    'Bearer not-a-token',
    'Bearer a b',
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
  ])('the header %p signs nobody in', async (authorization) => {
    expectProblem(await api.get('/inside', { headers: { authorization } }), 401, 'unauthenticated');
    expectProblem(await api.get('/seen', { headers: { authorization } }), 401, 'unauthenticated');
  });

  test('a stale token does not keep anybody from signing in', async () => {
    expect((await api.post('/auth/login', {}, { token: 'stale' })).status).toBe(200);
  });

  test('roles: a route for managers refuses staff, one for operators everybody but super_admin', async () => {
    const operator = await operatorOf(company);
    const statuses = async (path: string) =>
      Promise.all(
        [company.staff.token, company.manager.token, company.admin.token, operator].map(
          async (token) => (await api.get(path, { token })).status,
        ),
      );

    expect(await statuses('/managed')).toEqual([403, 200, 200, 200]);
    expect(await statuses('/operated')).toEqual([403, 403, 403, 200]);
  });

  test('a token that is still out ends with its user or their role, at once where customers cannot call', async () => {
    const shop = await openTestCompany(testDatabase.database);
    const shopper = await shop.addShopper();
    const set = (userId: number, column: 'status' | 'role', value: string) =>
      queryAsOwner(testDatabase.adminUrl, `UPDATE customer.users SET ${column} = $2 WHERE id = $1`, [userId, value]);
    const managed = () => api.get('/managed', { token: shop.admin.token });
    const { userId } = shop.admin.principal;

    expect((await managed()).status).toBe(200);
    await set(userId, 'status', 'disabled');
    expectProblem(await managed(), 403, 'forbidden');
    await set(userId, 'status', 'active');
    expect((await managed()).status).toBe(200);
    await set(userId, 'role', 'staff');
    expectProblem(await managed(), 401, 'unauthenticated');
    await set(shopper.principal.userId, 'status', 'disabled');
    expectProblem(await api.get('/inside', { token: shopper.token }), 403, 'forbidden');
    expectProblem(await api.get('/seen', { token: shopper.token }), 403, 'forbidden');
    expectProblem(await api.get('/seen', { token: shop.admin.token }), 401, 'unauthenticated');
    // What signs in again is asked by them, too.
    expect((await api.post('/auth/login', {}, { token: shopper.token })).status).toBe(200);
    // A token of nobody.
    const nobody = await app.deps.accessTokens.issueAccessToken({ ...shop.staff.principal, userId: 999_999_999 });
    expectProblem(await api.get('/inside', { token: nobody }), 401, 'unauthenticated');
  });
});

describe('input', () => {
  const order = (body: unknown, headers: Record<string, string> = {}) => api.post('/orders', body, { headers });
  const items = [{ productId: 1, quantity: 2 }];

  test('a valid body is taken', async () => {
    expect((await order({ items })).status).toBe(200);
    expect((await order({ items }, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  });

  test('every fault is named by a JSON pointer, the first on top', async () => {
    const answer = await order({ items: [{ productId: 'one', quantity: 0, 'a/b~c': 1 }], surprise: true });

    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body.errors.map((error: { field: string }) => error.field).sort()).toEqual(
      ['/items/0/a~1b~0c', '/items/0/productId', '/items/0/quantity', '/surprise'].sort(),
    );
    expect(answer.body.field).toBe(answer.body.errors[0].field);
    expect(answer.body.errors).toContainEqual({
      field: '/surprise',
      message: expect.any(String),
      code: 'unknown_field',
    });
  });

  test('an unknown query parameter is refused by name', async () => {
    const answer = await api.get('/list?limit=5&sort=up');

    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body.field).toBe('sort');
  });

  test('a parameter out of range is refused by name', async () => {
    expect((await api.get('/list?limit=101')).body.field).toBe('limit');
  });

  test('a body where none belongs is refused, an empty object is none', async () => {
    expectProblem(await api.post('/bare', { reason: 'x' }), 422, 'validation_failed');
    expect((await api.post('/bare', {})).status).toBe(200);
    expect((await api.post('/bare')).status).toBe(200);
  });

  test.each(['{', '"text"', 'null', '1', '{"items":}', '\u0000'])('%j is not a JSON object', async (text) => {
    expectProblem(await order(text), 400, 'malformed_json');
  });

  test('a list is not an object', async () => {
    expectProblem(await order([]), 422, 'validation_failed');
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'the content type %s is refused',
    async (type) => {
      expectProblem(await order('{"items":[]}', { 'content-type': type }), 415, 'unsupported_media_type');
    },
  );

  test('an unknown character set or encoding is refused', async () => {
    expectProblem(
      await order('{}', { 'content-type': 'application/json; charset=ebcdic' }),
      415,
      'unsupported_media_type',
    );
    expectProblem(await order('{}', { 'content-encoding': 'snappy' }), 415, 'unsupported_media_type');
    expectProblem(await order('{}', { 'content-encoding': 'gzip' }), 400, 'malformed_json');
  });

  test('a body above 1 MB is refused', async () => {
    expectProblem(await order({ items, note: 'x'.repeat(1_100_000) }), 413, 'payload_too_large');
  });

  test.each([
    ['NUL', '{"items":[{"productId":1,"quantity":1}],"note":"a\\u0000b"}', '/note'],
    ['half a surrogate pair', '{"items":[{"productId":1,"quantity":1}],"note":"\\ud800"}', '/note'],
    ['NUL in a name', '{"items":[{"productId":1,"quantity":1}],"attributes":{"a\\u0000":1}}', '/attributes'],
  ])('%s, which PostgreSQL cannot hold, is refused by name', async (_what, text, field) => {
    const answer = await order(text);

    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body.field).toBe(field);
  });

  test('nesting beyond any need is refused', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

    expectProblem(
      await order(`{"items":[{"productId":1,"quantity":1}],"attributes":${deep}}`),
      422,
      'validation_failed',
    );
  });

  test('a name from the prototype is an unknown field', async () => {
    expectProblem(
      await order('{"items":[{"productId":1,"quantity":1}],"__proto__":{"note":"x"}}'),
      422,
      'validation_failed',
    );
  });
});

describe('errors', () => {
  test("a domain's refusal keeps its members, which cannot replace fixed ones", async () => {
    const answer = await api.get('/domain-refusal');

    expectProblem(answer, 409, 'out_of_stock');
    expect(answer.body).toMatchObject({ field: '/items/0', lines: [] });
  });

  test('an error of ours says nothing of its cause', async () => {
    const answer = await api.get('/broken');

    expectProblem(answer, 500, 'internal');
    expect(answer.text).not.toContain('secret detail');
  });

  test('a unique key that is taken is named', async () => {
    const answer = await api.get('/taken');

    expectProblem(answer, 409, 'already_exists');
    expect(answer.body.field).toBe('/code');
  });

  test('an answer against its own documentation is an error in tests', async () => {
    expectProblem(await api.get('/undocumented'), 500, 'internal');
  });
});

describe('browsers', () => {
  test('a preflight is answered', async () => {
    const answer = await api.call('OPTIONS', '/orders', {
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });

    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('may ask whether what they have still holds, and read the tag that they ask with', async () => {
    const origin = 'https://shop.example';
    const asked = await api.call('OPTIONS', '/seen', {
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,if-none-match',
      },
    });
    const seen = await api.get('/seen', { headers: { origin } });

    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase().split(', ')).toContain('if-none-match');
    expect(seen.headers.get('access-control-expose-headers')?.split(', ')).toContain('ETag');
  });

  test('with origins listed, others get no permission', async () => {
    const strict = await startTestApp({
      database: testDatabase.database,
      env: { CORS_ORIGINS: 'https://a.example, https://b.example', DEFAULT_COMPANY: company.slug },
      routes: () => [route('/seen', {})],
    });
    const allowed = await strict.api.get('/seen', { headers: { origin: 'https://b.example' } });
    const refused = await strict.api.get('/seen', { headers: { origin: 'https://c.example' } });
    await strict.close();

    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://b.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.headers.get('vary')).toContain('Origin');
  });
});

test.each([
  ['0', [200, 200, 429]],
  ['1', [200, 200, 200]],
  ['loopback, 10.0.0.0/8', [200, 200, 200]],
])('with %s proxies in front the limit counts who they say has called', async (proxies, statuses) => {
  const limited = await startTestApp({
    database: testDatabase.database,
    env: { RATE_LIMIT_PER_MINUTE: '2', TRUST_PROXY: proxies, DEFAULT_COMPANY: company.slug },
    routes: () => [route('/seen', {})],
  });
  const answers = [];
  for (const caller of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
    answers.push(await limited.api.get('/seen', { headers: { 'x-forwarded-for': caller } }));
  }
  await limited.close();

  expect(answers.map(({ status }) => status)).toEqual(statuses);
});

test('more requests than the limit are refused with the time to wait', async () => {
  const limited = await startTestApp({
    database: testDatabase.database,
    env: { RATE_LIMIT_PER_MINUTE: '3', DEFAULT_COMPANY: company.slug },
    routes: () => [route('/seen', {})],
  });
  const answers = [];
  for (let nth = 1; nth <= 4; nth += 1) {
    answers.push(await limited.api.get('/seen'));
  }
  const live = await limited.api.get('//health/live');
  await limited.close();

  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
  expectProblem(answers[3] as Answer, 429, 'rate_limited');
  expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(live.status).toBe(200);
});
