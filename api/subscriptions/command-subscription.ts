import { randomUUID } from 'node:crypto';

import { commandSubscription as sendCommand } from '../../clients/subscription-client';
import { AppError } from '../../domain/errors';
import { readSubscription } from '../../domain/subscriptions/row/read-subscriptions';
import type { RequestedCommand } from '../../domain/subscriptions/commands/subscription-command-schema';
import type { SubscriptionRow } from '../../domain/subscriptions/row/subscription-view';
import type { CommandAnswer } from '../../workflows/subscription/subscription-messages';
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
  const answer = await sendCommand(deps, {
    companyId,
    id: subscriptionId,
    command,
    commandId: options.effectKey ?? randomUUID(),
    until: answerDeadline(deps),
  });

  return { row: await findSubscription(deps, options), answer };
}
