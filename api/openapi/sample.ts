import type { JsonSchema } from './json-schema';

/**
 * A body to begin with: examples where the schema gives them, else defaults, first choices and plain values; of optional
 * members only those with an example.
 */
export function sampleOf(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>): unknown {
  const known = given(schema);

  if (known !== undefined) {
    return known;
  }
  const reference = schema['$ref'];

  if (typeof reference === 'string') {
    return sampleOf(components[reference.split('/').at(-1) ?? ''] ?? {}, components);
  }
  const choices = (schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']) as JsonSchema[] | undefined;

  if (choices?.[0] !== undefined) {
    return sampleOf(choices[0], components);
  }
  const { type } = schema;

  return sampleOfType(Array.isArray(type) ? type[0] : type, schema, components);
}

function given(schema: JsonSchema): unknown {
  const [first] = (schema['examples'] ?? schema['enum'] ?? []) as unknown[];

  return schema['example'] ?? schema['const'] ?? schema['default'] ?? first;
}

function sampleOfType(type: unknown, schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>): unknown {
  switch (type) {
    case 'object':
      return sampleOfObject(schema, components);
    case 'array':
      return schema['items'] === undefined ? [] : [sampleOf(schema['items'] as JsonSchema, components)];
    case 'integer':
    case 'number':
      return (schema['minimum'] as number | undefined) ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return sampleOfText(schema);
    default:
      return null;
  }
}

function sampleOfObject(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  const required = new Set((schema['required'] ?? []) as string[]);
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);

  return Object.fromEntries(
    members
      .filter(([name, member]) => required.has(name) || member['example'] !== undefined)
      .map(([name, member]) => [name, sampleOf(member, components)]),
  );
}

const texts: Readonly<Record<string, string>> = {
  'date-time': '2025-10-26T00:00:00+07:00',
  date: '2025-10-26',
  email: 'an@example.test',
  uri: 'https://example.test/',
  uuid: '7b0c5c0e-5d0f-4a53-9d7a-0f5f3f0a6f11',
};

function sampleOfText(schema: JsonSchema): string {
  return texts[String(schema['format'])] ?? 'text'.padEnd((schema['minLength'] as number | undefined) ?? 0, ' text');
}
