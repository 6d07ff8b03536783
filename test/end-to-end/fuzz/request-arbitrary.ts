import fc, { type Arbitrary } from 'fast-check';

import type { Operation } from './operations';
import { arbitraryOf, type Schema, type SchemaContext } from './schema-arbitrary';

export interface FuzzRequest {
  operation: string;
  /** How it was broken; null for one that its schema allows. */
  fault: string | null;
  caller: 'admin' | 'manager' | 'staff' | 'shopper' | 'operator' | 'nobody';
  method: string;
  /** With its query, below /api/v1. */
  path: string;
  body: string | null;
  headers: Record<string, string>;
}

interface Draft extends Omit<FuzzRequest, 'body' | 'path'> {
  ids: Record<string, string>;
  query: [string, string][];
  json: unknown;
  /** Takes the place of the JSON text. */
  text: string | null;
}

/** A request that the document allows, by any caller. */
export function validRequest(operation: Operation, context: SchemaContext): Arbitrary<FuzzRequest> {
  return draft(operation, context).map((value) => finish(operation, value));
}

/** A request with one fault that some layer must notice. */
export function brokenRequest(operation: Operation, context: SchemaContext): Arbitrary<FuzzRequest> {
  const faults = [
    ...(operation.pathNames.length > 0 ? [badId] : []),
    ...(operation.body === null
      ? []
      : [badMember, badMember, badMember, extraMember, missingMember, notAnObject, badText, badType]),
    unknownParameter,
    badParameter,
    badHeader,
    otherMethod,
  ];

  return fc.tuple(draft(operation, context), fc.nat(), fc.nat(), fc.nat()).map(([value, which, at, how]) => {
    const fault = faults[which % faults.length] as Fault;

    return finish(operation, { ...fault({ draft: value, operation, at, how }), fault: fault.name });
  });
}

function draft(operation: Operation, context: SchemaContext): Arbitrary<Draft> {
  const resource = operation.path.split('/')[1] as string;
  const keyed =
    operation.method === 'POST' ? fc.option(fc.nat({ max: 1e9 }), { freq: 3, nil: null }) : fc.constant(null);

  return fc
    .record<{
      caller: FuzzRequest['caller'];
      ids: Record<string, string>;
      query: Record<string, unknown>;
      json: unknown;
      key: number | null;
    }>({
      caller: fc.constantFrom(
        'admin',
        'admin',
        'admin',
        'manager',
        'staff',
        'shopper',
        'shopper',
        'operator',
        'nobody',
      ),
      ids: fc.record(Object.fromEntries(operation.pathNames.map((name) => [name, knownId(name, resource, context)]))),
      query: arbitraryOf(operation.query, context) as Arbitrary<Record<string, unknown>>,
      json: operation.body === null ? fc.constant(undefined) : arbitraryOf(operation.body, context),
      key: keyed,
    })
    .map(({ key, query, caller, ids, json }): Draft => ({
      operation: operation.id,
      fault: null,
      caller,
      method: operation.method,
      ids,
      // A cursor is good for the list that gave it only; a made-up one is a fault of its own.
      query: Object.entries({ ...query, cursor: undefined })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]): [string, string] => [name, String(value)]),
      json,
      text: null,
      headers: (key === null ? {} : { 'idempotency-key': `fuzz-${key}` }) as Record<string, string>,
    }));
}

/** Mostly rows that are there. Companies are only ever those of this test: others run their tests beside us. */
function knownId(name: string, resource: string, context: SchemaContext): Arbitrary<string> {
  const ids = context.known[name === 'id' ? resource : name] ?? [];
  const missing = fc.integer({ min: 1_500_000_000, max: Number.MAX_SAFE_INTEGER });
  const id =
    ids.length === 0
      ? missing
      : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: missing });

  return id.map(String);
}

function finish(operation: Operation, { ids, query, json, text, ...request }: Draft): FuzzRequest {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => ids[name] as string);
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const body = text ?? (json === undefined ? null : JSON.stringify(json));

  return {
    ...request,
    path: search === '' ? path : `${path}?${search}`,
    body: request.method === 'GET' || request.method === 'HEAD' ? null : body,
    headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), ...request.headers },
  };
}

/** Half a surrogate pair has no encoding. */
function encode(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

interface Breaking {
  draft: Draft;
  operation: Operation;
  at: number;
  how: number;
}
type Fault = (breaking: Breaking) => Draft;

const pick = <Value>(values: readonly Value[], n: number): Value => values[n % values.length] as Value;

const badIds = [
  'abc',
  '0',
  '-1',
  '1.5',
  '1e3',
  '9007199254740993',
  '99999999999999999999',
  '%00',
  '%F0%9F%98%80',
  "1'--",
  '1;2',
  '..%2f',
  '%20',
  'null',
  'NaN',
  '0x10',
  '１',
];
const badValues: unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  -1e308,
  2 ** 53 + 2,
  2147483648,
  '',
  ' ',
  'x'.repeat(10_001),
  'a\u0000b',
  '\ud800',
  '\u202e',
  '12',
  'true',
  [],
  [[]],
  {},
  { $ne: 1 },
  { toString: 1 },
  ['a', null],
  { a: { b: { c: {} } } },
];

/** Replaces one member, at any depth, by a value of another kind. */
function badMember({ draft: value, operation, at, how }: Breaking): Draft {
  const members = Object.entries((operation.body?.['properties'] ?? {}) as Record<string, Schema>);

  if (members.length === 0) {
    return { ...value, json: { surprise: pick(badValues, how) } };
  }
  const [name] = pick(members, at);
  const json = { ...(value.json as Record<string, unknown>) };
  const now = json[name];

  if (Array.isArray(now) && typeof now[0] === 'object' && now[0] !== null && how % 2 === 0) {
    const inner = Object.keys(now[0] as object);
    json[name] = [
      { ...now[0], [pick(inner.length > 0 ? inner : ['x'], how)]: pick(badValues, how >> 1) },
      ...now.slice(1),
    ];
  } else {
    json[name] = pick(badValues, how);
  }

  return { ...value, json };
}

function extraMember({ draft: value, how }: Breaking): Draft {
  const name = pick(['surprise', 'id', 'companyId', 'company_id', 'isAdmin', 'a\u0000', 'constructor', ''], how);

  return { ...value, json: { ...(value.json as object), [name]: pick(badValues, how >> 3) } };
}

function missingMember({ draft: value, operation, at }: Breaking): Draft {
  const required = (operation.body?.['required'] ?? []) as string[];
  const json = { ...(value.json as Record<string, unknown>) };

  if (required.length === 0) {
    return { ...value, json: { surprise: 1 } };
  }
  delete json[pick(required, at)];

  return { ...value, json };
}

function notAnObject({ draft: value, how }: Breaking): Draft {
  return {
    ...value,
    text: pick(['null', '[]', '"text"', '1', 'true', '[{}]', '{"__proto__":{"role":"super_admin"}}'], how),
  };
}

function badText({ draft: value, how }: Breaking): Draft {
  const deep = '{"a":'.repeat(3_000);

  return {
    ...value,
    text: pick(
      [
        '{',
        '{"a":1,}',
        '\u0000',
        "{'a':1}",
        `${deep}1${'}'.repeat(3_000)}`,
        '{"a":1}{"b":2}',
        'NaN',
        how % 40 === 0 ? `{"a":"${'x'.repeat(1_100_000)}"}` : '{"a"}',
      ],
      how >> 2,
    ),
  };
}

function badType({ draft: value, how }: Breaking): Draft {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/json; charset=utf-7',
    'application/jsonp',
    'nonsense',
  ];

  return { ...value, headers: { ...value.headers, 'content-type': pick(types, how) } };
}

function badId({ draft: value, operation, at, how }: Breaking): Draft {
  return { ...value, ids: { ...value.ids, [pick(operation.pathNames, at)]: pick(badIds, how) } };
}

function unknownParameter({ draft: value, how }: Breaking): Draft {
  return {
    ...value,
    query: [...value.query, [pick(['surprise', 'company_id', '__proto__', 'limit[]', '$where', ''], how), 'x']],
  };
}

function badParameter({ draft: value, operation, at, how }: Breaking): Draft {
  const names = Object.keys(operation.query['properties'] as object);
  const bad = [
    '',
    '\u0000',
    '-1',
    '0',
    '101',
    '1.5',
    'x'.repeat(3_000),
    '%',
    'eyJpZCI6MX0',
    'bnVsbA',
    '1e400',
    '😀',
    "'",
    '[]',
  ];

  if (names.length === 0) {
    return unknownParameter({ draft: value, operation, at, how });
  }
  const name = pick(names, at);
  const query = value.query.filter(([other]) => other !== name);

  return { ...value, query: how % 5 === 0 ? [...query, [name, '1'], [name, '2']] : [...query, [name, pick(bad, how)]] };
}

/** Headers that matter here: a key to POST, an encoding to bodies, a company to those without a token. */
function badHeader({ draft: value, operation, how }: Breaking): Draft {
  const hasBody = value.json !== undefined;
  const headers: [string, string][] = [
    ['authorization', 'Bearer x.y.z'],
    ['authorization', 'Basic YTpi'],
    ...(operation.method === 'POST'
      ? [
          pick(
            [
              ['idempotency-key', 'has space'],
              ['idempotency-key', 'x'.repeat(300)],
            ] as [string, string][],
            how,
          ),
        ]
      : []),
    ...(hasBody ? [['content-encoding', 'gzip'] as [string, string]] : []),
    ['x-company', pick(['no such company', "a'b", 'missing-company'], how)],
  ];
  const [name, text] = pick(headers, how >> 2);

  return {
    ...value,
    caller: name === 'x-company' ? 'nobody' : value.caller,
    headers: { ...value.headers, [name]: text },
  };
}

function otherMethod({ draft: value, how }: Breaking): Draft {
  return { ...value, method: pick(['PUT', 'DELETE', 'PATCH', 'POST', 'PROPFIND'], how) };
}
