import { compareSpecificity } from '../http/pipeline/mount-routes';
import type { Route } from '../http/pipeline/route';
import { type JsonSchema, writeSchemas } from './json-schema';
import { describeOperation, schemaName } from './operation';
import { problemComponents, problemSchema } from './problem-responses';

const description = `One backend for a shop, a subscription business or a freemium product.

* Amounts are integers in minor units of the \`currency\` beside them; every integer lies within ±(2^53 − 1).
* Instants carry an offset: \`2025-10-26T00:00:00+07:00\`.
* Bodies and queries are strict: what is not described is refused by name.
* Lists answer \`{ data, nextCursor }\`; hand \`nextCursor\` back as \`cursor\` for the next page.
* Errors are problem documents (RFC 9457) with a \`code\`; all codes: [/docs/problems](/docs/problems).
* A POST with an \`Idempotency-Key\` may be repeated safely: it takes effect once.`;

const parameters: Record<string, JsonSchema> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Makes the request safe to repeat for 7 days: the effect happens once, and a repeat gets the first answer again, a refusal too: ask anew under another key.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  Company: {
    name: 'X-Company',
    in: 'header',
    required: false,
    description:
      'Slug of the company, for callers without a token and for a super_admin. With any other token it is passed over.',
    schema: { type: 'string', maxLength: 63 },
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description: 'Stands in our logs and comes back with the answer; made up where it is missing.',
    schema: { type: 'string', maxLength: 128 },
  },
};

/** OpenAPI 3.1 of a list of routes, in an order that does not depend on theirs. */
export function createOpenApiDocument(routes: readonly Route[]): JsonSchema {
  const { written, components } = writeRouteSchemas(routes);
  const paths: Record<string, JsonSchema> = {};
  const sorted = [...routes].sort(
    (left, right) =>
      compareText(left.path.split('/')[1] ?? '', right.path.split('/')[1] ?? '') ||
      compareSpecificity(left.path, right.path) ||
      compareText(left.path, right.path) ||
      methods.indexOf(left.method) - methods.indexOf(right.method),
  );

  for (const route of sorted) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describeOperation(route, written) };
  }

  return {
    openapi: '3.1.0',
    info: { title: 'bmms', version: '1', description },
    servers: [{ url: '/api/v1' }],
    tags: [...new Set(routes.map((route) => route.tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'From /auth/login; 15 minutes.',
        },
      },
      parameters,
      ...problemComponents(routes),
      headers: {
        RetryAfter: { description: 'Seconds to wait before the repeat.', schema: { type: 'integer' } },
        IdempotencyReplayed: {
          description: '`true` when this is the kept answer of an earlier request.',
          schema: { type: 'string', enum: ['true'] },
        },
      },
      schemas: Object.fromEntries(
        Object.entries({ Problem: problemSchema, ...components }).sort(([left], [right]) => compareText(left, right)),
      ),
    },
  };
}

/** Bodies hold no components: what a request takes is read in one place. */
function writeRouteSchemas(routes: readonly Route[]): ReturnType<typeof writeSchemas> {
  const inputs = routes.flatMap((route) =>
    (['params', 'query', 'body'] as const).flatMap((part) => {
      const schema = route[part];

      return schema === undefined ? [] : [[schemaName(route, part), schema] as const];
    }),
  );
  const answers = routes.flatMap((route) =>
    Object.entries(route.responses).flatMap(([status, schema]) =>
      schema === null ? [] : [[schemaName(route, Number(status)), schema] as const],
    ),
  );
  const { written, components } = writeSchemas(Object.fromEntries(answers), { isAnswer: true });

  return {
    written: { ...written, ...writeSchemas(Object.fromEntries(inputs), { isAnswer: false }).written },
    components,
  };
}

const methods: readonly Route['method'][] = ['get', 'post', 'put', 'patch', 'delete'];

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
