import { log } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import { AppError, type SerialisedAppError } from '../domain/errors';
import { databaseFailure } from '../platform/db/database-failure';

/** A step that ran, or the answer why it did not. Never thrown: a refusal is not to be tried again. */
export type StepResult<Value> = { kind: 'done'; value: Value } | Refused;

export interface Refused {
  kind: 'refused';
  error: SerialisedAppError;
}

/**
 * An AppError is a business answer and becomes a value. What may pass (the database or a provider away, a deadlock, a full
 * disk) is thrown, and Temporal tries again. Everything else would fail the same way for ever and hold up all that waits
 * behind it: it becomes the refusal `internal`, and its stack goes to the log.
 */
export async function answerOutcome<Value>(work: () => Promise<Value>): Promise<StepResult<Value>> {
  try {
    return { kind: 'done', value: await againIfTaken(work) };
  } catch (error) {
    if (mayPass(error)) {
      throw error;
    }

    return { kind: 'refused', error: refusalOf(error) };
  }
}

/** The same for steps whose answer has no place for a refusal. @throws ApplicationFailure that is not tried again */
export async function failForGood<Value>(work: () => Promise<Value>): Promise<Value> {
  const outcome = await answerOutcome(work);

  if (outcome.kind === 'refused') {
    const { code, detail } = outcome.error;
    throw ApplicationFailure.create({ message: detail, type: code, nonRetryable: true, details: [outcome.error] });
  }

  return outcome.value;
}

/**
 * An attempt that Temporal gave up, as on a machine with too much to do, may still be at work: both find nothing of the other,
 * one commits, and a key is taken for the other, which finds what was written when it looks again.
 */
async function againIfTaken<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (databaseFailure(error)?.kind !== 'unique') {
      throw error;
    }

    return work();
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof AppError) {
    return error.status >= 500 && error.code !== 'internal';
  }

  return (
    error instanceof CancelledFailure ||
    (error instanceof ApplicationFailure && error.nonRetryable !== true) ||
    databaseFailure(error)?.kind === 'unavailable'
  );
}

function refusalOf(error: unknown): SerialisedAppError {
  if (error instanceof AppError && error.code !== 'internal') {
    return error.toJSON();
  }
  log.error('a step failed in a way that another try would not mend', { error });
  const name = error instanceof Error ? error.name : typeof error;

  return new AppError('internal', {
    detail: `This met a defect (${name}); the log of the worker has its stack. Nothing was changed.`,
  }).toJSON();
}
