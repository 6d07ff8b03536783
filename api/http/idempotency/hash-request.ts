import { createHmac } from 'node:crypto';

/** JSON with the members of every object in one order, so that equal requests have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}

/** Keyed, because a body may hold a password, which a plain hash would let others guess. */
export function hashRequest(secret: string, request: unknown): string {
  return createHmac('sha256', secret)
    .update(`request\n${canonicalJson(request)}`)
    .digest('hex');
}
