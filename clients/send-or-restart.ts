import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { AppError, type SerialisedAppError } from '../domain/errors';

/** The row says that its workflow has ended, so there is nobody to take a message. */
export class RecipientIsOver extends AppError {}

export interface Recipient {
  /** As a sentence begins: `The order`. */
  name: string;
  /** Starts it where its row is. @throws RecipientIsOver */
  restart(): Promise<unknown>;
}

/**
 * Sends a message to a workflow. One that Temporal does not have is either over, as its row says, or lost: then it is
 * started again where its row is, and the message is sent once more.
 * @throws RecipientIsOver; AppError unavailable when there was no answer in time; what the workflow refuses
 */
export async function sendOrRestart<Answer>(recipient: Recipient, send: () => Promise<Answer>): Promise<Answer> {
  const first = await trySending(recipient, send);

  if (first.isTaken) {
    return first.answer;
  }
  await recipient.restart();
  const second = await trySending(recipient, send);

  if (second.isTaken) {
    return second.answer;
  }
  // It may have ended on the message of another, or is not there yet.
  await recipient.restart();
  throw new AppError('unavailable', { detail: `${recipient.name} is being started again.`, cause: second.cause });
}

type Try<Answer> = { isTaken: true; answer: Answer } | { isTaken: false; cause: Error };

async function trySending<Answer>({ name }: Recipient, send: () => Promise<Answer>): Promise<Try<Answer>> {
  try {
    return { isTaken: true, answer: await send() };
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new AppError('unavailable', {
        detail: `${name} has not answered yet. Read it again before you repeat.`,
        cause: error,
      });
    }

    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }

    return { isTaken: false, cause: error };
  }
}

/**
 * @param who begins the sentence
 * @returns what an update was refused with by the workflow's own rules; null for all that may pass
 */
export function refusalOf(error: unknown, who: string): AppError | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  const carried =
    cause instanceof ApplicationFailure ? (cause.details?.[0] as SerialisedAppError | undefined) : undefined;

  return carried === undefined || carried.code !== (cause as ApplicationFailure).type
    ? null
    : AppError.fromJSON({ ...carried, params: carried.params ?? {}, detail: `${who}: ${carried.detail}` });
}

/** Where it is nothing bad that the recipient is over. @returns whether the message was taken */
export async function unlessOver(sending: Promise<unknown>): Promise<boolean> {
  try {
    await sending;

    return true;
  } catch (error) {
    if (error instanceof RecipientIsOver) {
      return false;
    }
    throw error;
  }
}
