/** `%`, `_` and `\` are wildcards of LIKE, which is what the ORM makes of `contains`, unless they are escaped. */
export function literally(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&');
}

/** ORM filter: the text holds `part` literally, in any case. */
export function containing(part: string): { contains: string; mode: 'insensitive' } {
  return { contains: literally(part), mode: 'insensitive' };
}
