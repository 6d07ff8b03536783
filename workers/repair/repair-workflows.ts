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
import { someAtATime } from '../../platform/some-at-a-time';
import { pagesOf } from './pages-of';
import { startedAtOnce, waitUntilTakenUp } from './take-up';

/** `wanted`: how many the rows need to run; `lost`: how many of them Temporal did not have, and has now unless they were only counted. */
export interface RepairCounts {
  wanted: number;
  lost: number;
}

export interface RepairOptions {
  /** false: what is lost is only counted */
  isMending: boolean;
  /** Aborted, nothing more is looked at: the next look goes on with what is still lost. */
  signal?: AbortSignal;
  /** Told again and again how far it is. */
  onProgress?: (counts: Readonly<RepairCounts>) => void;
  /** Told of each workflow that was started. */
  onStarted?: (workflowId: string) => void;
  /** Told of each that could not be mended: one row must not keep the others from it. Absent: the error is thrown. */
  onFailed?: (workflowId: string, error: unknown) => void;
}

type Repair = (parts: ClientParts, options: RepairOptions) => Promise<RepairCounts>;

const pageSize = 500;
const chunkSize = 50;

type Rows = (system: SystemConnection, page: { after: number; limit: number }) => Promise<OfCompany[]>;

/** The workflows that rows of one kind need. What has none is started where its row is; one that runs is left alone. */
const repairRows =
  (
    list: Rows,
    subjectOf: (id: number) => string,
    restart: (parts: ClientParts, of: OfCompany) => Promise<boolean>,
  ): Repair =>
  async (parts, options) => {
    const counts = { wanted: 0, lost: 0 };
    await mendAll(
      parts.temporal,
      pagesOf((after) => list(parts.database.system, { after, limit: pageSize })),
      {
        ...options,
        counts,
        workflowIdOf: ({ id }) => subjectOf(id),
        isWanted: async ({ id }) => (await list(parts.database.system, { after: id - 1, limit: 1 }))[0]?.id === id,
        restart: (row) => restart(parts, row),
      },
    );

    return counts;
  };

/** Starts `payment/<id>` for all money that has to go back and that nobody is giving back. */
const repairRefunds: Repair = async (parts, options) => {
  const list = (after: number) => listCompanies(parts.database.system, { after, limit: pageSize });
  const counts = { wanted: 0, lost: 0 };

  for await (const { id: companyId } of pagesOf(list)) {
    const refunds = await parts.database.withTenantSql(companyId, (tx) => listUnfinishedRefunds(tx));
    const byPayment = new Map<number, UnfinishedRefund[]>();
    refunds.forEach((one) => byPayment.set(one.paymentId, [...(byPayment.get(one.paymentId) ?? []), one]));
    await mendAll(parts.temporal, byPayment, {
      ...options,
      counts,
      workflowIdOf: ([paymentId]) => paymentWorkflowId(paymentId),
      isWanted: async ([paymentId]) =>
        (await parts.database.withTenantSql(companyId, (tx) => listUnfinishedRefunds(tx, paymentId))).length > 0,
      restart: (payment) => repairPayment(parts, companyId, payment),
    });
  }

  return counts;
};

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
 * asked for once more, and then its row. Never holds more than a chunk, and starts no more than a few that no worker has taken up yet: however
 * many are lost, what people ask for meanwhile waits behind these few.
 * @param options.counts are added to
 */
async function mendAll<Item>(
  temporal: Client,
  items: AsyncIterable<Item> | Iterable<Item>,
  options: RepairOptions & {
    counts: RepairCounts;
    workflowIdOf: (item: Item) => string;
    /** Whether its row wants a workflow still. */
    isWanted: (item: Item) => Promise<boolean>;
    restart: (item: Item) => Promise<boolean>;
  },
): Promise<void> {
  const { counts, workflowIdOf, isWanted, restart, isMending, signal, onProgress, onStarted, onFailed } = options;
  const mend = async (item: Item) => {
    const workflowId = workflowIdOf(item);

    if (signal?.aborted === true || (await isRunning(temporal, workflowId))) {
      return;
    }

    // One that has come to its end since the rows were read is not lost: a row is over before its workflow is.
    if (!(await isWanted(item)) || (isMending && !(await restart(item)))) {
      return;
    }
    counts.lost += 1;

    if (isMending) {
      onStarted?.(workflowId);
      await waitUntilTakenUp(temporal, workflowId, signal);
    }
  };
  const mendOrTell = (item: Item) =>
    mend(item).catch((error: unknown) => {
      if (onFailed === undefined) {
        throw error;
      }
      onFailed(workflowIdOf(item), error);
    });

  for await (const chunk of chunksOf(items)) {
    if (signal?.aborted === true) {
      return;
    }
    const running = await listRunning(temporal, chunk.map(workflowIdOf));
    await someAtATime(
      chunk.filter((item) => !running.has(workflowIdOf(item))),
      startedAtOnce,
      mendOrTell,
    );
    counts.wanted += chunk.length;
    onProgress?.(counts);
  }
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
