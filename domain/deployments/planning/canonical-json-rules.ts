/**
 * JSON that is the same text for the same value: members in the order of their names, none that is undefined. For plain JSON
 * of strings, safe integers and fractions.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  }

  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);

    return `{${members.join(',')}}`;
  }

  return JSON.stringify(value);
}
