import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * Schemas by name as those of OpenAPI 3.1, which are plain JSON Schema. What a schema takes in is described, not what it
 * makes of it: requests and answers are both JSON on the wire. Those with an id (`.meta({ id })`) become components.
 * @param schemas.isAnswer answers may gain members, so clients must not count on there being no others
 * @throws Error when two different schemas have one id
 */
export function writeSchemas(
  schemas: Readonly<Record<string, z.ZodType>>,
  options: { isAnswer: boolean },
): { written: Record<string, JsonSchema>; components: Record<string, JsonSchema> } {
  const all = z.toJSONSchema(z.strictObject(schemas), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema, options.isAnswer),
  });
  const { properties = {}, $defs = {} } = JSON.parse(
    JSON.stringify(all).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Record<'properties' | '$defs', Record<string, JsonSchema> | undefined>;

  Object.values($defs).forEach((definition) => delete definition['id']);

  return { written: properties, components: $defs };
}

/** Formats say what their long patterns say; the limits of safe integers go without saying (see the document's text). */
function simplify(schema: JsonSchema, isAnswer: boolean): void {
  if (schema['format'] !== undefined) {
    delete schema['pattern'];
  }
  if (schema['type'] === 'integer') {
    schema['format'] = 'int64';
  }
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) {
    delete schema['minimum'];
  }
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) {
    delete schema['maximum'];
  }
  if (JSON.stringify(schema['propertyNames']) === '{"type":"string"}') {
    delete schema['propertyNames'];
  }
  if (isAnswer && schema['additionalProperties'] === false) {
    delete schema['additionalProperties'];
  }
}
