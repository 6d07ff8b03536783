import { randomUUID } from 'node:crypto';

import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

import { AppError } from '../../domain/errors';
import { readSubscription } from '../../domain/subscriptions/row/read-subscriptions';
import {
  commandUpdateNames,
  type RequestedCommand,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import { subscriptionSubject, subscriptionWorkflow } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import type { SubscriptionRow } from '../../domain/subscriptions/row/subscription-view';
import { startAgain } from '../../clients/start-again';
import type { CommandAnswer, CommandMessage } from '../../workflows/subscription/subscription-messages';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';

interface Options {
  companyId: number;
  subscriptionId: number;
  /** When given, another customer's subscription is not found. */
  customerId?: number | undefined;
  command: RequestedCommand;
  /** Makes a repeat of the request the same command (D25). */
  effectKey: string | null;
}

/** @throws AppError not_found */
export async function findSubscription(
  deps: Pick<ApiDependencies, 'database'>,
  { companyId, subscriptionId, customerId }: Pick<Options, 'companyId' | 'subscriptionId' | 'customerId'>,
): Promise<SubscriptionRow> {
  const row = await deps.database.withTenant(companyId, (tx) => readSubscription(tx, { subscriptionId, customerId }));

  if (row === null) {
    throw new AppError('not_found', { detail: `There is no subscription ${subscriptionId}.` });
  }

  return row;
}

/**
 * Has the workflow of a subscription carry a command out, and reads the subscription back.
 * @throws AppError not_found, what the command is refused with; unavailable after the deadline
 */
export async function commandSubscription(
  deps: Pick<ApiDependencies, 'database' | 'temporal' | 'clock' | 'config'>,
  options: Options,
): Promise<{ row: SubscriptionRow; answer: CommandAnswer }> {
  const { companyId, subscriptionId, command } = options;
  await findSubscription(deps, options);
  const commandId = options.effectKey ?? randomUUID();
  const deadline = answerDeadline(deps);
  const execute = () =>
    deps.temporal.connection.withDeadline(deadline, () =>
      deps.temporal.workflow
        .getHandle(subscriptionSubject(subscriptionId))
        .executeUpdate<CommandAnswer, [CommandMessage]>(commandUpdateNames[command.type], {
          args: [{ commandId, command }],
          updateId: `${command.type}:${commandId}`,
        }),
    );
  let answer: CommandAnswer;

  try {
    answer = await execute();
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new AppError('unavailable', {
        detail: 'The subscription has not answered yet. Read it again before you repeat.',
        cause: error,
      });
    }

    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }

    // It may have ended meanwhile; else its row needs a workflow that Temporal lost, which is started again.
    await requireOpen(deps, options);
    await startAgain(deps.temporal, subscriptionWorkflow({ companyId, subscriptionId }));
    answer = await execute().catch(async (repeated: unknown) => {
      if (!(repeated instanceof WorkflowNotFoundError)) {
        throw repeated;
      }
      await requireOpen(deps, options);
      throw new AppError('unavailable', { detail: 'The subscription is being started again.', cause: repeated });
    });
  }

  return { row: await findSubscription(deps, options), answer };
}

/** @throws AppError subscription_state when it has ended */
async function requireOpen(deps: Pick<ApiDependencies, 'database'>, options: Options): Promise<void> {
  const { status } = await findSubscription(deps, options);

  if (status === 'cancelled' || status === 'expired') {
    throw new AppError('subscription_state', { detail: `The subscription is ${status}.`, params: { state: status } });
  }
}
