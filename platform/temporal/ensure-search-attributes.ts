import type { Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';

import { searchAttributes } from './search-attributes';

/** Values of `temporal.api.enums.v1.IndexedValueType`. */
const indexedTypes: Partial<Record<SearchAttributeType, number>> = {
  [SearchAttributeType.KEYWORD]: 2,
  [SearchAttributeType.INT]: 3,
};

/**
 * Registers the search attributes that the namespace lacks; those that are there stay. A workflow that is started with one
 * that is not registered is refused, so this comes first.
 * @throws Error that says how to register them by hand, where this is not allowed
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => customAttributes?.[name] === undefined);

  if (missing.length === 0) {
    return;
  }

  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedTypes[type] ?? 0])),
    });
  } catch (cause) {
    const words = missing.map(
      ({ name, type }) => `--name ${name} --type ${type.slice(0, 1)}${type.slice(1).toLowerCase()}`,
    );
    throw new Error(
      `Temporal lacks search attributes. Run: temporal operator search-attribute create --namespace ${namespace} ${words.join(' ')}`,
      { cause },
    );
  }
}
