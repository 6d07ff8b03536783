import { WorkflowNotFoundError } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';

import { createProviderActivities } from '../../../activities/provider-activities';
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
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

const week = 7 * 86_400_000;
/** What a worker waits instead of an hour. Milliseconds. */
const waitAfterRefusal = 1_000;

/** The shortest period of a plan of this world is a week: the first one began so long ago that it is about to end, or has. */
let behindMs = week + 120_000;
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
  // payment-svc charges the renewal.
  stopWorkers = await runServices({
    namespace,
    services: ['subscription-svc', 'payment-svc'],
    resources: resources(),
  });
});

afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await world?.close();
});

const resources = () =>
  serviceResources({
    database: world.test.database,
    gateways: world.gateways,
    clock,
    temporal: temporal.client,
  });

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

const refusal = { message: 'due', reason: 'Part of this service is on an invoice already.' };

/** Starts its workflow where its row is, by the right time. */
async function begin(subscriptionId: number) {
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

  return { handle, status };
}

/** The second week may be billed from now on. */
async function allow(subscriptionId: number): Promise<void> {
  await world.rows(
    "UPDATE finance.billed_service SET released_at = now() WHERE subscription_id = $1 AND lower(service) > now() - interval '1 day'",
    [subscriptionId],
  );
}

const untilRenewed = (status: () => Promise<SubscriptionStatusView | null>, periodEnd: string | null | undefined) =>
  until('it is renewed and paid', async () => {
    const now = await status();

    return Date.parse(now?.periodEnd ?? '') === Date.parse(periodEnd ?? '') + week && now?.charges.length === 0;
  });

it('a renewal that billing refuses is shown, tried again after a while, and comes through when it may', async () => {
  behindMs = week - 3_000;
  const { subscriptionId } = await subscribePaid();
  await billNextWeek(subscriptionId);
  const { handle, status } = await begin(subscriptionId);
  await until('it is refused for the second time', async () => ((await status())?.rejected.length ?? 0) >= 2);
  const refused = await status();

  expect(refused).toMatchObject({ status: 'active', isOver: false, deadline: { kind: 'period_end' } });
  expect(refused?.rejected.slice(0, 2)).toEqual([refusal, refusal]);

  await allow(subscriptionId);
  await untilRenewed(status, refused?.periodEnd);
  const [books] = await world.rows(
    `SELECT (SELECT array_agg(status ORDER BY id) FROM finance.invoices WHERE subscription_id = $1) AS invoices,
            (SELECT count(*)::int FROM finance.billed_service WHERE subscription_id = $1 AND released_at IS NULL) AS guarded`,
    [subscriptionId],
  );

  expect(books).toEqual({ invoices: ['paid', 'paid'], guarded: 2 });
  expect(await status()).toMatchObject({ status: 'active', isOver: false });
  await handle.terminate('the test is over');
});

it('a run that begins when it is refused already goes on, and asks no more often', async () => {
  behindMs = week + 60_000;
  const { subscriptionId } = await subscribePaid();
  await billNextWeek(subscriptionId);
  const { handle, status } = await begin(subscriptionId);
  await until('it is refused for the second time', async () => ((await status())?.rejected.length ?? 0) >= 2);
  const refused = await status();

  expect(refused).toMatchObject({ status: 'active', isOver: false, refusal: null, deadline: { kind: 'period_end' } });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await allow(subscriptionId);
  await untilRenewed(status, refused?.periodEnd);
  const renewed = await status();
  const { events } = await handle.fetchHistory();
  const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds)] : [],
  );

  // The first try is at once, the next boundary a week ahead.
  expect(timers.filter((seconds) => seconds > 0 && seconds < 1_000)).toEqual(
    renewed?.rejected.map(() => waitAfterRefusal / 1_000),
  );
  await handle.terminate('the test is over');
});
