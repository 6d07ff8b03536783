import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * Turns zod schemas into those of OpenAPI 3.1, which are plain JSON Schema. What a schema takes in is described, not what
 * it makes of it: requests and answers are both JSON on the wire. Schemas with an id (`.meta({ id })`) become components.
 */
export interface SchemaWriter {
  /** @throws Error when two different schemas have one id. */
  write(schema: z.ZodType): JsonSchema;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

export function createSchemaWriter(): SchemaWriter {
  const components: Record<string, JsonSchema> = {};

  return {
    components,
    write(schema) {
      const { $schema: _dialect, $defs = {}, ...written } = toJsonSchema(schema);

      for (const [id, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
        const component = pointToComponents(withoutId(definition));

        if (components[id] !== undefined && JSON.stringify(components[id]) !== JSON.stringify(component)) {
          throw new Error(`Two different schemas are called ${id}.`);
        }
        components[id] = component;
      }

      return pointToComponents(written);
    },
  };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  // Wrapped, because a schema that has an id itself is written in full at the top instead of being pointed to.
  const wrapped = z.toJSONSchema(z.object({ value: schema }), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema),
  }) as JsonSchema;
  const { value } = wrapped['properties'] as { value: JsonSchema };

  return { ...value, ...(wrapped['$defs'] === undefined ? {} : { $defs: wrapped['$defs'] }) };
}

/** Formats say what their long patterns say; the limits of safe integers go without saying (see the document's text). */
function simplify(schema: JsonSchema): void {
  if (schema['format'] !== undefined) {
    delete schema['pattern'];
  }
  if (schema['type'] === 'integer') {
    schema['format'] = 'int64';
    if (schema['minimum'] === Number.MIN_SAFE_INTEGER) {
      delete schema['minimum'];
    }
    if (schema['maximum'] === Number.MAX_SAFE_INTEGER) {
      delete schema['maximum'];
    }
  }
  if (schema['type'] === 'object' && isStringNames(schema['propertyNames'])) {
    delete schema['propertyNames'];
  }
}

function isStringNames(names: unknown): boolean {
  return typeof names === 'object' && names !== null && JSON.stringify(names) === '{"type":"string"}';
}

function withoutId({ id: _id, ...definition }: JsonSchema): JsonSchema {
  return definition;
}

function pointToComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
}
