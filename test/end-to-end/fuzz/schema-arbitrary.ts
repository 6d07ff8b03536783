import fc, { type Arbitrary } from 'fast-check';

export type Schema = Record<string, any>;

export interface SchemaContext {
  components: Record<string, Schema>;
  /** Rows that are there, by the name of the member that points to them: productId, customerId … */
  known: Record<string, number[]>;
  /** Texts that mean something, by the name of the member: a currency, a card's token …; null stands for any text. */
  words: Record<string, (string | null)[]>;
  /** Members that seldom fit, such as the price that a customer was shown: mostly left out where they may be. */
  rare: string[];
}

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Áo dài tím', "Robert'); DROP TABLE orders;--", '<script>', '${7*7}', '😀'.repeat(20)),
  },
);

/** Values that a JSON Schema allows, as far as it can say: rules it cannot express may still refuse them. */
export function arbitraryOf(schema: Schema, context: SchemaContext, name = ''): Arbitrary<unknown> {
  if (schema['$ref'] !== undefined) {
    const id = String(schema['$ref']).split('/').at(-1) as string;

    return arbitraryOf(context.components[id] as Schema, context, name);
  }
  if (schema['const'] !== undefined) {
    return fc.constant(schema['const']);
  }
  if (schema['enum'] !== undefined) {
    return wordsOf(schema, context.words[name] ?? []);
  }
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;

  if (choices !== undefined) {
    return fc.oneof(...choices.map((choice) => arbitraryOf(choice, context, name)));
  }
  const types = [schema['type']].flat() as (string | undefined)[];

  return fc.oneof(...types.map((type) => arbitraryOfType(type, schema, context, name)));
}

/** Choices of a list, those that mean something here first. */
function wordsOf(schema: Schema, words: (string | null)[]): Arbitrary<unknown> {
  const choices = schema['enum'] as unknown[];
  const known = words.filter((word) => choices.includes(word));

  return known.length === 0
    ? fc.constantFrom(...choices)
    : fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...known) },
        { weight: 1, arbitrary: fc.constantFrom(...choices) },
      );
}

function arbitraryOfType(
  type: string | undefined,
  schema: Schema,
  context: SchemaContext,
  name: string,
): Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return integer(schema, context.known[name] ?? []);
    case 'number':
      return fc.double({ min: schema['minimum'] ?? -1e9, max: schema['maximum'] ?? 1e9, noNaN: true });
    case 'string':
      return wordOr(text(schema), context.words[name] ?? []);
    case 'array':
      return fc.array(arbitraryOf(schema['items'] ?? {}, context, name), {
        minLength: schema['minItems'] ?? 0,
        maxLength: Math.min(schema['maxItems'] ?? 3, (schema['minItems'] ?? 0) + 2),
      });
    case 'object':
      return object(schema, context);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function wordOr(any: Arbitrary<string>, words: (string | null)[]): Arbitrary<string> {
  return words.length === 0 ? any : fc.oneof(...words.map((word) => (word === null ? any : fc.constant(word))));
}

function integer(schema: Schema, known: number[]): Arbitrary<number> {
  const min =
    schema['minimum'] ??
    (schema['exclusiveMinimum'] === undefined ? Number.MIN_SAFE_INTEGER : schema['exclusiveMinimum'] + 1);
  const max = schema['maximum'] ?? Number.MAX_SAFE_INTEGER;
  const any = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: Math.max(min, 0), max: Math.min(max, 100) }) },
    { weight: 2, arbitrary: fc.maxSafeInteger().map((value) => Math.min(max, Math.max(min, value))) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
  );

  return known.length === 0
    ? any
    : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
}

function text(schema: Schema): Arbitrary<string> {
  const minLength: number = schema['minLength'] ?? 0;
  const maxLength: number = Math.max(minLength, Math.min(schema['maxLength'] ?? 60, 300));

  switch (schema['format']) {
    case 'email':
      return fc.nat().map((n) => `fuzz-${n}@example.test`);
    case 'date-time':
      return fc
        .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    case 'uuid':
      return fc.uuid();
    case 'uri':
      return fc.webUrl();
    default:
  }
  if (schema['pattern'] !== undefined) {
    return fc
      .stringMatching(new RegExp(schema['pattern'], 'u'), { size: 'small' })
      .map((value) => value.slice(0, maxLength));
  }
  const example = schema['example'] ?? schema['examples']?.[0];
  const any = minLength === 0 && maxLength >= 40 ? texts : fc.string({ minLength, maxLength });

  return typeof example === 'string' ? fc.oneof(fc.constant(example), any) : any;
}

function object(schema: Schema, context: SchemaContext): Arbitrary<Record<string, unknown>> {
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = (schema['required'] ?? []) as string[];
  const seldom = members
    .map(([name]) => name)
    .filter((name) => context.rare.includes(name) && !required.includes(name));
  const all = fc.record(
    Object.fromEntries(members.map(([name, member]) => [name, arbitraryOf(member, context, name)])),
    { requiredKeys: required },
  );

  const record = fc
    .tuple(all, fc.noBias(fc.nat({ max: 9 })))
    .map(([value, chance]): Record<string, unknown> =>
      chance === 0 ? value : Object.fromEntries(Object.entries(value).filter(([name]) => !seldom.includes(name))),
    );

  if (typeof schema['additionalProperties'] !== 'object') {
    return record;
  }
  const extra = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 10 }),
    arbitraryOf(schema['additionalProperties'], context),
    { maxKeys: 3 },
  );

  return fc.tuple(extra, record).map(([more, own]) => ({ ...more, ...own }));
}
