import { DefaultLogger, Runtime } from '@temporalio/worker';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { commandUpdateNames } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import { systemClock } from '../../../platform/clock';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import type {
  SubscriptionStatusView,
  SubscriptionWorkflowInput,
} from '../../../workflows/subscription/subscription-messages';
import { claimNamespace } from '../../environment/claim-namespace';
import { runServices, serviceResources } from '../../environment/run-services';
import { testServers } from '../../environment/servers';
import { until } from '../events/outbox';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

let world: SubscriptionWorld;
let temporal: TemporalClient;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openSubscriptionWorld(systemClock.now());
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  const { test, gateways } = world;
  stopWorkers = await runServices({
    namespace,
    services: ['subscription-svc', 'payment-svc'],
    resources: serviceResources({
      database: test.database,
      gateways,
      clock: systemClock,
      temporal: temporal.client,
    }),
  });
});

afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await world?.close();
});

/** Begins a subscription whose first invoice is charged. */
async function begin(
  input: Partial<SubscriptionWorkflowInput>,
  options: { token?: string; isBankAway?: boolean } = {},
) {
  const { database } = world.test;
  const { token = 'tok_ok', isBankAway = false } = options;
  const companyId = world.company.id;
  const customerId = await world.company.addCustomer();
  const [planId = 0] = world.plans;

  if (isBankAway) {
    await world.rows(
      `INSERT INTO sandbox.card_outages (subject, starts_at, ends_at) VALUES ($1, '-infinity', 'infinity')`,
      [`customer/${customerId}`],
    );
  }
  const subscriptionId = await reserveId(database, 'subscription');
  const paymentMethodId = await database.withTenantSql(companyId, (tx) =>
    savePaymentMethod(tx, {
      customerId,
      method: 'card',
      token,
      gateways: world.gateways,
      now: systemClock.now(),
    }),
  );
  const whole: SubscriptionWorkflowInput = {
    companyId,
    subscriptionId,
    create: {
      subscriptionId,
      customerId,
      planId,
      useTrial: false,
      quantity: 1,
      paymentMethod: 'card',
      paymentMethodId,
    },
    ...input,
  };
  const handle = await temporal.client.workflow.start('subscription', {
    workflowId: `subscription/${subscriptionId}`,
    taskQueue: 'subscription-svc',
    args: [whole],
  });

  return { customerId, subscriptionId, handle };
}

const payments = (subscriptionId: number) =>
  world.rows<{ id: number; status: string }>(
    'SELECT id::int, status FROM finance.payments WHERE subscription_id = $1 ORDER BY id',
    [subscriptionId],
  );

/** Whether a payment has, or had, a workflow of its own. */
async function isHandedOn(subscriptionId: number): Promise<boolean> {
  const [payment] = await payments(subscriptionId);

  return temporal.client.workflow
    .getHandle(`payment/${payment?.id}`)
    .describe()
    .then(
      () => true,
      () => false,
    );
}

const becomes = (subscriptionId: number, status: string) =>
  until(`its payment is ${status}`, async () => (await payments(subscriptionId))[0]?.status === status);

it('a charge that is answered at once is made by the run itself', async () => {
  const { subscriptionId, handle } = await begin({ triesChargesFor: 60_000 });
  await becomes(subscriptionId, 'success');

  expect(await isHandedOn(subscriptionId)).toBe(false);
  await handle.terminate('the test is over');
});

it('so is one that is declined', async () => {
  const { subscriptionId, handle } = await begin({ triesChargesFor: 60_000 }, { token: 'tok_declined' });
  await becomes(subscriptionId, 'failed');
  await until('the run knows', async () => {
    const status = await handle.query<SubscriptionStatusView | null>('status').catch(() => null);

    return status?.charges.length === 0;
  });

  expect(await isHandedOn(subscriptionId)).toBe(false);
  await handle.terminate('the test is over');
});

it('one that has no answer in time is handed on, and its answer comes back', async () => {
  const { subscriptionId, customerId, handle } = await begin({ triesChargesFor: 1_500 }, { isBankAway: true });
  await until('it is handed on', () => isHandedOn(subscriptionId));

  expect(await payments(subscriptionId)).toMatchObject([{ status: 'initiated' }]);

  await world.rows('DELETE FROM sandbox.card_outages WHERE subject = $1', [`customer/${customerId}`]);
  await becomes(subscriptionId, 'success');
  await until('the run knows', async () => (await handle.query<SubscriptionStatusView>('status')).charges.length === 0);

  await handle.terminate('the test is over');
});

it('a run that was begun before hands each on at once', async () => {
  const { subscriptionId, handle } = await begin({});
  await becomes(subscriptionId, 'success');

  expect(await isHandedOn(subscriptionId)).toBe(true);
  await handle.terminate('the test is over');
});

it('a run that is cancelled meanwhile ends with the answer', async () => {
  const { subscriptionId, customerId, handle } = await begin({ triesChargesFor: 60_000 }, { isBankAway: true });
  await becomes(subscriptionId, 'initiated');
  await handle.executeUpdate(commandUpdateNames.cancel, {
    args: [{ commandId: 'test', command: { type: 'cancel', reason: 'changed my mind', cancelAtPeriodEnd: false } }],
  });
  await world.rows('DELETE FROM sandbox.card_outages WHERE subject = $1', [`customer/${customerId}`]);

  expect(await handle.result()).toMatchObject({ isOver: true, charges: [] });
  expect(await payments(subscriptionId)).toMatchObject([{ status: 'success' }]);
  expect(await isHandedOn(subscriptionId)).toBe(false);
});
