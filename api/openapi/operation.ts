import { STATUS_CODES } from 'node:http';

import type { z } from 'zod';

import { makeStrict } from '../http/pipeline/make-strict';
import type { Route } from '../http/pipeline/route';

import type { JsonSchema, SchemaWriter } from './json-schema';
import { problemResponses } from './problem-responses';
import { sampleOf } from './sample';

/** The OpenAPI operation of a route. */
export function describeOperation(route: Route, writer: SchemaWriter): JsonSchema {
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
      ...describeParameters('path', route.params, writer),
      ...describeParameters('query', route.query, writer),
      ...sharedParameters(route),
    ],
    ...(route.body === undefined ? {} : { requestBody: describeBody(route.body, writer) }),
    responses: { ...describeAnswers(route, writer), ...problemResponses(route) },
  };
}

function describeAccess({ access }: Route): string {
  if (access === 'public') {
    return 'Open to everybody.';
  }
  if (access === 'provider') {
    return 'Called by the payment provider, which signs it.';
  }

  return `For: ${['super_admin', ...access].map((role) => `\`${role}\``).join(', ')}.`;
}

/** A public route takes a token, and answers by it, but needs none. */
function securityOf({ access }: Route): JsonSchema[] {
  if (access === 'provider') {
    return [];
  }

  return access === 'public' ? [{}, { accessToken: [] }] : [{ accessToken: [] }];
}

function sharedParameters(route: Route): JsonSchema[] {
  if (route.access === 'provider') {
    return [];
  }
  const names = route.method === 'post' ? ['IdempotencyKey', 'Company', 'RequestId'] : ['Company', 'RequestId'];

  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function describeParameters(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  writer: SchemaWriter,
): JsonSchema[] {
  if (schema === undefined) {
    return [];
  }
  const { properties = {}, required = [] } = writer.write(makeStrict(schema)) as {
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

function describeBody(schema: z.ZodType, writer: SchemaWriter): JsonSchema {
  const written = writer.write(makeStrict(schema));

  return {
    required: !schema.safeParse({}).success,
    content: { 'application/json': { schema: written, example: sampleOf(written, writer.components) } },
  };
}

function describeAnswers(route: Route, writer: SchemaWriter): Record<string, JsonSchema> {
  const isReplayed = route.method === 'post' && route.access !== 'provider';

  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? 'Answer',
        ...(isReplayed
          ? { headers: { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } } }
          : {}),
        ...(schema === null ? {} : { content: { 'application/json': { schema: writer.write(schema) } } }),
      },
    ]),
  );
}
