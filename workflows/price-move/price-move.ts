import { condition, continueAsNew, setHandler } from '@temporalio/workflow';

import type { PriceMoveProgress } from '../../activities/price-move-activities';
import { priceMoveBatches, priceMoveSteps } from '../entity/activity-proxies';
import { showDetails } from '../entity/current-details';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { reasonOf } from '../entity/postponed-work';
import { workflowNow } from '../entity/workflow-clock';
import {
  priceMoveChangedSignal,
  priceMoveSignals,
  priceMoveStatusQuery,
  type PriceMoveWorkflowInput,
} from './price-move-messages';

type Command = keyof typeof priceMoveSignals;

const descriptions: Readonly<Record<Command, string>> = {
  pause: 'Asks nobody any more until it is resumed. No members.',
  resume: 'Goes on after a pause. No members.',
  cancel: 'Ends it, and takes back what was announced and still waits. No members.',
};

const defaultBatchesPerRun = 200;

/** A batch that failed for good is tried again after so many milliseconds. */
const waitAfterFailure = 600_000;

/**
 * `price-move/<id>` on subscription-svc: asks the subscriptions of its list for another price, batch by batch, until all have
 * answered; when it is cancelled, it takes back what they wait with. Who has been asked stands in rows and each is asked under one command id, so that a run that is lost repeats and
 * loses nothing. It waits while the row says that it is paused.
 */
export function priceMove(input: PriceMoveWorkflowInput): Promise<PriceMoveProgress | null> {
  return withOwnCancellation((onCancelRequest) => runMove(input, onCancelRequest));
}

async function runMove(
  input: PriceMoveWorkflowInput,
  onCancelRequest: (take: () => void) => void,
): Promise<PriceMoveProgress | null> {
  const { companyId, priceMoveId, batchesPerRun = defaultBatchesPerRun } = input;
  const of = { companyId, priceMoveId };
  const commands: Command[] = [];
  const refused: string[] = [];
  let progress: PriceMoveProgress | null = null;
  let isAsked = false;

  setHandler(priceMoveStatusQuery, () => progress, { description: 'How many subscriptions have answered, and how.' });
  setHandler(
    priceMoveChangedSignal,
    () => {
      isAsked = true;
    },
    { description: 'Its row was changed: look at it.' },
  );
  for (const [name, signal] of Object.entries(priceMoveSignals)) {
    setHandler(signal, () => void commands.push(name as Command), {
      description: descriptions[name as Command],
    });
  }
  noteUnknownSignals([...Object.keys(priceMoveSignals), priceMoveChangedSignal.name], (message, reason) => {
    refused.push(`refused ${message}: ${reason}`);
    isAsked = true;
  });
  onCancelRequest(() => void commands.push('cancel'));

  for (let batches = 1; ; batches += 1) {
    isAsked = false;
    await carryOutCommands();
    const failure = await moveBatch();
    show(failure);

    if (isIn('completed', 'cancelled') && commands.length === 0) {
      return progress;
    }

    const isAwake = () => isAsked || commands.length > 0;

    if (failure !== null) {
      await condition(isAwake, waitAfterFailure, { summary: 'a failed batch is tried again' });
    } else if (isIn('paused', 'completed', 'cancelled')) {
      await condition(isAwake);
    } else if (askAgainIn() > 0) {
      await condition(isAwake, askAgainIn(), { summary: 'those with a charge in flight are asked again' });
    }

    if (batches >= batchesPerRun && commands.length === 0) {
      await continueAsNew<typeof priceMove>(input);
    }
  }

  /** Milliseconds until the first of those that cannot answer yet is asked again; 0: somebody is to be asked now. */
  function askAgainIn(): number {
    const at = progress?.status === 'running' ? (progress.askAgainAt ?? null) : null;

    return at === null ? 0 : Math.max(at - workflowNow(), 0);
  }

  function isIn(...statuses: PriceMoveProgress['status'][]): boolean {
    return progress !== null && statuses.includes(progress.status);
  }

  /** What people signal, in its order; what the move refuses is shown. */
  async function carryOutCommands(): Promise<void> {
    for (let command = commands.shift(); command !== undefined; command = commands.shift()) {
      try {
        progress = await priceMoveSteps(command).commandPriceMove({ ...of, command });
      } catch (error) {
        refused.push(`refused ${command}: ${reasonOf(error)}`);
      }
    }
  }

  /** @returns why it failed; null when it was done */
  async function moveBatch(): Promise<string | null> {
    try {
      progress = await priceMoveBatches('ask the next subscriptions for the price').movePriceBatch(of);

      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  function show(failure: string | null): void {
    showDetails([
      progress === null
        ? 'begins'
        : `${progress.status}: ${progress.moved} of ${progress.total} moved, ${progress.skipped} skipped, ${progress.failed} failed, ${progress.takenBack} taken back`,
      failure === null ? '' : `a batch failed: ${failure}; it is tried again`,
      ...refused.slice(-20),
    ]);
  }
}
