import { wakeService } from '../domain/deployments/local/local-revisions';
import { AppError } from '../domain/errors';
import { promptChargeMs } from '../domain/payments/prompt-charge-rules';
import { recallCommand } from '../domain/subscriptions/commands/entity-commands';
import {
  commandUpdateNames,
  isOfMoney,
  type RequestedCommand,
} from '../domain/subscriptions/commands/subscription-command-schema';
import { subscriptionSubject } from '../domain/subscriptions/lifecycle/subscription-id-rules';
import { readSubscription } from '../domain/subscriptions/row/read-subscriptions';
import type { SubscriptionRow } from '../domain/subscriptions/row/subscription-view';
import type { CreateSubscription } from '../domain/subscriptions/steps/create-subscription';
import { businessAttributes } from '../platform/temporal/search-attributes';
import type {
  CommandAnswer,
  CommandMessage,
  SubscriptionStart,
  SubscriptionStatusView,
  SubscriptionWorkflowInput,
} from '../workflows/subscription/subscription-messages';
import type { ClientParts, OfCompany } from './client-parts';
import { type Recipient, RecipientIsOver, refusalOf, sendOrRestart, unlessOver } from './send-or-restart';
import { startWithUpdate } from './start-with-update';
import { startUnlessRunning, updateWithStart, type WorkflowStart } from './workflow-start';

function subscriptionStart(
  input: SubscriptionWorkflowInput,
  { customerId, planId, status }: { customerId: number; planId: number; status: string },
): WorkflowStart {
  const { companyId, subscriptionId } = input;

  return {
    type: 'subscription',
    workflowId: subscriptionSubject(subscriptionId),
    taskQueue: 'subscription-svc',
    input: { triesChargesFor: promptChargeMs, ...input } satisfies SubscriptionWorkflowInput,
    companyId,
    urgency: 'usual',
    summary: `plan ${planId} of customer ${customerId}`,
    searchAttributes: businessAttributes({ companyId, customerId, businessModel: 'subscription', status }),
  };
}

function restartOf(companyId: number, row: SubscriptionRow): WorkflowStart {
  const [customerId, planId, subscriptionId] = [Number(row.customerId), Number(row.planId), Number(row.id)];

  return subscriptionStart({ companyId, subscriptionId, create: null }, { customerId, planId, status: row.status });
}

/**
 * Starts `subscription/<id>` and waits until it is created; a repeat is answered the same.
 * @param options.until epoch milliseconds
 * @returns false when it is being created: ask again at its address
 * @throws AppError of the refusal; unavailable when it could not even be started
 */
export async function startSubscription(
  { temporal }: Pick<ClientParts, 'temporal'>,
  companyId: number,
  create: CreateSubscription,
  options: { until: number; now: () => Date },
): Promise<boolean> {
  const { subscriptionId } = create;
  const start = subscriptionStart({ companyId, subscriptionId, create }, { ...create, status: 'pending' });
  const first = await startWithUpdate<SubscriptionStart, SubscriptionStatusView | null>(temporal, start, {
    update: 'createSubscription',
    ...options,
  });
  const refusal =
    first.kind === 'answered' && first.answer.kind === 'refused'
      ? first.answer.error
      : first.kind === 'ended'
        ? first.result?.refusal
        : null;

  if (refusal != null) {
    throw AppError.fromJSON(refusal);
  }

  return first.kind !== 'under_way';
}

/**
 * Has a subscription carry a command out.
 * @param options.commandId a repeat with the same one is the same command, also in a later run (D25)
 * @param options.until epoch milliseconds
 * @throws AppError subscription_state when it is over, the command is not about money alone and was not carried out before;
 *   unavailable, and what the command is refused with
 */
export async function commandSubscription(
  parts: ClientParts,
  options: OfCompany & { command: RequestedCommand; commandId: string; until: number },
): Promise<CommandAnswer> {
  const { command, commandId, until, companyId, id } = options;
  const { connection, workflow } = parts.temporal;
  const name = commandUpdateNames[command.type];
  const update = { args: [{ commandId, command }] as [CommandMessage], updateId: `${command.type}:${commandId}` };

  try {
    return await sendOrRestart(subscriptionRecipient(parts, options), () =>
      connection.withDeadline(until, () =>
        workflow.getHandle(subscriptionSubject(id)).executeUpdate<CommandAnswer, [CommandMessage]>(name, update),
      ),
    );
  } catch (error) {
    const row =
      error instanceof RecipientIsOver && (await outlivesIt(parts, options))
        ? await findSubscription(parts, options)
        : null;

    if (row === null) {
      throw error;
    }

    const over: Recipient = { name: 'The subscription', restart: () => Promise.reject(error as Error) };

    // Its workflow runs once more, for this alone, and its service with it.
    await wakeService(parts.database, 'subscription-svc');
    return sendOrRestart(over, () =>
      connection.withDeadline(until, () =>
        updateWithStart<CommandAnswer>(parts.temporal, restartOf(companyId, row), {
          name,
          ...update,
          reuse: 'ALLOW_DUPLICATE',
        }),
      ),
    );
  }
}

/** What is owed outlives the subscription, and so does the answer of the command that ended it: it may have been lost. */
async function outlivesIt(
  { database }: ClientParts,
  { companyId, id, command, commandId }: OfCompany & { command: RequestedCommand; commandId: string },
): Promise<boolean> {
  const wasCarriedOut = () =>
    recallCommand(database.eachAlone(companyId), { subject: subscriptionSubject(id), commandId });

  return isOfMoney(command) || (await wasCarriedOut()) !== null;
}

/**
 * Tells a subscription that its test clock has reached an instant, and waits until all that was due by then is done (D26).
 * @param options.updateId a refusal is kept under it
 * @throws AppError of a rule that refuses what is due: asking again does not help
 */
export function tellSubscriptionTime(
  parts: ClientParts,
  options: OfCompany & { now: string; updateId: string },
): Promise<void> {
  // What its clock has something for may have ended and still wait for a charge.
  return tellTime(parts, { name: 'The subscription', restart: () => restartSubscription(parts, options) }, options);
}

/**
 * The same at the end of an advance, when nothing is due any more: the workflow of one that is over is told so that it ends,
 * and is not begun again for it.
 * @returns false when it had ended
 */
export function tellSubscriptionArrival(
  parts: ClientParts,
  options: OfCompany & { now: string; updateId: string },
): Promise<boolean> {
  return unlessOver(tellTime(parts, subscriptionRecipient(parts, options), options));
}

async function tellTime(
  parts: ClientParts,
  recipient: Recipient,
  options: OfCompany & { now: string; updateId: string },
): Promise<void> {
  const handle = parts.temporal.workflow.getHandle(subscriptionSubject(options.id));

  try {
    await sendOrRestart(recipient, () =>
      handle.executeUpdate<void, [{ now: string }]>('clockAdvanced', {
        args: [{ now: options.now }],
        updateId: options.updateId,
      }),
    );
  } catch (error) {
    throw refusalOf(error, `Subscription ${options.id}`) ?? error;
  }
}

/**
 * Has a subscription bill what it has used, if that has come to its threshold, and waits until it is done.
 * @param options.until epoch milliseconds
 * @returns false when it is over
 */
export function billUsageOf(parts: ClientParts, options: OfCompany & { until: number }): Promise<boolean> {
  const { connection, workflow } = parts.temporal;

  return unlessOver(
    sendOrRestart(subscriptionRecipient(parts, options), () =>
      connection.withDeadline(options.until, () =>
        workflow.getHandle(subscriptionSubject(options.id)).executeUpdate<void, []>('billUsage'),
      ),
    ),
  );
}

/** @returns how its workflow is brought back */
export function subscriptionRecipient(parts: ClientParts, of: OfCompany): Recipient {
  return {
    name: 'The subscription',
    async restart() {
      const row = await findSubscription(parts, of);
      const { status } = row ?? { status: 'unknown' };

      if (row === null || status === 'cancelled' || status === 'expired') {
        throw new RecipientIsOver('subscription_state', {
          detail: `The subscription is ${status}.`,
          params: { state: status },
        });
      }
      await startUnlessRunning(parts.temporal, restartOf(of.companyId, row));
    },
  };
}

/** @returns whether it had to be started */
export async function restartSubscription(parts: ClientParts, of: OfCompany): Promise<boolean> {
  const row = await findSubscription(parts, of);

  return row !== null && startUnlessRunning(parts.temporal, restartOf(of.companyId, row));
}

const findSubscription = ({ database }: ClientParts, { companyId, id }: OfCompany): Promise<SubscriptionRow | null> =>
  database.withTenant(companyId, (tx) => readSubscription(tx, { subscriptionId: id }));
