import type { RequestHandler, Response } from 'express';

import type { Logger } from '../../../platform/logger';
import { stateOf } from './request-state';

/** Asked all the time by those who watch the process. */
const watched = /^\/(health|metrics)/;

/**
 * One line per answered request, with request id, company, workflow and who called. Queries, headers and bodies stay out:
 * they may hold tokens and personal data.
 */
export function logRequests(logger: Logger): RequestHandler {
  // Looking for secrets takes ten times as long as writing the line, in which nothing but what is named here can stand.
  const lines = logger.child({}, { redact: [] });

  return (request, response, next) => {
    const { method, originalUrl } = request;
    const startedAt = performance.now();
    const state = stateOf(response);
    state.makeLog = () => logger.child({ requestId: state.requestId });
    response.on('error', (error) => {
      state.error ??= error;
    });

    if (!watched.test(originalUrl)) {
      // Comes once, whether it was answered or the client has gone.
      response.once('close', () => {
        const line = {
          requestId: state.requestId,
          req: { method, path: originalUrl.split('?')[0] },
          ...callerOf(response),
          res: { status: response.statusCode },
          responseTime: Math.round(performance.now() - startedAt),
        };

        if (state.error === null && response.statusCode < 500) {
          lines.info(line, 'answered');
        } else {
          const err = state.error ?? new Error(`failed with status code ${response.statusCode}`);
          logger[response.statusCode >= 500 ? 'error' : 'info']({ ...line, err }, 'answered with an error');
        }
      });
    }
    next();
  };
}

/** Nothing is known of whoever left before an answer. */
function callerOf(response: Response) {
  if (!response.headersSent) {
    return {};
  }
  const { companyId, workflowId, principal } = stateOf(response);

  return {
    companyId,
    userId: principal?.userId ?? null,
    role: principal?.role ?? null,
    ...(workflowId === null ? {} : { workflowId }),
  };
}
