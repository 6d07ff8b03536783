import { z } from 'zod';

/**
 * The same schema with every object in it refusing members it does not name, whether its author said so or not. Objects
 * that were made loose on purpose stay loose; checks and metadata are kept.
 */
export function makeStrict(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.def.shape as Record<string, z.ZodType>).map(([name, member]) => [name, makeStrict(member)]),
    );

    return replace(schema, { shape, catchall: schema.def.catchall ?? z.never() });
  }
  if (schema instanceof z.ZodArray) {
    return replace(schema, { element: makeStrict(schema.def.element as z.ZodType) });
  }
  if (schema instanceof z.ZodUnion) {
    // Discriminated unions are unions too.
    return replace(schema, { options: (schema.def.options as z.ZodType[]).map(makeStrict) });
  }
  if (schema instanceof z.ZodRecord) {
    return replace(schema, { valueType: makeStrict(schema.def.valueType as z.ZodType) });
  }
  if (schema instanceof z.ZodPipe) {
    return replace(schema, { in: makeStrict(schema.def.in as z.ZodType) });
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return replace(schema, { innerType: makeStrict(schema.def.innerType as z.ZodType) });
  }

  return schema;
}

function replace<Schema extends z.ZodType>(schema: Schema, changed: Record<string, unknown>): z.ZodType {
  return z.core.clone(schema, { ...schema.def, ...changed } as Schema['_zod']['def'], { parent: true });
}
