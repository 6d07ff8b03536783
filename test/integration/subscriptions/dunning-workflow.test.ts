import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { repairs } from '../../../workers/repair/repair-workflows';
import { systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { claimNamespace } from '../../environment/claim-namespace';
import { runServices, serviceResources } from '../../environment/run-services';
import { testServers } from '../../environment/servers';
import { type DunningWorld, openDunningWorld } from './dunning-world';

const dayMs = 86_400_000;
const bundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };

/** Of the database steps: in the past, until the renewal that nobody pays is overdue. Temporal's own is never moved. */
let behindMs = 45 * dayMs;
const clock = { now: () => new Date(systemClock.now().getTime() - behindMs) };

let world: DunningWorld;
let temporal: TemporalClient;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  const asks = { dunningCampaign: { maxAttempts: 2, daysBetween: 2 }, overdueThresholds: { VND: 150_000 } };
  world = await openDunningWorld({ taxRatePpm: 0, dunningEndAction: 'leave', ...asks }, clock.now());
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  const { test, gateways } = world;
  stopWorkers = await runServices({
    namespace,
    services: ['subscription-svc', 'payment-svc'],
    resources: serviceResources({
      database: test.database,
      gateways,
      clock,
      temporal: temporal.client,
    }),
  });
});
afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await world?.close();
});

/** A zone where it is about noon, so that nine o'clock is hours away. */
function zoneAtNoon(): string {
  const ahead = 12 - systemClock.now().getUTCHours();

  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** Starts `subscription/<id>` as the API does, a month and more ago. */
async function subscribe(customerId: number): Promise<number> {
  const [planId, subscriptionId] = [
    await world.addPlan(200_000),
    await reserveId(world.test.database, 'subscription'),
  ] as const;
  const create = { subscriptionId, customerId, planId, useTrial: false, quantity: 1 };
  const workflow = temporal.client.workflow;
  await workflow.start('subscription', {
    workflowId: `subscription/${subscriptionId}`,
    taskQueue: 'subscription-svc',
    args: [
      {
        companyId: world.company.id,
        subscriptionId,
        create: { ...create, paymentMethod: 'vnpay', paymentMethodId: null },
      },
    ],
  });
  const handle = workflow.getHandle(`subscription/${subscriptionId}`);
  await handle.executeUpdate('createSubscription');
  const paymentId = await world.receive(subscriptionId, clock.now());
  await handle.executeUpdate('settlePayment', { args: [{ paymentId }] });

  return subscriptionId;
}

/** Has it do what is due by the clock of the database steps. */
const catchUp = (subscriptionId: number) =>
  temporal.client.workflow
    .getHandle(`subscription/${subscriptionId}`)
    .executeUpdate('clockAdvanced', { args: [{ now: '' }] });

const campaignOf = async (customerId: number) => {
  const [row] = await world.query<{ id: string; status: string; requests: number }>(
    `SELECT g.id, g.status, (SELECT count(*)::int FROM finance.payment_requests r WHERE r.dunning_campaign_id = g.id) AS requests
       FROM finance.dunning_campaigns g WHERE g.customer_id = $1`,
    [customerId],
  );

  return row;
};

async function untilAsked(customerId: number, times: number): Promise<void> {
  for (let tries = 0; (await campaignOf(customerId))?.requests !== times; tries += 1) {
    if (tries > 1_000) {
      throw new Error(`Not asked ${times} times: ${JSON.stringify(await campaignOf(customerId))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Days go by: the requests were made earlier, and the next look is in a moment. */
async function bringLookNear(campaignId: string): Promise<void> {
  await world.query(
    'UPDATE finance.payment_requests SET requested_on = requested_on - 3 WHERE dunning_campaign_id = $1',
    [campaignId],
  );
  await world.query('UPDATE finance.dunning_campaigns SET next_look_at = $2 WHERE id = $1', [
    campaignId,
    new Date(systemClock.now().getTime() + 600),
  ]);
}

/** By their names in the replay corpus, where RECORD_HISTORIES=1 has them written. */
const kept = new Map<string, Awaited<ReturnType<WorkflowHandle['fetchHistory']>>>();

async function keep(name: string, workflowId: string, runId?: string): Promise<void> {
  kept.set(name, await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory());
}

it('is started by the subscription that is overdue, sleeps between its looks, outlives a loss, and ends when it has finished', async () => {
  const customerId = await world.addCustomer(zoneAtNoon());
  const subscriptionId = await subscribe(customerId);
  const second = await subscribe(customerId);
  behindMs = 0;
  // Whoever opened the campaign died before the workflow was told: the next step tells of it.
  await world.catchUp(subscriptionId, clock.now());
  await catchUp(subscriptionId);
  const campaign = await campaignOf(customerId);
  const campaignId = campaign?.id ?? '';
  const handle = temporal.client.workflow.getHandle(`dunning/${campaignId}`);
  expect(campaign).toMatchObject({ status: 'active', requests: 0 });
  expect((await handle.describe()).status.name).toBe('RUNNING');

  // Another subscription of the account becomes overdue: the same campaign is told to look at its row again.
  await bringLookNear(campaignId);
  await catchUp(second);
  await untilAsked(customerId, 1);

  // Temporal loses it; it goes on where its row is.
  await keep('dunning/waiting-for-its-look', `dunning/${campaignId}`);
  await handle.terminate('lost');
  await bringLookNear(campaignId);
  const config = readConfig({ NODE_ENV: 'test' });
  const parts = { database: world.test.database, temporal: temporal.client, clock: systemClock, config };
  // A step of a subscription may have been first, and the look may come before the second of these: then nothing is lost any more.
  await repairs['Accounts that are asked to pay'](parts, { isMending: true });
  expect(await repairs['Accounts that are asked to pay'](parts, { isMending: true })).toMatchObject({ lost: 0 });
  await untilAsked(customerId, 2);
  await temporal.client.workflow.getHandle(`dunning/${campaignId}`).result();
  expect(await campaignOf(customerId)).toMatchObject({ status: 'finished', requests: 2 });
  expect(await repairs['Accounts that are asked to pay'](parts, { isMending: true })).toEqual({ wanted: 0, lost: 0 });

  await keep('dunning/asked-to-the-end', `dunning/${campaignId}`);
  await keep('subscription/started-its-campaign', `subscription/${subscriptionId}`);
  await keep('subscription/joined-a-campaign', `subscription/${second}`);
});

it('begins a new history after so many looks', async () => {
  const customerId = await world.addCustomer(zoneAtNoon());
  const [row] = await world.query<{ id: string }>(
    `INSERT INTO finance.dunning_campaigns (company_id, billing_account_id, customer_id, next_look_at, opened_at)
     SELECT company_id, id, customer_id, $2, $2 FROM finance.billing_accounts WHERE customer_id = $1 RETURNING id`,
    [customerId, new Date(systemClock.now().getTime() + 600)],
  );
  const workflowId = `dunning/${row?.id}`;
  const handle = await temporal.client.workflow.start('dunningCampaign', {
    workflowId,
    taskQueue: 'payment-svc',
    args: [{ companyId: world.company.id, campaignId: Number(row?.id), looksPerRun: 1 }],
  });
  await handle.result();
  const latest = await temporal.client.workflow.getHandle(workflowId).describe();

  expect(latest.runId).not.toBe(handle.firstExecutionRunId);
  await keep('dunning/new-run', workflowId, handle.firstExecutionRunId);
  // Nothing was overdue.
  expect(await campaignOf(customerId)).toMatchObject({ status: 'closed', requests: 0 });
});

it('replays what it has done', async () => {
  const histories = [...kept].map(([workflowId, history]) => ({ workflowId, history }));
  const failures: unknown[] = [];

  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
    failures.push(...(error === undefined ? [] : [{ workflowId, error }]));
  }
  expect(histories).toHaveLength(5);
  expect(failures).toEqual([]);

  for (const { workflowId, history } of process.env['RECORD_HISTORIES'] === undefined ? [] : histories) {
    const file = path.resolve(__dirname, '../../histories', `${workflowId}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${historyToJSON(history).replace(/"identity": "[^"]*"/g, '"identity": "recorder"')}\n`);
  }
});
