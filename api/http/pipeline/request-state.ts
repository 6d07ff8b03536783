import type { Response } from 'express';

import type { Principal } from '../../../domain/identity/principal';
import type { Logger } from '../../../platform/logger';

/** What the layers before a handler found out about one request. */
export interface RequestState {
  requestId: string;
  /** Pattern of the matched route, for metrics: never the address itself, which holds ids. */
  route: string | null;
  companyId: number | null;
  /** What an operator looks for in Temporal, such as `order/1042`. */
  workflowId: string | null;
  principal: Principal | null;
  /** Why it was not answered as it should be: for the request's log line. */
  error: Error | null;
  makeLog: (() => Logger) | null;
}

export function stateOf(response: Response): RequestState {
  return response.locals['bmms'] as RequestState;
}

export function startState(response: Response, requestId: string): void {
  response.locals['bmms'] = {
    requestId,
    route: null,
    companyId: null,
    workflowId: null,
    principal: null,
    error: null,
    makeLog: null,
  } satisfies RequestState;
}

/** A logger whose lines tell the request, who called and what it is about. It is dear to make, and few requests say anything. */
export function logOf(response: Response): Logger {
  const { makeLog, companyId, principal, workflowId } = stateOf(response);

  if (makeLog === null) {
    throw new Error('Nothing logs before logRequests.');
  }

  return makeLog().child({
    companyId,
    userId: principal?.userId ?? null,
    ...(workflowId === null ? {} : { workflowId }),
  });
}
