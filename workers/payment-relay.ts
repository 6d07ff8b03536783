import { setTimeout as sleep } from 'node:timers/promises';

import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';

import { orderSubject } from '../domain/orders/order-number-rules';
import { listUnsignalled, type UnsignalledEvent } from '../domain/payments/list-unsignalled';
import { paymentWorkflowId } from '../domain/payments/payment-id-rules';
import { markSignalled } from '../domain/payments/record-outcome';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';

/** Whoever took a callback in tells the owner at once; the relay comes in when that did not happen. */
const patienceMs = 2_000;
const idleMs = 1_000;

/** Tells the owner of a payment what the inbox holds about it, until it is told (D5). Runs until aborted. */
export async function runPaymentRelay(options: {
  database: Database;
  clock: Clock;
  temporal: Client;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { database, clock, temporal, logger, signal } = options;

  while (!signal.aborted) {
    try {
      const before = new Date(clock.now().getTime() - patienceMs);

      for (const event of await listUnsignalled(database, { before, limit: 100 })) {
        await tellOwner(temporal, event);
        await database.withTenantSql(event.companyId, (tx) => markSignalled(tx, { ...event, now: clock.now() }));
      }
    } catch (err) {
      logger.warn({ err }, 'the payment relay met an error; trying again');
    }
    await sleep(idleMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The order's workflow, or, when that is over, `payment/<id>`, which gives the money back. */
async function tellOwner(temporal: Client, { companyId, paymentId, orderId }: UnsignalledEvent): Promise<void> {
  if (orderId !== null) {
    try {
      await temporal.workflow.getHandle(orderSubject(orderId)).signal('paymentSettled', { paymentId });

      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) {
        throw error;
      }
    }
  }

  try {
    await temporal.workflow.start('payment', {
      workflowId: paymentWorkflowId(paymentId),
      taskQueue: 'payment-svc',
      args: [{ companyId, paymentId, reconcile: true }],
      staticSummary: `take payment ${paymentId} in; its order is over`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
    await temporal.workflow.getHandle(paymentWorkflowId(paymentId)).signal('reconcile');
  }
}
