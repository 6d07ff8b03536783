import { type Client, WorkflowNotFoundError } from '@temporalio/client';

import { restartOrderWorkflow } from '../../clients/restart-order';
import { startAgain } from '../../clients/start-again';
import { campaignWorkflow } from '../../domain/billing/dunning/campaign-id-rules';
import { listActiveCampaigns } from '../../domain/billing/dunning/list-active-campaigns';
import { listCompanies } from '../../domain/companies/list-companies';
import { listUnfinishedOrders, type UnfinishedOrder } from '../../domain/orders/list-unfinished-orders';
import { orderSubject } from '../../domain/orders/order-number-rules';
import { readOrder } from '../../domain/orders/read-orders';
import { listUnfinishedRefunds, type UnfinishedRefund } from '../../domain/payments/list-unfinished-refunds';
import { paymentWorkflowId } from '../../domain/payments/payment-id-rules';
import {
  listAdvancingClocks,
  listUnfinishedSubscriptions,
} from '../../domain/subscriptions/row/list-unfinished-subscriptions';
import { subscriptionWorkflow, testClockWorkflow } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import type { Database } from '../../platform/db/database';
import type { PaymentWorkflowInput } from '../../workflows/messages';
import { pagesOf } from './pages-of';

export interface RepairParts {
  database: Database;
  temporal: Client;
}

/** `wanted`: how many the rows need to run; `started`: how many of them Temporal had lost. */
export interface RepairCounts {
  wanted: number;
  started: number;
}

const pageSize = 500;
const chunkSize = 50;

/** Starts the workflow of every order that is not over and has none; one that runs is left alone. */
export async function repairOrders(parts: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listUnfinishedOrders(parts.database.system, { after, limit: pageSize });

  return countAll(
    parts.temporal,
    pagesOf(list),
    ({ id }) => orderSubject(id),
    (order) => repairOrder(parts, order),
  );
}

/** The same for subscriptions, and for test clocks that are on their way: each goes on where its row is. */
export async function repairSubscriptions({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listUnfinishedSubscriptions(database.system, { after, limit: pageSize });

  const workflowOf = ({ companyId, id }: { companyId: number; id: number }) =>
    subscriptionWorkflow({ companyId, subscriptionId: id });

  return countAll(
    temporal,
    pagesOf(list),
    (row) => workflowOf(row).workflowId,
    (row) => startUnlessRunning(temporal, workflowOf(row)),
  );
}

export async function repairTestClocks({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listAdvancingClocks(database.system, { after, limit: pageSize });

  const workflowOf = ({ companyId, id }: { companyId: number; id: number }) =>
    testClockWorkflow({ companyId, testClockId: id });

  return countAll(
    temporal,
    pagesOf(list),
    (row) => workflowOf(row).workflowId,
    (row) => startUnlessRunning(temporal, workflowOf(row)),
  );
}

/** Dunning campaigns that look at their accounts again. */
export async function repairCampaigns({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listActiveCampaigns(database.system, { after, limit: pageSize });

  const workflowOf = ({ companyId, id }: { companyId: number; id: number }) =>
    campaignWorkflow({ companyId, campaignId: id });

  return countAll(
    temporal,
    pagesOf(list),
    (row) => workflowOf(row).workflowId,
    (row) => startUnlessRunning(temporal, workflowOf(row)),
  );
}

/** Starts `payment/<id>` for all money that has to go back and that nobody is giving back. */
export async function repairRefunds(parts: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listCompanies(parts.database.system, { after, limit: pageSize });
  const total = { wanted: 0, started: 0 };

  for await (const { id: companyId } of pagesOf(list)) {
    const refunds = await parts.database.withTenantSql(companyId, listUnfinishedRefunds);
    const byPayment = new Map<number, UnfinishedRefund[]>();
    refunds.forEach((one) => byPayment.set(one.paymentId, [...(byPayment.get(one.paymentId) ?? []), one]));
    const counts = await countAll(
      parts.temporal,
      byPayment,
      ([paymentId]) => paymentWorkflowId(paymentId),
      (payment) => repairPayment(parts, companyId, payment),
    );
    total.wanted += counts.wanted;
    total.started += counts.started;
  }

  return total;
}

async function repairOrder({ database, temporal }: RepairParts, { companyId, id }: UnfinishedOrder): Promise<boolean> {
  if (await runs(temporal, orderSubject(id))) {
    return false;
  }
  const order = await database.withTenantSql(companyId, (tx) => readOrder(tx, { orderId: id }));

  if (order === null) {
    return false;
  }
  return restartOrderWorkflow({ temporal }, companyId, order);
}

/** All of a payment at once: its workflow is started with what it has to send, each refund under its own key. */
function repairPayment(
  { temporal }: RepairParts,
  companyId: number,
  [paymentId, unfinished]: [number, UnfinishedRefund[]],
): Promise<boolean> {
  const input: PaymentWorkflowInput = {
    companyId,
    paymentId,
    reconcile: unfinished.some(({ refundId }) => refundId === null),
    refunds: unfinished.flatMap(({ refundId, amount, reason }) =>
      refundId === null ? [] : [{ refundId, amount, reason }],
    ),
  };

  return startUnlessRunning(temporal, {
    type: 'payment',
    workflowId: paymentWorkflowId(paymentId),
    taskQueue: 'payment-svc',
    input,
  });
}

/** @returns whether it was started and is there; what another has started meanwhile is not counted */
async function startUnlessRunning(temporal: Client, workflow: Parameters<typeof startAgain>[1]): Promise<boolean> {
  return !(await runs(temporal, workflow.workflowId)) && startAgain(temporal, workflow);
}

async function runs(temporal: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await temporal.workflow.getHandle(workflowId).describe();

    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      return false;
    }
    throw error;
  }
}

/**
 * Looks for many at once in Temporal's list of what runs, and mends what is not in it; the list may lag behind, so each is
 * asked for once more before it is started. Never holds more than a chunk.
 */
async function countAll<Item>(
  temporal: Client,
  items: AsyncIterable<Item> | Iterable<Item>,
  workflowIdOf: (item: Item) => string,
  repair: (item: Item) => Promise<boolean>,
): Promise<RepairCounts> {
  const counts = { wanted: 0, started: 0 };

  for await (const chunk of chunksOf(items)) {
    const running = await runningOf(temporal, chunk.map(workflowIdOf));
    const lost = chunk.filter((item) => !running.has(workflowIdOf(item)));
    const isStarted = await Promise.all(lost.map(repair));
    counts.wanted += chunk.length;
    counts.started += isStarted.filter(Boolean).length;
  }

  return counts;
}

async function runningOf(temporal: Client, workflowIds: readonly string[]): Promise<Set<string>> {
  const names = workflowIds.map((id) => `'${id}'`).join(', ');
  const running = new Set<string>();

  for await (const { workflowId } of temporal.workflow.list({
    query: `WorkflowId IN (${names}) AND ExecutionStatus = 'Running'`,
    pageSize: chunkSize,
  })) {
    running.add(workflowId);
  }

  return running;
}

async function* chunksOf<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item[], undefined> {
  let chunk: Item[] = [];

  for await (const item of items) {
    chunk.push(item);

    if (chunk.length === chunkSize) {
      yield chunk;
      chunk = [];
    }
  }

  if (chunk.length > 0) {
    yield chunk;
  }

  return undefined;
}

/** What the rows need, by what it is: `doctor` tells it, and the worker host mends it by itself. */
export const repairs = {
  'Orders that are not over': repairOrders,
  'Payments with money to give back': repairRefunds,
  'Subscriptions to which something may still happen': repairSubscriptions,
  'Test clocks on their way': repairTestClocks,
  'Accounts that are asked to pay': repairCampaigns,
} as const;
