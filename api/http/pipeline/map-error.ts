import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { errorCatalogue, type ErrorCode } from '../../../domain/error-codes';
import { AppError, type SerialisedAppError } from '../../../domain/errors';
import { databaseErrorCode } from '../../../platform/db/database';
import { databaseFailure } from '../../../platform/db/database-failure';

/** Any error becomes one of the catalogue, here and nowhere else; what is not known is `internal` and says no more. */
export function mapError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }

  return (
    mapWorkflowError(error) ??
    mapDatabaseError(error) ??
    mapHttpError(error) ??
    new AppError('internal', { cause: error })
  );
}

/** A call on the connection of a process that is ending. */
const closedChannel = /^(the )?channel has been (closed|shut down)$/i;

/** Temporal's failure of an update whose workflow ended before it was done, as when it is terminated. */
const endedMeanwhile = 'AcceptedUpdateCompletedWorkflow';

/** An update's typed failure is the domain's own error; the rest is Temporal, or the workflow, being away: repeat. */
function mapWorkflowError(error: unknown): AppError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) {
      const carried = cause.details?.[0] as SerialisedAppError | undefined;

      return carried?.code === cause.type
        ? AppError.fromJSON({ ...carried, params: carried.params ?? {} })
        : new AppError(cause.type, { detail: cause.message });
    }
    if (
      cause instanceof ServiceError ||
      cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
      cause instanceof WorkflowNotFoundError ||
      (cause instanceof ApplicationFailure && cause.type === endedMeanwhile) ||
      closedChannel.test(cause.message) ||
      isGrpcServiceError(cause)
    ) {
      return new AppError('unavailable', { cause: error });
    }
  }

  return undefined;
}

function mapDatabaseError(error: unknown): AppError | undefined {
  const failure = databaseFailure(error);

  switch (failure?.kind) {
    case 'unavailable':
      return new AppError('unavailable', { cause: error });
    case 'unique':
      return new AppError('already_exists', {
        cause: error,
        ...(failure.field === null ? {} : { field: `/${failure.field}` }),
      });
    case 'reference':
      return new AppError('conflict', { cause: error });
    case 'out_of_range':
      return new AppError('validation_failed', { cause: error, detail: 'A number is out of range.' });
    case undefined:
      return databaseErrorCode(error) === 'P2025' ? new AppError('not_found', { cause: error }) : undefined;
  }
}

/** Errors of Express and its body parser, by their status. */
function mapHttpError(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { status } = error as Error & { status?: unknown };

  if (error instanceof URIError) {
    return new AppError('not_found', { cause: error });
  }
  switch (status) {
    case 413:
      return new AppError('payload_too_large', { cause: error });
    case 415:
      return new AppError('unsupported_media_type', { cause: error });
    case 400:
      return new AppError('malformed_json', { cause: error });
    default:
      return undefined;
  }
}

function isErrorCode(text: string | null | undefined): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(errorCatalogue, text);
}
