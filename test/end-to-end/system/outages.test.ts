import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

import { queryAsOwner } from '../../environment/admin';
import { type Answer, type ApiClient, createApiClient } from '../../environment/api-client';
import { endProcesses, startCommand, type StartedProcess } from '../../environment/child-process';
import { claimNamespace } from '../../environment/claim-namespace';
import { projectFolder, testServers } from '../../environment/servers';
import { openTestCompany } from '../../environment/test-company';
import { appPassword, createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { type OutageProxy, startOutageProxy } from '../../environment/outage-proxy';

const cli = path.join(projectFolder, 'dist', 'cli', 'bmms.js');
const jwtSecret = 'outage-tests-only-jwt-secret-0123456789abcdef';

/** An API of its own, which reaches its servers through proxies, and a worker that comes and goes. */
let testDatabase: TestDatabase;
let temporal: OutageProxy;
let postgres: OutageProxy;
let env: Record<string, string | undefined>;
let api: StartedProcess;
let worker: StartedProcess | null = null;
let visitor: ApiClient;
let buyer: ApiClient;
let productId: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  temporal = await startOutageProxy(placeOf(`tcp://${testServers().temporalAddress}`));
  postgres = await startOutageProxy(placeOf(testDatabase.appUrl));
  const [port, healthPort] = (await freePorts(2)) as [number, number];
  env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    PORT: String(port),
    WORKER_HEALTH_PORT: String(healthPort),
    DATABASE_URL: testDatabase.appUrl,
    DATABASE_ADMIN_URL: testDatabase.adminUrl,
    DATABASE_APP_PASSWORD: appPassword,
    TEMPORAL_ADDRESS: testServers().temporalAddress,
    TEMPORAL_NAMESPACE: await claimNamespace(),
    JWT_SECRET: jwtSecret,
    RATE_LIMIT_PER_MINUTE: '0',
    ANSWER_DEADLINE_SECONDS: '6',
  };
  await promisify(execFile)(process.execPath, [cli, 'installation', 'verify'], { env });
  const proxied = new URL(testDatabase.appUrl);
  proxied.host = postgres.address;
  api = await start('api', { DATABASE_URL: proxied.toString(), TEMPORAL_ADDRESS: temporal.address });
  worker = await start('worker');

  const company = await openTestCompany(testDatabase.database, { secret: jwtSecret });
  visitor = createApiClient(api.url ?? '');
  const admin = visitor.with({ token: company.admin.token });
  buyer = visitor.with({ token: (await company.addShopper()).token });
  productId = (await admin.post('/products', { sku: 'AO', name: 'Áo dài', price: 50_000, stock: 1_000 })).body.id;
});

afterAll(async () => {
  await endProcesses([api, worker].filter((one) => one != null).map(({ pid }) => pid));
  await Promise.all([temporal?.close(), postgres?.close()]);
  await testDatabase?.drop();
});

afterEach(async () => {
  await temporal.seem('there');
  await postgres.seem('there');
});

function start(command: 'api' | 'worker', more: Record<string, string> = {}): Promise<StartedProcess> {
  const folder = path.join(projectFolder, '.bmms-test', 'logs', testDatabase.name);
  mkdirSync(folder, { recursive: true });

  return startCommand({
    name: command,
    args: [cli, command],
    env: { ...env, ...more },
    cwd: projectFolder,
    logFile: path.join(folder, `${command}.log`),
  });
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);

  return { host: hostname, port: Number(port) };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));

  return ports;
}

const place = (key: string): Promise<Answer> =>
  buyer.post(
    '/orders',
    { items: [{ productId, quantity: 1 }], shippingAddress: '12 Tràng Tiền, Hà Nội', paymentMethod: 'vnpay' },
    { headers: { 'idempotency-key': key } },
  );
const cancel = (id: number, key: string = randomUUID()): Promise<Answer> =>
  buyer.post(`/orders/${id}/cancel`, {}, { headers: { 'idempotency-key': key } });

/** As a good client does: again after Retry-After while the system says that it is unwell. */
async function insist(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();

    if (![202, 503].includes(answer.status) && answer.body?.code !== 'idempotency_in_progress') {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(answer.headers.get('retry-after') ?? 1)));
  }
}

const countOrders = async (): Promise<number> =>
  Number(
    (await queryAsOwner<{ count: string }>(testDatabase.adminUrl, 'SELECT count(*) FROM ordering.orders'))[0]?.count,
  );

function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

test.each(['away', 'silent'] as const)(
  'with Temporal %s nothing is promised, and a repeat places one order',
  async (how) => {
    const before = (await insist(() => place(randomUUID()))).body;
    const count = await countOrders();
    const key = randomUUID();
    await temporal.seem(how);

    const [placing, cancelling] = await Promise.all([place(key), cancel(before.id)]);

    expectUnavailable(placing);
    expectUnavailable(cancelling);
    expect(await buyer.get(`/orders/${before.id}`)).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(await visitor.get('//health/ready')).toMatchObject({ status: 503, body: { parts: { temporal: 'down' } } });

    await temporal.seem('there');
    const placed = await insist(() => place(key));
    const repeated = await place(key);

    expect([placed.status, repeated.status]).toEqual([201, 201]);
    expect(repeated.body.id).toBe(placed.body.id);
    expect(await countOrders()).toBe(count + 1);
  },
);

test.each(['away', 'silent'] as const)('with PostgreSQL %s requests are told to come again', async (how) => {
  const before = (await insist(() => place(randomUUID()))).body;
  const count = await countOrders();
  const key = randomUUID();
  await postgres.seem(how);
  const [placing, reading] = await Promise.all([place(key), buyer.get(`/orders/${before.id}`)]);

  expectUnavailable(placing);
  expectUnavailable(reading);
  expect(await visitor.get('//health/live')).toMatchObject({ status: 200 });

  await postgres.seem('there');
  const placed = await insist(() => place(key));

  expect(placed.status).toBe(201);
  expect(await countOrders()).toBe(count + 1);
});

describe('without a worker', () => {
  test('an order is promised, and its address resolves when the worker is back', async () => {
    const before = (await insist(() => place(randomUUID()))).body;
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    worker = null;
    const key = randomUUID();
    const [promised, cancelled] = await Promise.all([place(key), cancel(before.id)]);
    const location = promised.headers.get('location') ?? '';

    expect(promised).toMatchObject({ status: 202, body: { status: 'accepted', location } });
    expect(Number(promised.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await visitor.get(`/${location}`.replace('//api/v1', ''))).toMatchObject({ status: 401 });
    expect(await buyer.get(location.replace('/api/v1', ''))).toMatchObject({ status: 404 });
    expectUnavailable(cancelled);

    worker = await start('worker');
    const placed = await insist(() => place(key));

    expect(placed).toMatchObject({ status: 201, body: { id: promised.body.id, status: 'pending' } });
    expect(await buyer.get(location.replace('/api/v1', ''))).toMatchObject({
      status: 200,
      body: { id: placed.body.id },
    });
    // Whether the cancel without an answer was carried out is for the caller to find out: by asking again.
    expect([200, 409]).toContain((await insist(() => cancel(before.id))).status);
    expect((await buyer.get(`/orders/${before.id}`)).body.status).toBe('cancelled');
  });
});

test('a cancel whose answer was lost is repeated with its key', async () => {
  const { body: order } = await insist(() => place(randomUUID()));
  const key = randomUUID();
  await cancel(order.id, key);
  // As if the process had died before the answer was kept, and its lease were over.
  await queryAsOwner(
    testDatabase.adminUrl,
    "UPDATE platform.idempotency_keys SET state = 'in_progress', response_status = NULL, response_body = NULL, locked_until = now() WHERE key = $1",
    [key],
  );

  expect(await cancel(order.id, key)).toMatchObject({ status: 200, body: { id: order.id, status: 'cancelled' } });
  expect(await cancel(order.id)).toMatchObject({ status: 409, body: { code: 'order_state' } });
});

test('an order whose workflow was lost while its answer was is found again by its key', async () => {
  const key = randomUUID();
  const { body: order } = await insist(() => place(key));
  await promisify(execFile)(testServers().temporalBinary, [
    'workflow',
    'terminate',
    '--workflow-id',
    `order/${order.id}`,
    '--reason',
    'lost',
    '--address',
    String(env['TEMPORAL_ADDRESS']),
    '--namespace',
    String(env['TEMPORAL_NAMESPACE']),
  ]);
  await queryAsOwner(
    testDatabase.adminUrl,
    "UPDATE platform.idempotency_keys SET state = 'in_progress', response_status = NULL, response_body = NULL, locked_until = now() WHERE key = $1",
    [key],
  );

  expect(await place(key)).toMatchObject({ status: 201, body: { id: order.id, status: 'pending' } });
  expect(await cancel(order.id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
});
