import { z } from 'zod';

import { AppError } from '../../../domain/errors';
import { findUnstorable } from '../idempotency/storable-json';

export interface Page<Item> {
  data: Item[];
  nextCursor: string | null;
}

/** Query parameters of every list: spread them into the query schema of the route. */
export const pageParameters = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Rows in a page, 1 to 100.'),
  cursor: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe('`nextCursor` of the page before; leave the rest unchanged.'),
};

/** Schema of a list's answer. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('Null on the last page.'),
  });
}

/** Packs the position after which the next page begins into text that clients hand back unread. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/**
 * Reads a cursor back.
 * @returns null without a cursor, which is the first page
 * @throws AppError validation_failed when the cursor is not one that this list gave
 */
export function decodeCursor<Position extends z.ZodType>(
  position: Position,
  cursor: string | undefined,
): z.output<Position> | null {
  if (cursor === undefined) {
    return null;
  }

  const value = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const parsed = position.safeParse(value);

  if (!parsed.success || findUnstorable(value) !== null) {
    throw new AppError('validation_failed', {
      field: 'cursor',
      detail: 'The cursor does not belong to this list. Start again without it.',
    });
  }

  return parsed.data;
}

/**
 * Makes a page of rows of which one more than `limit` was read.
 * @param options.positionOf what the next page needs to know of the last row shown
 * @param options.view the row as the API shows it
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  options: { limit: number; positionOf: (row: Row) => unknown; view: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, options.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > options.limit;

  return {
    data: shown.map(options.view),
    nextCursor: hasMore && last !== undefined ? encodeCursor(options.positionOf(last)) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
