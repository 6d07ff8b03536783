import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { leaseMs } from '../../../api/http/idempotency/idempotency';
import { purgeIdempotencyKeys } from '../../../api/http/idempotency/purge-idempotency-keys';
import { defineRoute, managers, type Route } from '../../../api/http/pipeline/route';
import { AppError } from '../../../domain/errors';
import { Prisma } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import type { ApiClient } from '../../environment/api-client';
import { startTestApp, type TestApp } from '../../environment/test-app';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const Body = z.strictObject({ sku: z.string(), then: z.enum(['wait', 'fail', 'conflict', 'hang', 'late']).optional() });
const Answer = z.strictObject({ id: z.number(), effectKey: z.string().nullable(), token: z.string().optional() });

let now = new Date('2026-03-01T08:00:00Z');
let testDatabase: TestDatabase;
let company: TestCompany;
let app: TestApp;
let api: ApiClient;
/** Settles the handlers that a test keeps waiting. */
let letGo: () => void = () => undefined;
let runs: { reservedId: number; effectKey: string | null }[] = [];

/** Stands for any operation: it enters a product under the reserved id, unless that is there already. */
const enterProduct = (path: string, extra: Partial<Route> = {}): Route =>
  defineRoute({
    method: 'post',
    path,
    operationId: `enter${path.slice(1)}`,
    summary: 'Enters a product',
    tag: 'test',
    access: managers,
    body: Body,
    responses: { 201: Answer, 202: null },
    reserves: 'product',
    ...extra,
    async handler({ body, companyId, reservedId, effectKey, now: at }) {
      const { sku, then } = Body.parse(body);
      runs.push({ reservedId, effectKey });
      if (then === 'conflict') {
        throw new AppError('out_of_stock', { params: { lines: [{ productId: 7, available: 0 }] } });
      }
      await testDatabase.database.withTenant(companyId, (tx) =>
        tx.query(
          z.unknown(),
          Prisma.sql`INSERT INTO product.products (id, company_id, sku, name, price, currency, created_at, updated_at)
            VALUES (${reservedId}::bigint, ${companyId}::bigint, ${sku}, 'Thing', 100, 'VND', ${at}, ${at}) ON CONFLICT (id) DO NOTHING`,
        ),
      );
      if (then === 'fail' && runs.length === 1) {
        throw new Error('the process was unlucky');
      }
      if (then === 'late' && runs.length === 1) {
        return { status: 202, headers: { Location: `/things/${reservedId}` } };
      }
      if (then === 'hang' && runs.length === 1) {
        await new Promise<void>((resolve) => (letGo = resolve));
      }

      return {
        status: 201,
        headers: { Location: `/things/${reservedId}` },
        body: { id: reservedId, effectKey, token: 'a-token-to-keep-secret' },
      };
    },
  });

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  company = await openTestCompany(testDatabase.database);
  app = await startTestApp({
    database: testDatabase.database,
    clock: { now: () => now },
    routes: () => [
      enterProduct('/things'),
      enterProduct('/others'),
      enterProduct('/sessions', { answersSecrets: true }),
    ],
  });
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  now = new Date(now.getTime() + 60_000);
  runs = [];
  api = app.api.with({ token: await tokenOf(company) });
});

/** Tokens end by the test's clock. */
async function tokenOf(of: TestCompany): Promise<string> {
  return app.deps.accessTokens.issueAccessToken(of.manager.principal);
}

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const productsWith = async (sku: string): Promise<number> =>
  (await queryAsOwner(testDatabase.adminUrl, 'SELECT FROM product.products WHERE sku = $1', [sku])).length;

test('a request without a key gets a reserved id and no effect key', async () => {
  const answer = await api.post('/things', { sku: randomUUID() });

  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ id: expect.any(Number), effectKey: null });
});

test('fifty equal requests at once with one key have one effect', async () => {
  const sku = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => api.post('/things', { sku }, withKey(`many-${sku}`))),
  );
  const created = answers.filter((answer) => answer.status === 201);
  const refused = answers.filter((answer) => answer.status === 409);

  expect(runs).toHaveLength(1);
  expect(await productsWith(sku)).toBe(1);
  expect(created.length).toBeGreaterThanOrEqual(1);
  expect(created.length + refused.length).toBe(50);
  expect(created.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  expect(new Set(created.map((answer) => answer.body.id)).size).toBe(1);
  for (const answer of refused) {
    expect(answer.body.code).toBe('idempotency_in_progress');
    expect(answer.headers.get('retry-after')).toBe('1');
  }
});

test('a repeat gets the first answer again and says so', async () => {
  const sku = randomUUID();
  const first = await api.post('/things', { sku }, withKey(`again-${sku}`));
  const second = await api.post('/things', { sku }, withKey(`again-${sku}`));

  expect(second.status).toBe(201);
  expect(second.body).toEqual(first.body);
  expect(first.body.effectKey).toMatch(/^idem\/\d+$/);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.headers.get('location')).toBe(`/things/${first.body.id}`);
  expect(runs).toHaveLength(1);
});

test('members in another order are the same request', async () => {
  const sku = randomUUID();
  await api.post('/things', `{"sku":"${sku}","then":"wait"}`, withKey(`order-${sku}`));
  const second = await api.post('/things', `{ "then": "wait", "sku": "${sku}" }`, withKey(`order-${sku}`));

  expect(second.headers.get('idempotency-replayed')).toBe('true');
});

test('the same key with another body is refused and changes nothing', async () => {
  const sku = randomUUID();
  await api.post('/things', { sku }, withKey(`reused-${sku}`));
  const second = await api.post('/things', { sku: `${sku}-other` }, withKey(`reused-${sku}`));

  expect(second.status).toBe(422);
  expect(second.body.code).toBe('idempotency_key_reused');
  expect(await productsWith(`${sku}-other`)).toBe(0);
});

test('keys of another route, another caller and another company are other keys', async () => {
  const sku = randomUUID();
  const key = `shared-${sku}`;
  const other = await openTestCompany(testDatabase.database);
  const admin = await app.deps.accessTokens.issueAccessToken(company.admin.principal);
  const answers = [
    await api.post('/things', { sku: `${sku}-1` }, withKey(key)),
    await api.post('/others', { sku: `${sku}-2` }, withKey(key)),
    await api.post('/things', { sku: `${sku}-3` }, { ...withKey(key), token: admin }),
    await api.post('/things', { sku: `${sku}-4` }, { ...withKey(key), token: await tokenOf(other) }),
  ];

  expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(4);
});

test('a refusal by the domain is kept like any answer', async () => {
  const sku = randomUUID();
  const first = await api.post('/things', { sku, then: 'conflict' }, withKey(`refused-${sku}`));
  const second = await api.post('/things', { sku, then: 'conflict' }, withKey(`refused-${sku}`));

  expect(first.status).toBe(409);
  expect(second.status).toBe(409);
  expect(second.body).toEqual(first.body);
  expect(second.body.lines).toEqual([{ productId: 7, available: 0 }]);
  expect(second.headers.get('content-type')).toContain('application/problem+json');
  expect(runs).toHaveLength(1);
});

test('a failure of ours is not kept: the repeat runs again on the same id and effect key', async () => {
  const sku = randomUUID();
  const first = await api.post('/things', { sku, then: 'fail' }, withKey(`failed-${sku}`));
  const second = await api.post('/things', { sku, then: 'fail' }, withKey(`failed-${sku}`));

  expect(first.status).toBe(500);
  expect(second.status).toBe(201);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toEqual(runs[0]);
  expect(await productsWith(sku)).toBe(1);
});

test('an answer that the end is not known yet is not kept: the repeat gets the end, on the same id', async () => {
  const sku = randomUUID();
  const first = await api.post('/things', { sku, then: 'late' }, withKey(`late-${sku}`));
  const second = await api.post('/things', { sku, then: 'late' }, withKey(`late-${sku}`));

  expect([first.status, second.status]).toEqual([202, 201]);
  expect(first.headers.get('location')).toBe(`/things/${second.body.id}`);
  expect(runs[1]).toEqual(runs[0]);
});

test('a key whose process died is taken over when its lease ends, on the same id', async () => {
  const sku = randomUUID();
  const key = `lost-${sku}`;
  const lost = api.post('/things', { sku, then: 'hang' }, withKey(key));
  while (runs.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  now = new Date(now.getTime() + leaseMs - 1);
  const early = await api.post('/things', { sku, then: 'hang' }, withKey(key));
  now = new Date(now.getTime() + 1);
  const late = await api.post('/things', { sku, then: 'hang' }, withKey(key));
  letGo();
  const first = await lost;

  expect(early.body.code).toBe('idempotency_in_progress');
  expect(late.status).toBe(201);
  expect(first.body).toEqual(late.body);
  expect(runs).toHaveLength(2);
  expect(await productsWith(sku)).toBe(1);
});

test('a request that is not valid uses up no key', async () => {
  const sku = randomUUID();
  const wrong = await api.post('/things', { sku, unknown: true }, withKey(`typo-${sku}`));
  const right = await api.post('/things', { sku }, withKey(`typo-${sku}`));

  expect(wrong.status).toBe(422);
  expect(right.status).toBe(201);
});

test.each([
  ['nothing', ''],
  ['a space in it', 'with space'],
  ['256 characters', 'x'.repeat(256)],
  ['a letter beyond ASCII', 'dấu'],
])('a key with %s is not usable', async (_what, key) => {
  const sku = randomUUID();
  const url = `${app.api.url}/api/v1/things`;
  // fetch refuses to send what is no Latin-1; bytes as they come over the wire are read as Latin-1.
  const header = Buffer.from(key, 'utf8').toString('latin1');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(company)}`,
      'content-type': 'application/json',
      'idempotency-key': header,
    },
    body: JSON.stringify({ sku }),
  });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: 'idempotency_key_invalid', field: 'Idempotency-Key' });
  expect(await productsWith(sku)).toBe(0);
});

test('tokens in a kept answer cannot be read from the table', async () => {
  const sku = randomUUID();
  const first = await api.post('/sessions', { sku }, withKey(`secret-${sku}`));
  const second = await api.post('/sessions', { sku }, withKey(`secret-${sku}`));
  const rows = await queryAsOwner<{ text: string }>(
    testDatabase.adminUrl,
    'SELECT to_jsonb(k)::text AS text FROM platform.idempotency_keys k WHERE key = $1',
    [`secret-${sku}`],
  );

  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.text).not.toContain('a-token-to-keep-secret');
});

test('keys older than seven days are purged, younger ones stay', async () => {
  const sku = randomUUID();
  await api.post('/things', { sku }, withKey(`old-${sku}`));
  const madeAt = now;
  now = new Date(madeAt.getTime() + 7 * 86_400_000);
  api = app.api.with({ token: await tokenOf(company) });
  await api.post('/things', { sku: `${sku}-2` }, withKey(`young-${sku}`));
  const beforeItsTime = await purgeIdempotencyKeys(testDatabase.database, new Date(madeAt.getTime() + 6 * 86_400_000));
  await purgeIdempotencyKeys(testDatabase.database, new Date(now.getTime() + 1));
  const left = await queryAsOwner<{ key: string }>(
    testDatabase.adminUrl,
    'SELECT key FROM platform.idempotency_keys WHERE key = ANY($1)',
    [[`old-${sku}`, `young-${sku}`]],
  );

  expect(beforeItsTime).toBe(0);
  expect(left).toEqual([{ key: `young-${sku}` }]);
});
