/** ORM filter: the text holds `part` literally, in any case. `%`, `_` and `\` are wildcards of LIKE unless escaped. */
export function containing(part: string): { contains: string; mode: 'insensitive' } {
  return { contains: part.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' };
}
