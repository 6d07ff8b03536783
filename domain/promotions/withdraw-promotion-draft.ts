import { Prisma, type TenantSql } from '../../platform/db/database';

/** Takes the codes away from a promotion that nobody could use yet, so that another can have them; it stays as a row. */
export async function withdrawPromotionDraft(tx: TenantSql, id: number): Promise<void> {
  await tx.write(
    Prisma.sql`DELETE FROM product.promotion_codes c WHERE c.company_id = ${tx.companyId}::bigint AND c.promotion_id = ${id}::bigint AND c.used = 0`,
  );
}
