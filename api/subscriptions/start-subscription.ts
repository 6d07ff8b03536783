import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import { AppError } from '../../domain/errors';
import type { CreateSubscription } from '../../domain/subscriptions/steps/create-subscription';
import { subscriptionSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import { businessAttributes } from '../../platform/temporal/search-attributes';
import type {
  SubscriptionStart,
  SubscriptionStatusView,
  SubscriptionWorkflowInput,
} from '../../workflows/subscription/subscription-messages';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline, lookMs } from '../http/pipeline/answer-deadline';
import { requireStarted } from '../http/pipeline/require-started';

type SubscriptionWorkflow = (input: SubscriptionWorkflowInput) => Promise<SubscriptionStatusView | null>;

/**
 * Starts `subscription/<id>` and waits until it is created; safe to repeat, because the same id finds the same workflow (D2).
 * @returns false when the deadline passed: it is being created, ask again at its address
 * @throws AppError of the refusal; unavailable when it could not even be started
 */
export async function startSubscription(
  deps: ApiDependencies,
  companyId: number,
  create: CreateSubscription,
): Promise<boolean> {
  const { workflow, connection } = deps.temporal;
  const { subscriptionId, customerId, planId } = create;
  const workflowId = subscriptionSubject(subscriptionId);
  const start = new WithStartWorkflowOperation<SubscriptionWorkflow>('subscription', {
    workflowId,
    taskQueue: 'subscription-svc',
    args: [{ companyId, subscriptionId, create }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `plan ${planId} of customer ${customerId}`,
    typedSearchAttributes: businessAttributes({ companyId, customerId, businessModel: 'subscription' }),
  });

  try {
    const started = await connection.withDeadline(answerDeadline(deps) - lookMs, () =>
      workflow.executeUpdateWithStart<SubscriptionWorkflow, SubscriptionStart, []>('createSubscription', {
        startWorkflowOperation: start,
        updateId: 'createSubscription',
      }),
    );

    if (started.kind === 'refused') {
      throw AppError.fromJSON(started.error);
    }

    return true;
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      await requireStarted(deps, workflowId, error);

      return false;
    }

    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      const ended = (await workflow.getHandle(workflowId).result()) as SubscriptionStatusView | null;

      if (ended?.refusal != null) {
        throw AppError.fromJSON(ended.refusal);
      }

      return true;
    }
    throw error;
  }
}
