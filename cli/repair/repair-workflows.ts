import { type Client, WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

import { restartOrderWorkflow } from '../../api/orders/restart-order';
import { requestRefund } from '../../api/payments/request-refund';
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
import type { Clock } from '../../platform/clock';
import type { Config } from '../../platform/config';
import type { Database } from '../../platform/db/database';
import { startAgain } from '../../platform/temporal/start-again';
import { reconcilePayment } from '../../workers/reconcile-payment';
import { pagesOf } from './pages-of';

export interface RepairParts {
  database: Database;
  temporal: Client;
  clock: Clock;
  config: Config;
}

/** `wanted`: how many the rows need to run; `started`: how many of them Temporal had lost. */
export interface RepairCounts {
  wanted: number;
  started: number;
}

const pageSize = 500;
const sideBySide = 16;

/** Starts the workflow of every order that is not over and has none; one that runs is left alone. */
export async function repairOrders(parts: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listUnfinishedOrders(parts.database.system, { after, limit: pageSize });

  return countAll(pagesOf(list), (order) => repairOrder(parts, order));
}

/** The same for subscriptions, and for test clocks that are on their way: each goes on where its row is. */
export async function repairSubscriptions({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listUnfinishedSubscriptions(database.system, { after, limit: pageSize });

  return countAll(pagesOf(list), async ({ companyId, id }) => {
    const workflow = subscriptionWorkflow({ companyId, subscriptionId: id });

    return !(await runs(temporal, workflow.workflowId)) && startAgain(temporal, workflow);
  });
}

export async function repairTestClocks({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listAdvancingClocks(database.system, { after, limit: pageSize });

  return countAll(pagesOf(list), async ({ companyId, id }) => {
    const workflow = testClockWorkflow({ companyId, testClockId: id });

    return !(await runs(temporal, workflow.workflowId)) && startAgain(temporal, workflow);
  });
}

/** Dunning campaigns that look at their accounts again. */
export async function repairCampaigns({ database, temporal }: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listActiveCampaigns(database.system, { after, limit: pageSize });

  return countAll(pagesOf(list), async ({ companyId, id }) => {
    const workflow = campaignWorkflow({ companyId, campaignId: id });

    return !(await runs(temporal, workflow.workflowId)) && startAgain(temporal, workflow);
  });
}

/** Starts `payment/<id>` for all money that has to go back and that nobody is giving back. */
export async function repairRefunds(parts: RepairParts): Promise<RepairCounts> {
  const list = (after: number) => listCompanies(parts.database.system, { after, limit: pageSize });
  const total = { wanted: 0, started: 0 };

  for await (const { id: companyId } of pagesOf(list)) {
    const refunds = await parts.database.withTenantSql(companyId, listUnfinishedRefunds);
    const counts = await countAll(refunds, (refund) => repairRefund(parts, companyId, refund));
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
  await restartOrderWorkflow({ temporal }, companyId, order);

  return true;
}

async function repairRefund(parts: RepairParts, companyId: number, refund: UnfinishedRefund): Promise<boolean> {
  const { paymentId, refundId, amount, reason } = refund;

  if (await runs(parts.temporal, paymentWorkflowId(paymentId))) {
    return false;
  }
  if (refundId === null) {
    await reconcilePayment(parts.temporal, { companyId, paymentId, summary: `give payment ${paymentId} back` });
  } else {
    await startRefundOnRequest(parts, companyId, { paymentId, refundId, amount, reason });
  }

  return true;
}

/** Without a worker it is started all the same; the answer would come later. */
async function startRefundOnRequest(
  parts: RepairParts,
  companyId: number,
  { paymentId, refundId, amount, reason }: UnfinishedRefund & { refundId: number },
): Promise<void> {
  try {
    await requestRefund(parts, companyId, paymentId, { refundId, amount, reason });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) {
      throw error;
    }
  }
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

/** Works on several at once, but never holds more than a page of them. */
async function countAll<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  repair: (item: Item) => Promise<boolean>,
): Promise<RepairCounts> {
  const counts = { wanted: 0, started: 0 };
  const iterator = toAsync(items);
  const work = async (): Promise<void> => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const isStarted = await repair(next.value);
      counts.wanted += 1;
      counts.started += isStarted ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));

  return counts;
}

async function* toAsync<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, undefined> {
  yield* items;

  return undefined;
}
