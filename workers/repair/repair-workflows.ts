import type { Client } from '@temporalio/client';

import type { ClientParts, OfCompany } from '../../clients/client-parts';
import { restartModelSwitch } from '../../clients/model-switch-client';
import { restartCampaign } from '../../clients/dunning-client';
import { restartOrder } from '../../clients/order-client';
import { restartPayment } from '../../clients/payment-client';
import { restartPriceMove } from '../../clients/price-move-client';
import { restartSubscription } from '../../clients/subscription-client';
import { restartTestClock } from '../../clients/test-clock-client';
import { isRunning, listRunning } from '../../clients/workflow-start';
import { campaignSubject } from '../../domain/billing/dunning/campaign-id-rules';
import { listActiveCampaigns } from '../../domain/billing/dunning/list-active-campaigns';
import { listCompanies } from '../../domain/companies/list-companies';
import { listUnfinishedDeployments } from '../../domain/deployments/row/list-unfinished-deployments';
import { deploymentSubject } from '../../domain/deployments/row/deployment-status-rules';
import { listUnfinishedOrders } from '../../domain/orders/list-unfinished-orders';
import { orderSubject } from '../../domain/orders/order-number-rules';
import { listUnfinishedRefunds, type UnfinishedRefund } from '../../domain/payments/list-unfinished-refunds';
import { paymentWorkflowId } from '../../domain/payments/payment-id-rules';
import { listUnfinishedPriceMoves } from '../../domain/subscriptions/price-moves/list-unfinished-price-moves';
import { priceMoveSubject } from '../../domain/subscriptions/price-moves/price-move-row';
import {
  listAdvancingClocks,
  listUnfinishedSubscriptions,
} from '../../domain/subscriptions/row/list-unfinished-subscriptions';
import { subscriptionSubject, testClockSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import type { SystemConnection } from '../../platform/db/database';
import { pagesOf } from './pages-of';

/** `wanted`: how many the rows need to run; `lost`: how many of them Temporal did not have, and has now unless they were only counted. */
export interface RepairCounts {
  wanted: number;
  lost: number;
}

const pageSize = 500;
const chunkSize = 50;

type Rows = (system: SystemConnection, page: { after: number; limit: number }) => Promise<OfCompany[]>;

/**
 * The workflows that rows of one kind need. What has none is started where its row is; one that runs is left alone.
 * @param isMending false: only counted
 */
const repairRows =
  (list: Rows, subjectOf: (id: number) => string, restart: (parts: ClientParts, of: OfCompany) => Promise<boolean>) =>
  (parts: ClientParts, isMending = true): Promise<RepairCounts> =>
    countAll(
      parts.temporal,
      pagesOf((after) => list(parts.database.system, { after, limit: pageSize })),
      ({ id }) => subjectOf(id),
      isMending ? (row) => restart(parts, row) : null,
    );

/** Starts `payment/<id>` for all money that has to go back and that nobody is giving back. */
async function repairRefunds(parts: ClientParts, isMending = true): Promise<RepairCounts> {
  const list = (after: number) => listCompanies(parts.database.system, { after, limit: pageSize });
  const total = { wanted: 0, lost: 0 };

  for await (const { id: companyId } of pagesOf(list)) {
    const refunds = await parts.database.withTenantSql(companyId, listUnfinishedRefunds);
    const byPayment = new Map<number, UnfinishedRefund[]>();
    refunds.forEach((one) => byPayment.set(one.paymentId, [...(byPayment.get(one.paymentId) ?? []), one]));
    const counts = await countAll(
      parts.temporal,
      byPayment,
      ([paymentId]) => paymentWorkflowId(paymentId),
      isMending ? (payment) => repairPayment(parts, companyId, payment) : null,
    );
    total.wanted += counts.wanted;
    total.lost += counts.lost;
  }

  return total;
}

/** All of a payment at once: its workflow is started with what it has to send, each refund under its own key. */
function repairPayment(
  parts: ClientParts,
  companyId: number,
  [paymentId, unfinished]: [number, UnfinishedRefund[]],
): Promise<boolean> {
  return restartPayment(parts, {
    companyId,
    paymentId,
    reconcile: unfinished.some(({ refundId }) => refundId === null),
    refunds: unfinished.flatMap(({ refundId, amount, reason }) =>
      refundId === null ? [] : [{ refundId, amount, reason }],
    ),
  });
}

/**
 * Looks for many at once in Temporal's list of what runs, and mends what is not in it; the list may lag behind, so each is
 * asked for once more. Never holds more than a chunk.
 * @param repair null: only counted
 */
async function countAll<Item>(
  temporal: Client,
  items: AsyncIterable<Item> | Iterable<Item>,
  workflowIdOf: (item: Item) => string,
  repair: ((item: Item) => Promise<boolean>) | null,
): Promise<RepairCounts> {
  const counts = { wanted: 0, lost: 0 };

  for await (const chunk of chunksOf(items)) {
    const running = await listRunning(temporal, chunk.map(workflowIdOf));
    const missing = chunk.filter((item) => !running.has(workflowIdOf(item)));
    const isLost = await Promise.all(
      missing.map(
        async (item) => !(await isRunning(temporal, workflowIdOf(item))) && (repair === null || (await repair(item))),
      ),
    );
    counts.wanted += chunk.length;
    counts.lost += isLost.filter(Boolean).length;
  }

  return counts;
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
  'Orders that are not over': repairRows(listUnfinishedOrders, orderSubject, restartOrder),
  'Payments with money to give back': repairRefunds,
  'Subscriptions to which something may still happen': repairRows(
    listUnfinishedSubscriptions,
    subscriptionSubject,
    restartSubscription,
  ),
  'Test clocks on their way': repairRows(listAdvancingClocks, testClockSubject, restartTestClock),
  'Accounts that are asked to pay': repairRows(listActiveCampaigns, campaignSubject, restartCampaign),
  'Switches of the business model that are not over': repairRows(
    listUnfinishedDeployments,
    deploymentSubject,
    restartModelSwitch,
  ),
  'Price moves that are not over': repairRows(listUnfinishedPriceMoves, priceMoveSubject, restartPriceMove),
} as const;
