import { errorCatalogue, type ErrorCode } from '../../domain/error-codes';
import { problemMediaType } from '../http/problem';
import type { Route } from '../http/route';
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

/** One response per status, naming its codes, with an example of each. */
export function problemResponses(route: Route): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();

  for (const code of codesOf(route)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code].sort());
  }

  return Object.fromEntries(
    [...byStatus]
      .sort(([left], [right]) => left - right)
      .map(([status, codes]) => [String(status), problemResponse(status, codes)]),
  );
}

function problemResponse(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const isWait = status === 429 || status === 503 || codes.includes('idempotency_in_progress');

  return {
    description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}.`).join(' '),
    ...(isWait ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
    content: {
      [problemMediaType]: {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): JsonSchema {
  const { title, status, advice } = errorCatalogue[code];

  return { type: `/docs/problems#${code}`, title, status, detail: advice, instance: '3f9b1c1e-checkout', code };
}
