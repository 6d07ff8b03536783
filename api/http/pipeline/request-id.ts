import { randomUUID } from 'node:crypto';

import type { RequestHandler } from 'express';

import { startState } from './request-state';

const header = 'X-Request-Id';
const sane = /^[A-Za-z0-9._:-]{1,128}$/;

/** Gives every request an id, the caller's own when it is fit for logs, and answers with it. */
export function assignRequestId(): RequestHandler {
  return (request, response, next) => {
    const given = request.get(header);
    const requestId = given !== undefined && sane.test(given) ? given : randomUUID();

    startState(response, requestId);
    response.setHeader(header, requestId);
    next();
  };
}
