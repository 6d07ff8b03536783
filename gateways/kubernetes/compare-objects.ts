import type { JsonObject, JsonValue } from '../../domain/deployments/deployment-target-types';

/** What the server keeps for itself: it differs from write to write and says nothing of what was wanted. */
const keptMembers = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp'];
const keptAnnotation = 'deployment.kubernetes.io/revision';

/** Paths at which two forms of an object differ, such as `spec.template.spec.containers[0].image`; sorted. */
export function differingFields(left: JsonObject, right: JsonObject): string[] {
  return differences(withoutKept(left), withoutKept(right), '').sort();
}

function withoutKept({ status: _status, ...object }: JsonObject): JsonObject {
  const metadata = Object.entries((object['metadata'] ?? {}) as JsonObject).filter(
    ([name]) => !keptMembers.includes(name),
  );
  const annotations = Object.entries((Object.fromEntries(metadata)['annotations'] ?? {}) as JsonObject).filter(
    ([name]) => name !== keptAnnotation,
  );

  return {
    ...object,
    metadata: { ...Object.fromEntries(metadata), annotations: Object.fromEntries(annotations) },
  };
}

function differences(left: JsonValue | undefined, right: JsonValue | undefined, field: string): string[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
      differences(left[index], right[index], `${field}[${index}]`),
    ).flat();
  }

  if (isObject(left) && isObject(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];

    return names.flatMap((name) => differences(left[name], right[name], join(field, name)));
  }

  return left === right ? [] : [field];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function join(field: string, name: string): string {
  if (!/^\w+$/.test(name)) {
    return `${field}[${JSON.stringify(name)}]`;
  }

  return field === '' ? name : `${field}.${name}`;
}
