import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { openDatabase } from '../../../platform/db/database';
import { readCompose } from '../../containers/read-compose';
import { repeatUntilAnswered } from '../../crash/repeat-until-answered';
import { createApiClient } from '../../environment/api-client';
import { claimNamespace } from '../../environment/claim-namespace';
import { freePorts } from '../../environment/free-ports';
import { projectFolder, testServers } from '../../environment/servers';
import { openTestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { describeImage } from '../../rehearsal/describe-image';
import { composedProcesses, type ComposedProcesses, type Container } from '../../rehearsal/composed-processes';
import { rehearsedEnvironment, testChanges } from '../../rehearsal/rehearsed-settings';
import { startSandbox } from '../../rehearsal/start-sandbox';
import { orderOf, until } from '../orders/orders-test-shop';
import { createVnpayCaller } from '../payments/vnpay-test-caller';

/** What an order needs of the services of docker-compose.yml. */
const workers = ['order-svc', 'payment-svc', 'inventory-svc', 'notification-svc'];

const running = new Map<string, Container>();
let testDatabase: TestDatabase;
let processes: ComposedProcesses;
let changes: Record<string, string>;
let sandboxUrl: string;

beforeAll(async () => {
  const compose = readCompose(rehearsedEnvironment);
  testDatabase = await createTestDatabase();
  const [api = 0, sandbox = 0, mail = 0, smtp = 0] = await freePorts(4);
  const { BMMS_APP_PASSWORD: app, BMMS_OWNER_PASSWORD: owner } = rehearsedEnvironment;
  changes = { ...testChanges({ api, sandbox, mail, smtp }), TEMPORAL_NAMESPACE: await claimNamespace() };
  sandboxUrl = `http://127.0.0.1:${sandbox}`;
  processes = composedProcesses({
    compose,
    image: describeImage(projectFolder),
    logFolder: path.join(projectFolder, '.bmms-test', 'logs', testDatabase.name),
    addresses: {
      [`postgresql://bmms_app:${app}@postgres:5432/bmms`]: testDatabase.appUrl,
      [`postgresql://bmms_owner:${owner}@postgres:5432/bmms`]: testDatabase.adminUrl,
      'temporal:7233': testServers().temporalAddress,
    },
  });
  await processes.runJob('migrate', changes);
  await processes.runJob('installation', changes);
  const outcomes = await Promise.allSettled([
    processes.start('api-gateway', { ...changes, PORT: String(api) }),
    ...workers.map((service) => processes.start(service, changes)),
    startSandbox('vnpay', { processes, changes }),
  ]);
  outcomes.forEach((outcome) => {
    if (outcome.status === 'fulfilled') {
      running.set(outcome.value.service, outcome.value);
    }
  });
  const failed = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;

  if (failed !== undefined) {
    throw failed.reason;
  }
}, 600_000);

afterAll(async () => {
  await processes?.stop([...running.values()]);
  await testDatabase?.drop();
});

test('services in processes of their own, as docker-compose.yml has them, sell; one is doubled and replaced meanwhile', async () => {
  const url = running.get('api-gateway')?.url as string;
  const database = openDatabase({ url: testDatabase.appUrl, poolSize: 2 });
  const company = await openTestCompany(database, { secret: rehearsedEnvironment.JWT_SECRET });
  const shopper = await company.addShopper();
  await database.close();
  const manager = createApiClient(url, { token: company.manager.token });
  const buyer = createApiClient(url, { token: shopper.token });
  const vnpay = createVnpayCaller({ url, sandboxUrl });
  const product = await manager.post('/products', { sku: 'AO', name: 'Áo dài', price: 50_000, stock: 12 });
  const surprises: string[] = [];
  // As a client with good manners: while a service is replaced, "not now" is an answer, and the key makes it one order.
  const place = async (): Promise<{ id: number; paymentUrl: string }> => {
    const customer = createApiClient(url, { token: shopper.token, headers: { 'idempotency-key': randomUUID() } });
    const send = () => customer.post('/orders', orderOf(product.body.id));
    const { body } = await repeatUntilAnswered({ what: 'placing', send, surprises, patienceMs: 180_000 });

    return body;
  };

  const first = [await place(), await place(), await place()];
  const former = running.get('order-svc') as Container;
  running.set('second order-svc', await processes.start('order-svc', changes));
  const [, ...later] = await Promise.all([
    processes.stop([former]),
    ...Array.from({ length: 6 }, place),
    ...first.map(({ paymentUrl }) => vnpay.pay(paymentUrl)),
  ]);
  running.delete('order-svc');
  const second = later.filter((one): one is { id: number; paymentUrl: string } => typeof one === 'object');
  for (const { paymentUrl } of second) {
    await vnpay.pay(paymentUrl);
  }
  const paymentsOf = () =>
    Promise.all(
      [...first, ...second].map(async ({ id }) => (await buyer.get(`/orders/${id}`)).body.paymentStatus as string),
    );

  const allPaid = Array(9).fill('paid');
  expect(await until(paymentsOf, (statuses) => statuses.every((status) => status === 'paid'), 120_000)).toEqual(
    allPaid,
  );
  expect((await manager.get(`/inventory/${product.body.id}`)).body).toMatchObject({ quantity: 3, reserved: 0 });
  expect(surprises).toEqual([]);
}, 600_000);
