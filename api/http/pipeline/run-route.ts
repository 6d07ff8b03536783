import type { Request, Response } from 'express';
import { z } from 'zod';

import type { ApiDependencies } from '../../dependencies';
import { requireOpenDoor } from '../../../domain/companies/require-open-door';
import { authenticate, requireRole } from '../security/authenticate';
import type { CompanyRules } from '../security/resolve-company';
import { resolveCompany } from '../security/resolve-company';
import { namesTag } from './entity-tag-rules';
import { problemMediaType } from './problem';
import { readBody } from './read-body';
import { logOf, stateOf } from './request-state';
import type { Reply, RequestContext, Route } from './route';
import { type OnceResult, readIdempotencyKey, runOnce } from '../idempotency/run-once';
import { validateInput } from './validate-input';
import { tellInCompanyZone } from './with-company-zone';
import { workflowOfRequest } from './workflow-of-request';

const nothing = z.strictObject({});

/**
 * One request of one route: who calls, for which company, may they, is the input right, then the handler. Cheap
 * refusals come first; a request that is refused has touched nothing.
 */
export function createRouteRunner(
  deps: ApiDependencies,
  companies: CompanyRules,
  route: Route,
): (request: Request, response: Response) => Promise<void> {
  const schemas = {
    params: route.params ?? nothing,
    query: route.query ?? nothing,
    body: route.body ?? nothing,
  };
  // In tests an answer that its own documentation denies is a failure.
  const answers = deps.config.NODE_ENV === 'test' ? route.responses : null;
  const takesBody = route.method !== 'get';
  const isProvider = route.access === 'provider';
  const validate = (part: keyof typeof schemas, sent: unknown): unknown =>
    schemas[part] === nothing && isEmptyObject(sent) ? {} : validateInput(part, schemas[part], sent);

  return async (request, response) => {
    const state = stateOf(response);
    const principal = await authenticate(request, route, (token) => deps.accessTokens.verifyAccessToken(token));
    state.principal = principal;
    state.companyId = await resolveCompany(request, principal, route.access, companies);
    requireRole(principal, route.access);
    await companies.standing(principal, route);

    const key = route.method === 'post' && !isProvider ? readIdempotencyKey(request.get('Idempotency-Key')) : null;
    // Express reads the query anew each time it is asked for it.
    const sentQuery = request.query;
    const params = validate('params', request.params) as Record<string, unknown>;
    const query = (isProvider && route.query === undefined ? {} : validate('query', sentQuery)) as Record<
      string,
      unknown
    >;
    const sentBody = takesBody ? await readBody(request, response, isProvider ? 'provider' : 'client') : {};
    const body: unknown = isProvider && route.body === undefined ? sentBody : validate('body', sentBody);

    const log = () => logOf(response);
    const context: Omit<
      RequestContext<Record<string, unknown>, Record<string, unknown>, unknown>,
      'reservedId' | 'effectKey' | 'isRepeat'
    > = {
      params,
      query,
      body,
      companyId: state.companyId,
      principal,
      requestId: state.requestId,
      ip: request.ip ?? '',
      now: deps.clock.now(),
      log,
      rawQuery: () => readRawQuery(request),
    };
    const result = await runOnce(
      { database: deps.database, clock: deps.clock, secret: deps.config.JWT_SECRET },
      {
        route,
        companyId: state.companyId,
        principal: principal === null ? `anonymous/${context.ip}` : `user/${principal.userId}`,
        key,
        input: { params: request.params, query: sentQuery, body: sentBody },
        requestId: state.requestId,
        log,
      },
      async (ids) => {
        state.workflowId = workflowOfRequest(route, {
          id: request.params['id']?.toString(),
          reservedId: ids.reservedId,
        });
        const { door } = route;

        // Remembered from the lookup of the company; only who would be refused asks the database once more.
        if (door !== undefined && (await companies.directory.findById(context.companyId))?.takes[door] === false) {
          await requireOpenDoor(deps.database, { companyId: context.companyId, door, id: ids.reservedId });
        }
        const reply = await tellInCompanyZone(deps.database, context.companyId, () =>
          route.handler({
            ...context,
            ...ids,
          }),
        );
        if (answers !== null) {
          checkReply(answers, route.operationId, reply);
        }

        return reply;
      },
    );

    sendResult(response, result);
  };
}

/** Most requests have nothing where nothing is asked for. */
function isEmptyObject(sent: unknown): boolean {
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent) && Object.keys(sent).length === 0;
}

function checkReply(answers: Route['responses'], operationId: string, reply: Reply): void {
  const schema = answers[reply.status];

  if (schema === undefined) {
    throw new Error(`${operationId} answered ${reply.status}, which it does not document.`);
  }
  if (schema === null || Buffer.isBuffer(reply.body) || typeof reply.body === 'string') {
    return;
  }
  const json = JSON.stringify(reply.body);
  const parsed = schema.safeParse(JSON.parse(json));

  if (!parsed.success) {
    throw new Error(`${operationId} answered against its schema: ${z.prettifyError(parsed.error)}`);
  }
  const [utc] = /"[^"]*":"\d{4}-\d\d-\d\dT[\d:.]+Z"/.exec(json) ?? [];

  if (utc !== undefined) {
    throw new Error(`${operationId} answered in UTC, not in the zone of the account or company: ${utc}`);
  }
}

function sendResult(response: Response, result: OnceResult): void {
  if (result.kind === 'replayed') {
    response.setHeader('Idempotency-Replayed', 'true');
  }
  const reply: Reply = result.kind === 'ran' ? result.reply : result.answer;
  response.status(reply.status);

  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, value);
  }
  const { ETag: tag } = reply.headers ?? {};
  const asked = response.req.headers['if-none-match'];

  // Not `request.fresh`: who asks with fetch says `no-cache` with every tag, and would never be told that it still holds.
  if (tag !== undefined && namesTag(asked, tag)) {
    response.status(304).end();
  } else if (reply.body === undefined || reply.body === null || reply.status === 204) {
    response.end();
  } else if (response.getHeader('Content-Type') !== undefined) {
    response.send(
      typeof reply.body === 'string' || Buffer.isBuffer(reply.body) ? reply.body : JSON.stringify(reply.body),
    );
  } else {
    const mediaType = reply.status >= 400 ? problemMediaType : 'application/json';
    const text = JSON.stringify(reply.body);

    if (asked === undefined) {
      sendJson(response, mediaType, text);
    } else {
      response.type(mediaType).send(text);
    }
  }
}

/** What `response.send` does where nobody asks whether it is still the same, without looking for what is settled here. */
function sendJson(response: Response, mediaType: string, text: string): void {
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** Names and values as they were sent. A repeated name keeps all its values: no signature says which of them it means. */
function readRawQuery(request: Request): Record<string, string | string[]> {
  const start = request.originalUrl.indexOf('?');
  const params = new URLSearchParams(start === -1 ? '' : request.originalUrl.slice(start + 1));

  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);

      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}
