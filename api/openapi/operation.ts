import { STATUS_CODES } from 'node:http';

import type { Route } from '../http/pipeline/route';

import type { JsonSchema } from './json-schema';
import { problemResponses } from './problem-responses';
import { sampleOf } from './sample';

export type WrittenSchemas = Readonly<Record<string, JsonSchema>>;

/** What a part of a route's input, or its answer of a status, is called among the schemas of all routes. */
export const schemaName = (route: Route, part: 'params' | 'query' | 'body' | number): string =>
  `${route.operationId}.${part}`;

/** The OpenAPI operation of a route, from the schemas of all as they were written. */
export function describeOperation(route: Route, written: WrittenSchemas): JsonSchema {
  const body = written[schemaName(route, 'body')];
  const description = [
    route.description,
    describeAccess(route),
    route.developmentOnly === true ? 'Not in production.' : '',
  ]
    .filter((text) => text !== undefined && text !== '')
    .join('\n\n');

  return {
    operationId: route.operationId,
    summary: route.summary,
    description,
    tags: [route.tag],
    security: securityOf(route),
    parameters: [
      ...describeParameters('path', written[schemaName(route, 'params')]),
      ...describeParameters('query', written[schemaName(route, 'query')]),
      ...sharedParameters(route),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: route.body?.safeParse({}).success === false,
            content: { 'application/json': { schema: body, example: sampleOf(body) } },
          },
        }),
    responses: { ...describeAnswers(route, written), ...problemResponses(route) },
  };
}

function describeAccess({ access }: Route): string {
  if (access === 'public') {
    return 'Open to everybody; a token that is sent all the same says whose company it is about.';
  }
  if (access === 'provider') {
    return 'Called by the payment provider, which signs it.';
  }

  return `For: ${['super_admin', ...access].map((role) => `\`${role}\``).join(', ')}.`;
}

/** A public route takes a token, but a choice between one and none is drawn by Swagger UI as a lock that is closed. */
function securityOf({ access }: Route): JsonSchema[] {
  return access === 'provider' || access === 'public' ? [] : [{ accessToken: [] }];
}

function sharedParameters(route: Route): JsonSchema[] {
  if (route.access === 'provider') {
    return [];
  }
  const names = route.method === 'post' ? ['IdempotencyKey', 'Company', 'RequestId'] : ['Company', 'RequestId'];

  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function describeParameters(place: 'path' | 'query', schema: JsonSchema | undefined): JsonSchema[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };

  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function describeAnswers(route: Route, written: WrittenSchemas): Record<string, JsonSchema> {
  const isReplayed = route.method === 'post' && route.access !== 'provider';

  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? 'Answer',
        ...(isReplayed
          ? { headers: { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } } }
          : {}),
        ...(schema === null
          ? {}
          : { content: { 'application/json': { schema: written[schemaName(route, Number(status))] } } }),
      },
    ]),
  );
}
