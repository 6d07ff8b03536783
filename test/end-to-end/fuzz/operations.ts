import type { Schema, SchemaContext } from './schema-arbitrary';

/** One operation of the OpenAPI document, as far as requests need it. */
export interface Operation {
  id: string;
  method: string;
  /** `/orders/{id}` */
  path: string;
  pathNames: string[];
  /** Schema of the whole query. */
  query: Schema;
  body: Schema | null;
}

/** Every operation that clients call; providers' callbacks, which are not ours to call, have their own tests. */
export function readOperations(document: Schema): { operations: Operation[]; components: SchemaContext['components'] } {
  const operations = Object.entries(document['paths'] as Record<string, Record<string, Schema>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]): Operation => {
        const parameters = (operation['parameters'] as Schema[]).filter((parameter) => parameter['in'] !== undefined);
        const queries = parameters.filter((parameter) => parameter['in'] === 'query');

        return {
          id: operation['operationId'],
          method: method.toUpperCase(),
          path,
          pathNames: parameters.filter((parameter) => parameter['in'] === 'path').map((parameter) => parameter['name']),
          query: {
            type: 'object',
            properties: Object.fromEntries(queries.map((parameter) => [parameter['name'], parameter['schema']])),
            required: queries.filter((parameter) => parameter['required']).map((parameter) => parameter['name']),
          },
          body: operation['requestBody']?.content['application/json'].schema ?? null,
        };
      }),
  );

  return { operations, components: document['components'].schemas };
}
