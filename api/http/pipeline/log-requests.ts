import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';

import type { Logger } from '../../../platform/logger';
import { stateOf } from './request-state';

/**
 * One line per answered request, with request id, company, workflow and who called. Queries, headers and bodies stay out: they may
 * hold tokens and personal data.
 */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request) => request.id,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    autoLogging: { ignore: (request) => /^\/(health|metrics)/.test(request.url ?? '') },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'answered with an error',
    customProps: (_request, response) => {
      // Asked twice: at the start nothing is known yet, and what is said then would stand in the line twice.
      if (!response.headersSent) {
        return {};
      }
      const { companyId, workflowId, principal } = stateOf(response as Parameters<typeof stateOf>[0]);

      return {
        companyId,
        userId: principal?.userId ?? null,
        role: principal?.role ?? null,
        ...(workflowId === null ? {} : { workflowId }),
      };
    },
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  }) as unknown as RequestHandler;
}
