import type { JsonObject, JsonValue } from '../../domain/deployments/deployment-target-types';

/** Which fields each manager set, as the API server keeps it in `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: FieldSet;
}

/** `f:name` a field, `k:{…}` an entry of a list known by its keys, `v:…` a value of a set, `.` the thing itself. */
export type FieldSet = { [key: string]: FieldSet };

/** The fields that a manager has applied to the object itself. */
export function fieldsAppliedBy(manager: string, entries: readonly ManagedFieldsEntry[]): FieldSet {
  return entries
    .filter((entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource)
    .reduce<FieldSet>((fields, entry) => mergeFields(fields, entry.fieldsV1 ?? {}), {});
}

/** Managers other than one that own a field. @param path such as ['spec', 'replicas'] */
export function otherOwners(
  path: readonly string[],
  manager: string,
  entries: readonly ManagedFieldsEntry[],
): string[] {
  const owns = (fields: FieldSet | undefined, rest: readonly string[]): boolean =>
    fields !== undefined && (rest.length === 0 || owns(fields[`f:${rest[0]}`], rest.slice(1)));

  return entries
    .filter((entry) => entry.manager !== manager && owns(entry.fieldsV1, path))
    .map((entry) => entry.manager ?? 'unknown');
}

export function mergeFields(left: FieldSet, right: FieldSet): FieldSet {
  const merged: FieldSet = { ...left };

  for (const [key, below] of Object.entries(right)) {
    merged[key] = key in merged ? mergeFields(merged[key] ?? {}, below) : below;
  }

  return merged;
}

/**
 * The part of an object that a set of fields names: what must be applied to have it as it is. Keys of list entries are
 * kept, so that each entry can be found again.
 */
export function extractFields(value: JsonValue, fields: FieldSet): JsonValue | undefined {
  const keys = Object.keys(fields).filter((key) => key !== '.');

  if (keys.length === 0) {
    // Only the thing itself is owned, nothing in it.
    return '.' in fields && value !== null && typeof value === 'object' ? (Array.isArray(value) ? [] : {}) : value;
  }

  return Array.isArray(value) ? extractEntries(value, fields, keys) : extractMembers(value, fields, keys);
}

function extractMembers(value: JsonValue, fields: FieldSet, keys: readonly string[]): JsonObject | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return undefined;
  }
  const members = keys
    .filter((key) => key.startsWith('f:') && Object.hasOwn(value, key.slice(2)))
    .map((key) => [key.slice(2), extractFields(value[key.slice(2)] ?? null, fields[key] ?? {})] as const)
    .filter((member): member is [string, JsonValue] => member[1] !== undefined);

  return members.length === 0 && !('.' in fields) ? undefined : Object.fromEntries(members);
}

function extractEntries(list: readonly JsonValue[], fields: FieldSet, keys: readonly string[]): JsonValue[] {
  return list.flatMap((entry) => {
    const key = keys.find((one) => isNamedBy(entry, one));

    if (key === undefined) {
      return [];
    }
    const part = extractFields(entry, fields[key] ?? {});

    return part === undefined
      ? []
      : [key.startsWith('k:') ? { ...parseKey(key), ...(part as JsonObject) } : (part as JsonValue)];
  });
}

function isNamedBy(entry: JsonValue, key: string): boolean {
  if (key.startsWith('v:')) {
    return JSON.stringify(entry) === JSON.stringify(JSON.parse(key.slice(2)));
  }

  if (!key.startsWith('k:') || entry === null || typeof entry !== 'object' || Array.isArray(entry)) {
    return false;
  }

  return Object.entries(parseKey(key)).every(([name, value]) => entry[name] === value);
}

function parseKey(key: string): JsonObject {
  return JSON.parse(key.slice(2)) as JsonObject;
}
