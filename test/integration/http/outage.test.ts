import { z } from 'zod';

import { mapError } from '../../../api/http/pipeline/map-error';
import { defineRoute, type Route } from '../../../api/http/pipeline/route';
import { openDatabase, Prisma } from '../../../platform/db/database';
import { createMetrics } from '../../../platform/metrics';
import { startOperationsServer } from '../../../platform/operations-server';
import { openTemporal } from '../../../platform/temporal/client';
import { asOwner } from '../../environment/admin';
import { startTestApp, type TestApp } from '../../environment/test-app';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

/** Nothing listens on port 1. */
const nowhere = '127.0.0.1:1';

let testDatabase: TestDatabase;
let company: TestCompany;
let app: TestApp;

/** No room on the disk or in memory, a database that is dropped, a disk that fails. */
const exhausted = ['53100', '53200', '57P04', '58030'];

const route = (path: string, handler: Route['handler']): Route =>
  defineRoute({
    method: 'get',
    path,
    operationId: path.slice(1).replace('/', ''),
    summary: path,
    tag: 'test',
    access: 'public',
    responses: { 200: null },
    handler,
  });

/** Ends every connection of the app, as a restart of PostgreSQL does. */
const endConnections = (): Promise<unknown> =>
  asOwner(testDatabase.adminUrl, (client) =>
    client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [testDatabase.name],
    ),
  );

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  company = await openTestCompany(testDatabase.database);
  app = await startTestApp({
    database: testDatabase.database,
    env: { DEFAULT_COMPANY: company.slug, TEMPORAL_ADDRESS: nowhere },
    routes: ({ database, temporal }) => [
      route('/sql', async ({ companyId }) => {
        await database.withTenantSql(companyId, async (tx) => {
          await endConnections();
          await tx.query(z.unknown(), Prisma.sql`SELECT 1`);
        });

        return { status: 200 };
      }),
      route('/orm', async ({ companyId }) => {
        await database.withTenant(companyId, async (tx) => {
          await endConnections();
          await tx.orm.product.count();
        });

        return { status: 200 };
      }),
      ...exhausted.flatMap((state) => {
        const raise = Prisma.raw(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`);

        return [
          route(`/sql/${state}`, async ({ companyId }) => {
            await database.withTenantSql(companyId, (tx) => tx.query(z.unknown(), raise));

            return { status: 200 };
          }),
          route(`/orm/${state}`, async ({ companyId }) => {
            await database.withTenant(companyId, (tx) => tx.orm.$queryRaw(raise));

            return { status: 200 };
          }),
        ];
      }),
      route('/fine', async ({ companyId }) => {
        await database.withTenant(companyId, (tx) => tx.orm.product.count());
        await database.withTenantSql(companyId, (tx) => tx.query(z.unknown(), Prisma.sql`SELECT 1`));

        return { status: 200 };
      }),
      route('/workflow', async () => {
        await temporal.workflow.getHandle('order/1').describe();

        return { status: 200 };
      }),
    ],
    app: {
      checks: [
        { name: 'postgresql', check: () => testDatabase.database.verify() },
        { name: 'temporal', check: () => app.temporal.verify() },
      ],
    },
  });
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

test.each(exhausted.flatMap((state) => [`/sql/${state}`, `/orm/${state}`]))(
  '%s: a server that has no room or is interrupted is unavailable',
  async (path) => {
    expect(await app.api.get(path)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  },
);

test('what still waits as its process closes its connections is unavailable', async () => {
  const database = openDatabase({ url: testDatabase.appUrl, poolSize: 1 });
  const temporal = openTemporal({ address: nowhere, namespace: 'default' });
  await Promise.all([database.close(), temporal.close()]);
  const calls = [
    database.withTenantSql(company.id, (tx) => tx.query(z.unknown(), Prisma.sql`SELECT 1`)),
    database.eachAlone(company.id).query(z.unknown(), Prisma.sql`SELECT 1`),
    database.withTenant(company.id, (tx) => tx.orm.product.count()),
    temporal.client.workflow.getHandle('payment/1').executeUpdate('refund', { args: [] }),
    temporal.client.workflow.getHandle('payment/1').describe(),
  ];

  const ends = await Promise.all(calls.map((call) => call.catch((error: unknown) => mapError(error))));

  expect(ends).toEqual(calls.map(() => expect.objectContaining({ code: 'unavailable' })));
});

test.each(['/sql', '/orm', '/workflow'])('%s without its server is unavailable, not broken', async (path) => {
  const answer = await app.api.get(path);

  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(answer.headers.get('retry-after')).toBe('2');
});

test('after PostgreSQL was away the same process works again', async () => {
  await endConnections();
  const answers = [];
  for (let nth = 0; nth < 20; nth += 1) {
    answers.push((await app.api.get('/fine')).status);
  }

  expect(answers.at(-1)).toBe(200);
  expect(answers.every((status) => status === 200 || status === 503)).toBe(true);
});

test('readiness names the part that is down, while the process lives', async () => {
  const ready = await app.api.get('//health/ready');

  expect(ready).toMatchObject({
    status: 503,
    body: { status: 'not_ready', parts: { postgresql: 'ok', temporal: 'down' } },
  });
  expect((await app.api.get('//health/live')).status).toBe(200);
});

test('a process that was asked to end says so', async () => {
  const ending = await startTestApp({
    database: testDatabase.database,
    routes: () => [],
    app: { isDraining: () => true },
  });
  const ready = await ending.api.get('//health/ready');
  await ending.close();

  expect(ready).toMatchObject({ status: 503, body: { status: 'stopping' } });
});

test('with no PostgreSQL at all the API answers unavailable, and its readiness says why', async () => {
  const dead = openDatabase({ url: `postgresql://bmms_app@${nowhere}/none`, poolSize: 1 });
  const temporal = openTemporal({ address: nowhere, namespace: 'default' });
  const server = await startOperationsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: createMetrics({ process: 'test' }),
    checks: [
      { name: 'postgresql', check: () => dead.verify() },
      { name: 'temporal', check: () => temporal.verify() },
    ],
    coreMetricsUrl: `http://${nowhere}/metrics`,
  });
  const ready = await fetch(`${server.url}/health/ready`);
  const parts: unknown = await ready.json();
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  await server.close();
  await Promise.all([dead.close(), temporal.close()]);

  expect(ready.status).toBe(503);
  expect(parts).toEqual({ status: 'not_ready', parts: { postgresql: 'down', temporal: 'down' } });
  expect(metrics).toContain('process_cpu_seconds_total');
  expect(metrics).toContain('does not answer');
});
