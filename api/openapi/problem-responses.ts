import { errorCatalogue, type ErrorCode } from '../../domain/error-codes';
import { problemMediaType } from '../http/pipeline/problem';
import type { Route } from '../http/pipeline/route';
import type { JsonSchema } from './json-schema';

/** Every problem's members; some codes add more, named in their advice. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem by RFC 9457. Decide by `code`; each is described at /docs/problems.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the code is described.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened this time, in a sentence.' },
    instance: { type: 'string', description: 'The request id; quote it to the operator.' },
    code: { type: 'string' },
    field: { type: 'string', description: 'JSON pointer below the body, or the name of a parameter or header.' },
    errors: {
      type: 'array',
      description: 'With validation_failed: everything that is wrong.',
      items: {
        type: 'object',
        required: ['field', 'message', 'code'],
        properties: { field: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};

/** Codes that a route can answer with, from its own list and from the layers before it. */
export function codesOf(route: Route): ErrorCode[] {
  const takesInput = route.params !== undefined || route.query !== undefined || route.body !== undefined;
  const isProvider = route.access === 'provider';
  const always: ErrorCode[] = ['rate_limited', 'unavailable', 'internal'];

  return [
    ...new Set<ErrorCode>([
      ...(route.errors ?? []),
      ...(takesInput ? (['validation_failed'] as const) : []),
      ...(route.body === undefined ? [] : (['malformed_json', 'unsupported_media_type', 'payload_too_large'] as const)),
      ...(isProvider ? [] : (['unauthenticated', 'company_not_found', 'company_suspended'] as const)),
      ...(Array.isArray(route.access) ? (['forbidden'] as const) : []),
      ...(route.method === 'post' && !isProvider
        ? (['idempotency_key_invalid', 'idempotency_key_reused', 'idempotency_in_progress'] as const)
        : []),
      ...always,
    ]),
  ];
}

/** One response per status, as a pointer into `components`: operations share most of them. */
export function problemResponses(route: Route): Record<string, JsonSchema> {
  return Object.fromEntries(
    [...groupByStatus(codesOf(route))].map(([status, codes]) => [
      String(status),
      { $ref: `#/components/responses/${nameOf(codes)}` },
    ]),
  );
}

/** The responses that {@link problemResponses} points to, for all routes, and an example of each code. */
export function problemComponents(routes: readonly Route[]): {
  responses: Record<string, JsonSchema>;
  examples: Record<string, JsonSchema>;
} {
  const responses = new Map<string, JsonSchema>();
  const codes = new Set<ErrorCode>();

  for (const route of routes) {
    for (const [status, group] of groupByStatus(codesOf(route))) {
      responses.set(nameOf(group), problemResponse(status, group));
      group.forEach((code) => codes.add(code));
    }
  }

  return {
    responses: Object.fromEntries([...responses].sort(byName)),
    examples: Object.fromEntries([...codes].sort().map((code) => [code, { value: exampleOf(code) }])),
  };
}

const byName = ([left]: [string, unknown], [right]: [string, unknown]): number =>
  left < right ? -1 : Number(left > right);

const nameOf = (codes: readonly ErrorCode[]): string => codes.join('.');

function groupByStatus(codes: readonly ErrorCode[]): [number, ErrorCode[]][] {
  const groups = new Map<number, ErrorCode[]>();

  for (const code of codes) {
    const { status } = errorCatalogue[code];
    groups.set(status, [...(groups.get(status) ?? []), code].sort());
  }

  return [...groups].sort(([left], [right]) => left - right);
}

function problemResponse(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const isWait = status === 429 || status === 503 || codes.includes('idempotency_in_progress');

  return {
    description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
    ...(isWait ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
    content: {
      [problemMediaType]: {
        schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): JsonSchema {
  const { title, status, advice } = errorCatalogue[code];

  return { type: `/docs/problems#${code}`, title, status, detail: advice, instance: '3f9b1c1e-checkout', code };
}
