import { type z } from 'zod';
import { matches } from './compare';

/**
 * The outline of what is expected: its keys and the lengths of its lists, with every value blanked out. Adapters see
 * this much, to know what to ask the product for, and never the values.
 */
export type Outline = null | Outline[] | { [key: string]: Outline };

/** Turns one group's inputs into calls of the product and picks the fields of the group out of what comes back. */
export interface CaseAdapter {
  run(inputs: unknown, outline: Outline): Promise<unknown>;
  isMatch(actual: unknown, expected: unknown): boolean;
}

/**
 * An adapter for one group.
 *
 * @param schema fields of the group's inputs that are read; others are ignored
 * @param run hands them to the product
 * @param isMatch only where the group has a way of its own to compare
 */
export function adapter<Inputs>(
  schema: z.ZodType<Inputs>,
  run: (inputs: Inputs, outline: Outline) => unknown,
  isMatch: (actual: unknown, expected: unknown) => boolean = matches,
): CaseAdapter {
  return {
    run: async (inputs, outline) => run(schema.parse(inputs), outline),
    isMatch,
  };
}

export function outlineOf(expected: unknown): Outline {
  if (Array.isArray(expected)) {
    return expected.map(outlineOf);
  }
  if (expected !== null && typeof expected === 'object') {
    return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, outlineOf(value)]));
  }

  return null;
}

/** Keys that are asked for at the top, or below a key of the top. */
export function keysAsked(outline: Outline, below?: string): string[] {
  const at = below === undefined ? outline : (outline as Record<string, Outline> | null)?.[below];

  return at !== null && typeof at === 'object' && !Array.isArray(at) ? Object.keys(at) : [];
}

/** How many entries are asked for in a list of the top. */
export function lengthAsked(outline: Outline, key: string): number {
  const list = (outline as Record<string, Outline> | null)?.[key];

  return Array.isArray(list) ? list.length : 0;
}
