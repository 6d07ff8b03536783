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

/**
 * A sum over rows as a plain number: none of them is beyond the safe range, all together may be. What is beyond is shown as
 * the end of the range, for a list of customers is not to fail with the figure of one.
 */
export function toShownSum(sum: bigint): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);

  return Number(sum > most ? most : sum < -most ? -most : sum);
}

/** A sum that SQL reckons as numeric, since it may be beyond bigint, and hands over as text. */
export const dbShownSum = z.string().transform((sum) => toShownSum(BigInt(sum)));
