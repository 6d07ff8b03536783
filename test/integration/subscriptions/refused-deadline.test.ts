import path from 'node:path';

import { WorkflowNotFoundError } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { createProviderActivities } from '../../../activities/provider-activities';
import { systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { activitiesOf } from '../../../workers/activity-sets';
import { findService } from '../../../workers/services';
import type {
  SubscriptionStatusView,
  SubscriptionWorkflowInput,
} from '../../../workflows/subscription/subscription-messages';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { until } from '../events/outbox';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

const week = 7 * 86_400_000;
/** What a worker waits instead of an hour. Milliseconds. */
const waitAfterRefusal = 1_000;

/** The shortest period of a plan of this world is a week: the first one began so long ago that it is about to end. */
let behindMs = week - 3_000;
const clock = { now: () => new Date(systemClock.now().getTime() - behindMs) };

let world: SubscriptionWorld;
let temporal: TemporalClient;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openSubscriptionWorld(clock.now(), clock);
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  stopWorkers = await runWorkers(namespace);
}, 60_000);

afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await world?.close();
});

function resources() {
  const { gateways, test } = world;
  const { client } = temporal;

  return {
    config: readConfig({}),
    database: test.database,
    gateways,
    clock,
    installation: 'test',
    allowTestPayments: true,
    temporal: client,
  };
}

/** subscription-svc, and payment-svc, which charges the renewal. @returns how to stop them */
async function runWorkers(namespace: string): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const workers = await Promise.all(
    ['subscription-svc', 'payment-svc'].map((name) =>
      Worker.create({
        connection,
        namespace,
        taskQueue: name,
        activities: activitiesOf(findService(name), resources()),
        workflowBundle: { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') },
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());

  return async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(running);
    await connection.close();
  };
}

/** Active, its first week paid for. */
async function subscribePaid(): Promise<Subscribed<{ customerId: number }>> {
  const subscribed = await world.subscribe({ customerId: await world.company.addCustomer() }, { plan: 2 });
  const of = { companyId: world.company.id, subscriptionId: subscribed.subscriptionId };
  const [payment] = await world.rows<{ id: string }>('SELECT id FROM finance.payments WHERE subscription_id = $1', [
    of.subscriptionId,
  ]);
  const paymentId = Number(payment?.id);
  await createProviderActivities(resources()).chargePayment({ companyId: of.companyId, paymentId, token: null });
  await world.steps.runSubscription({ ...of, work: { kind: 'payment', paymentId } });

  return subscribed;
}

/** As somebody would who bills the second week by hand: the guard against double billing refuses to bill it again. */
const billNextWeek = (subscriptionId: number) =>
  world.rows(
    `INSERT INTO finance.billed_service (company_id, subscription_id, item, service, invoice_line_id)
     SELECT s.company_id, s.id, 'plan', tstzrange(s.current_period_end, s.current_period_end + interval '7 days'), b.invoice_line_id
       FROM ordering.subscriptions s JOIN finance.billed_service b ON b.subscription_id = s.id WHERE s.id = $1`,
    [subscriptionId],
  );

it('a renewal that billing refuses is shown, tried again after a while, and comes through when it may', async () => {
  const { subscriptionId } = await subscribePaid();
  await billNextWeek(subscriptionId);
  behindMs = 0;
  const input: SubscriptionWorkflowInput = {
    companyId: world.company.id,
    subscriptionId,
    create: null,
    waitAfterRefusal,
  };
  const handle = await temporal.client.workflow.start('subscription', {
    workflowId: `subscription/${subscriptionId}`,
    taskQueue: 'subscription-svc',
    args: [input],
  });
  const status = () =>
    handle.query<SubscriptionStatusView>('status').catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) {
        throw error;
      }

      return null;
    });
  await until('it is refused for the second time', async () => ((await status())?.rejected.length ?? 0) >= 2);
  const refused = await status();
  const refusal = { message: 'due', reason: 'Part of this service is on an invoice already.' };

  expect(refused).toMatchObject({ status: 'active', isOver: false, deadline: { kind: 'period_end' } });
  expect(refused?.rejected.slice(0, 2)).toEqual([refusal, refusal]);

  await world.rows(
    "UPDATE finance.billed_service SET released_at = now() WHERE subscription_id = $1 AND lower(service) > now() - interval '1 day'",
    [subscriptionId],
  );
  await until('it is renewed and paid', async () => {
    const now = await status();

    return (
      Date.parse(now?.periodEnd ?? '') === Date.parse(refused?.periodEnd ?? '') + week && now?.charges.length === 0
    );
  });
  const [books] = await world.rows(
    `SELECT (SELECT array_agg(status ORDER BY id) FROM finance.invoices WHERE subscription_id = $1) AS invoices,
            (SELECT count(*)::int FROM finance.billed_service WHERE subscription_id = $1 AND released_at IS NULL) AS guarded`,
    [subscriptionId],
  );
  const renewed = await status();
  const { events } = await handle.fetchHistory();
  const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds)] : [],
  );

  expect(books).toEqual({ invoices: ['paid', 'paid'], guarded: 2 });
  expect(renewed).toMatchObject({ status: 'active', isOver: false });
  // The first one was until the boundary; the next boundary is a week ahead.
  expect(timers.slice(1).filter((seconds) => seconds < 1_000)).toEqual(
    renewed?.rejected.map(() => waitAfterRefusal / 1_000),
  );
  await handle.terminate('the test is over');
});
