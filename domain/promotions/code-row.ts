import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma } from '../../platform/db/database';
import { formatInstant } from '../../platform/instant';

export const CodeRow = z.object({
  id: dbInteger,
  promotionId: dbInteger,
  code: z.string(),
  maxUses: z.number().int().nullable(),
  used: z.number().int(),
  createdAt: dbInstant,
});
export type CodeRow = z.output<typeof CodeRow>;

/** Columns of `c` (product.promotion_codes). */
export const codeColumns = Prisma.sql`c.id, c.promotion_id AS "promotionId", c.code, c.max_uses AS "maxUses", c.used,
       c.created_at AS "createdAt"`;

/** A code as the API shows it. @param timeZone of the company */
export function viewCode(row: CodeRow, timeZone: string) {
  return { ...row, createdAt: formatInstant(row.createdAt, timeZone) };
}
