import { z } from 'zod';

/** Columns of `$queryRaw` rows, parsed: bigint becomes a safe integer, or the row is refused (D4). */
export const dbInteger = z.union([z.bigint(), z.number()]).transform((value, context) => {
  const integer = Number(value);

  if (!Number.isSafeInteger(integer)) {
    context.addIssue({ code: 'custom', message: `${String(value)} is no safe integer` });

    return z.NEVER;
  }

  return integer;
});

export const dbInstant = z.date();
export const dbJson = z.unknown();

/** Of a statement whose rows nobody looks at. Schemas are made once: making one costs more than a parse. */
export const dbNothing = z.unknown();

/** A bigint column of an ORM row as a plain number; ids and amounts are kept within the safe range. */
export function toNumber(value: bigint): number {
  const integer = Number(value);

  if (!Number.isSafeInteger(integer)) {
    throw new RangeError(`${value} is no safe integer`);
  }

  return integer;
}
