/**
 * Whether an `If-None-Match` names what would be answered (RFC 9110, 13.1.2): by one of its tags, also one that a proxy has
 * made weak, as it does when it compresses, or by `*`.
 */
export function namesTag(asked: string | undefined, tag: string): boolean {
  const tags = asked?.split(',').map((one) => one.trim()) ?? [];

  return tags.some((one) => one === '*' || strong(one) === strong(tag));
}

const strong = (tag: string) => tag.replace(/^W\//, '');
