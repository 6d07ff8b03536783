/** Why a value of a request cannot be kept, and where it stands. */
export interface Unstorable {
  path: (string | number)[];
  message: string;
  code: string;
}

/** Levels of objects and lists in one body. */
export const maximumDepth = 32;

// eslint-disable-next-line no-control-regex -- NUL is the one character PostgreSQL's text cannot hold.
const nul = /\u0000/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Finds the first text that PostgreSQL cannot hold (NUL, half a surrogate pair) and nesting that nothing of ours needs,
 * so that no schema has to think of either. Null when all is well.
 */
export function findUnstorable(value: unknown, depth = 0): Unstorable | null {
  if (typeof value === 'string') {
    return isStorable(value)
      ? null
      : { path: [], message: 'Holds a character that cannot be kept', code: 'invalid_character' };
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  if (depth >= maximumDepth) {
    return { path: [], message: `Nests deeper than ${maximumDepth} levels`, code: 'too_deep' };
  }

  for (const [key, member] of Object.entries(value)) {
    if (!isStorable(key)) {
      return { path: [], message: 'Has a name with a character that cannot be kept', code: 'invalid_character' };
    }
    const found = findUnstorable(member, depth + 1);

    if (found !== null) {
      // The way to it is noted on the way back, so that what is well costs nothing.
      return { ...found, path: [key, ...found.path] };
    }
  }

  return null;
}

function isStorable(text: string): boolean {
  return !nul.test(text) && !loneSurrogate.test(text);
}
