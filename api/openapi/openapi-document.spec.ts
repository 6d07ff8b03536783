import { readFileSync } from 'node:fs';
import path from 'node:path';

import { errorCatalogue } from '../../domain/error-codes';
import { describeApi } from '../describe-api';
import { problemsMarkdown } from '../docs/problems-markdown';
import type { JsonSchema } from './json-schema';

interface Operation extends JsonSchema {
  operationId: string;
  summary: string;
  tags: string[];
  responses: Record<string, JsonSchema>;
  parameters: JsonSchema[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

const update =
  'Its code changed. Look at the difference, and if it is meant: npm run build && node dist/cli/bmms.js docs';
const committed = (name: string) => readFileSync(path.join(__dirname, '..', '..', 'docs', name), 'utf8');
let document: Record<string, unknown>;
let operations: [string, Operation][];

beforeAll(async () => {
  document = JSON.parse(JSON.stringify(await describeApi())) as Record<string, unknown>;
  operations = Object.entries(document['paths'] as Record<string, Record<string, Operation>>).flatMap(
    ([address, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${address}`, operation]),
  );
});

test('docs/openapi.json is what the code says', () => {
  const isSame = committed('openapi.json') === `${JSON.stringify(document, null, 2)}\n`;

  expect(isSame ? '' : `docs/openapi.json is out of date. ${update}`).toBe('');
});

test('docs/problems.md is what the code says, and names every code', () => {
  const page = committed('problems.md');

  expect(page === problemsMarkdown() ? '' : `docs/problems.md is out of date. ${update}`).toBe('');
  for (const [code, { status }] of Object.entries(errorCatalogue)) {
    expect(page).toContain(`| \`${code}\` | ${status} |`);
  }
});

test('operation ids are unique, and each operation says what it does', () => {
  const ids = operations.map(([, { operationId }]) => operationId);

  expect(new Set(ids).size).toBe(ids.length);
  expect(operations.filter(([, { summary, tags }]) => summary === '' || tags.length !== 1)).toEqual([]);
});

test('every pointer in the document points to something', () => {
  const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] as string);
  const broken = pointers.filter((pointer) => {
    const steps = pointer.split('/');

    return steps.reduce<unknown>((part, step) => (part as JsonSchema | undefined)?.[step], document) === undefined;
  });

  expect(pointers.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test('every operation documents success, and what goes wrong in all of them', () => {
  for (const [name, { responses }] of operations) {
    const statuses = Object.keys(responses);

    expect([name, statuses.some((status) => /^[23]/.test(status))]).toEqual([name, true]);
    expect(statuses).toEqual(expect.arrayContaining(['429', '500', '503']));
  }
});

test('every POST but a provider takes an Idempotency-Key', () => {
  const posts = operations.filter(
    ([name, { description }]) => name.startsWith('post') && !String(description).includes('payment provider'),
  );
  const takesKey = ({ parameters }: Operation) => JSON.stringify(parameters).includes('parameters/IdempotencyKey');

  expect(posts.length).toBeGreaterThan(5);
  expect(posts.filter(([, operation]) => !takesKey(operation)).map(([name]) => name)).toEqual([]);
});

test('a lock stands at what needs a token, and at nothing else', () => {
  for (const [name, { security, description }] of operations) {
    const isOpen = /Open to everybody|payment provider/.test(String(description));

    expect([name, security]).toEqual([name, isOpen ? [] : [{ accessToken: [] }]]);
  }
});

test('every object in a body refuses unknown members', () => {
  const open: string[] = [];
  const walk = (at: string, schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) {
      return;
    }
    const { type, properties, additionalProperties } = schema as JsonSchema;

    if (type === 'object' && properties !== undefined && additionalProperties !== false) {
      open.push(at);
    }
    Object.entries(schema).forEach(([key, member]) => walk(`${at}/${key}`, member));
  };
  operations.forEach(([name, { requestBody }]) => {
    const schema = requestBody?.content['application/json']?.schema;
    walk(name, schema);
    expect(JSON.stringify(schema ?? {})).not.toContain('$ref');
  });

  expect(open).toEqual([]);
});

test('a form made from the document sends no header that nobody has typed', () => {
  const { parameters } = document['components'] as { parameters: Record<string, JsonSchema> };
  const filled = Object.values(parameters).filter(
    (parameter) =>
      parameter['example'] !== undefined || /"(example|examples|default)":/.test(JSON.stringify(parameter['schema'])),
  );

  expect(Object.keys(parameters)).toEqual(['IdempotencyKey', 'Company', 'RequestId']);
  expect(filled).toEqual([]);
});

test('no component is called what its neighbour is, and none is left unused', () => {
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const text = JSON.stringify(document);
  const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));

  expect(unused).toEqual([]);
});
