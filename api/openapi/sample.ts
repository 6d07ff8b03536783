import type { JsonSchema } from './json-schema';

const texts: Readonly<Record<string, string>> = {
  'date-time': '2025-10-26T00:00:00+07:00',
  date: '2025-10-26',
  email: 'an@example.test',
  uri: 'https://example.test/',
};

/**
 * A body to begin with: examples where the schema gives them, else defaults, first choices and plain values; of optional
 * members only those with an example. Takes schemas without pointers.
 */
export function sampleOf(schema: JsonSchema): unknown {
  const [choice] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as JsonSchema[];
  const [first] = (schema['enum'] ?? []) as unknown[];
  const given = schema['example'] ?? schema['const'] ?? schema['default'] ?? first;

  if (given !== undefined) {
    return given;
  }
  switch (schema['type']) {
    case 'object':
      return sampleOfObject(schema);
    case 'array':
      return [sampleOf((schema['items'] ?? {}) as JsonSchema)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return texts[String(schema['format'])] ?? 'text'.padEnd(Number(schema['minLength'] ?? 0), ' text');
    default:
      return choice === undefined ? null : sampleOf(choice);
  }
}

function sampleOfObject(schema: JsonSchema): Record<string, unknown> {
  const required = new Set((schema['required'] ?? []) as string[]);
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);

  return Object.fromEntries(
    members
      .filter(([name, member]) => required.has(name) || member['example'] !== undefined)
      .map(([name, member]) => [name, sampleOf(member)]),
  );
}
