import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { literally } from '../../platform/db/containing';
import { Prisma, type TenantSql } from '../../platform/db/database';

/** More are not worth naming one by one. */
const most = 1_000;
/** The index is one of trigrams. */
const shortest = 3;

const Found = z.object({ id: dbInteger });

/**
 * Customers whose search text has all the words, or the telephone number, by an index that row-level security lets only a
 * function of the schema `system` use.
 * @param words folded as search texts are
 * @param phone part of a number, digits; null: the words alone
 * @returns ids in no order; null where the index is no help: too many, or nothing long enough to look for
 */
export async function findByWords(
  tx: TenantSql,
  words: readonly string[],
  phone: string | null,
): Promise<number[] | null> {
  if (!words.some((word) => [...word].length >= shortest)) {
    return null;
  }
  const found = await tx.query(
    Found,
    Prisma.sql`SELECT id FROM system.find_customers(${words.map(pattern)}::text[], ${phone && pattern(phone)}::text, ${most + 1}::integer)`,
  );

  return found.length > most ? null : found.map(({ id }) => id);
}

const pattern = (part: string): string => `%${literally(part)}%`;
