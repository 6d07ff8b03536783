import type { Request, Response } from 'express';

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
  } satisfies RequestState;
}

export function logOf(request: Request): Logger {
  return request.log as Logger;
}
