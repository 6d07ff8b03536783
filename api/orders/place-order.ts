import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import { AppError } from '../../domain/errors';
import { readProductNames } from '../../domain/catalogue/products/read-product-names';
import { readAvailability } from '../../domain/inventory/read-availability';
import { orderSubject } from '../../domain/orders/order-number-rules';
import { outOfStock, unitsByProduct } from '../../domain/orders/order-line-rules';
import type { PlaceOrderInput, Placement } from '../../domain/orders/order-types';
import { businessAttributes } from '../../platform/temporal/search-attributes';
import type { OrderStatusView, OrderWorkflowInput } from '../../workflows/messages';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline, lookMs } from '../http/pipeline/answer-deadline';
import { requireStarted } from '../http/pipeline/require-started';
import type { PlacementGate } from './placement-gate';

/**
 * Starts `order/<id>` and waits for its placement, at once and safe to repeat: the same id finds the same workflow,
 * which answers the same (D2).
 * @returns null when the deadline passed: the order is being placed, ask again at its address
 * @throws AppError of the placement's refusal
 */
export async function placeOrderByWorkflow(
  deps: ApiDependencies,
  gate: PlacementGate,
  input: PlaceOrderInput,
  now: Date,
): Promise<Placement | null> {
  const productIds = input.items.map(({ productId }) => productId);

  return gate.run(async () => {
    if (gate.isSuspect(productIds, now)) {
      await refuseIfSoldOut(deps, input);
    }

    const placement = await startAndPlace(deps, input);

    if (placement?.kind === 'refused') {
      if (placement.error.code === 'out_of_stock') {
        gate.noteSoldOut(productIds, deps.clock.now());
      }
      throw AppError.fromJSON(placement.error);
    }

    return placement;
  });
}

async function refuseIfSoldOut(deps: ApiDependencies, input: PlaceOrderInput): Promise<void> {
  const units = unitsByProduct(input.items);
  const ids = units.map(({ productId }) => productId);
  const { available, names } = await deps.database.withTenantSql(input.companyId, async (tx) => ({
    available: await readAvailability(tx, ids),
    names: await readProductNames(tx, ids),
  }));

  const short = units.filter(({ productId, quantity }) => (available.get(productId) ?? 0) < quantity);

  if (short.length > 0) {
    throw outOfStock(short, available, names);
  }
}

async function startAndPlace(deps: ApiDependencies, input: PlaceOrderInput): Promise<Placement | null> {
  const { workflow } = deps.temporal;
  const workflowId = orderSubject(input.orderId);
  const start = new WithStartWorkflowOperation<(input: OrderWorkflowInput) => Promise<OrderStatusView>>('order', {
    workflowId,
    taskQueue: 'order-svc',
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    // One that was lost on the way is started anew: placing finds what stands.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `order of customer ${input.customerId}`,
    typedSearchAttributes: businessAttributes({
      companyId: input.companyId,
      customerId: input.customerId,
      businessModel: 'retail',
    }),
  });

  try {
    return await deps.temporal.connection.withDeadline(answerDeadline(deps) - lookMs, () =>
      workflow.executeUpdateWithStart<(input: OrderWorkflowInput) => Promise<OrderStatusView>, Placement, []>(
        'placeOrder',
        {
          startWorkflowOperation: start,
          updateId: 'placeOrder',
        },
      ),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      await requireStarted(deps, workflowId, error);

      return null;
    }

    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      return placementOfEndedWorkflow(deps, workflowId);
    }
    throw error;
  }
}

/** A repeat of an order that is over: what became of it stands in the workflow's result. */
async function placementOfEndedWorkflow(deps: ApiDependencies, workflowId: string): Promise<Placement | null> {
  const ended = (await deps.temporal.workflow.getHandle(workflowId).result()) as OrderStatusView;

  return ended.refusal === null ? null : { kind: 'refused', error: ended.refusal };
}
