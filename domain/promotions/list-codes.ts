import { Prisma, type TenantSql } from '../../platform/db/database';
import { codeColumns, CodeRow } from './code-row';
import { readPromotion } from './read-promotion';

/** Up to `limit` codes of a promotion with their uses, in the order in which they were made. @throws AppError not_found */
export async function listCodes(
  tx: TenantSql,
  input: { promotionId: number; after: number; limit: number },
): Promise<CodeRow[]> {
  await readPromotion(tx, input.promotionId);

  return tx.query(
    CodeRow,
    Prisma.sql`SELECT ${codeColumns} FROM product.promotion_codes c
                WHERE c.company_id = ${tx.companyId}::bigint AND c.promotion_id = ${input.promotionId}::bigint AND c.id > ${input.after}::bigint
                ORDER BY c.id LIMIT ${input.limit}`,
  );
}
