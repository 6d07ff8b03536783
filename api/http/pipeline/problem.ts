import type { Response } from 'express';

import { errorCatalogue } from '../../../domain/error-codes';
import type { AppError } from '../../../domain/errors';

/** A problem document by RFC 9457. `instance` is the request id: quote it to the operator. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  field?: string;
  [member: string]: unknown;
}

export const problemMediaType = 'application/problem+json';

/** Members that the error adds come first, so that none of them can take the place of a fixed one. */
export function toProblem(error: AppError, requestId: string): Problem {
  return {
    ...error.params,
    type: `/docs/problems#${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    detail: error.message,
    instance: requestId,
    code: error.code,
    ...(error.field === undefined ? {} : { field: error.field }),
  };
}

/** Seconds a client waits before it repeats, where an error does not say. */
const defaultRetryAfter: Partial<Record<AppError['code'], number>> = {
  unavailable: 2,
  idempotency_in_progress: 1,
  rate_limited: 60,
};

export function sendProblem(response: Response, error: AppError, requestId: string): void {
  const given = error.params['retryAfter'];
  const retryAfter = typeof given === 'number' ? given : defaultRetryAfter[error.code];

  if (retryAfter !== undefined) {
    response.setHeader('Retry-After', String(retryAfter));
  }
  if (error.status === 401) {
    response.setHeader('WWW-Authenticate', 'Bearer');
  }
  response
    .status(error.status)
    .type(problemMediaType)
    .send(JSON.stringify(toProblem(error, requestId)));
}
