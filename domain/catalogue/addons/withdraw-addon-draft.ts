import { Prisma, type TenantSql } from '../../../platform/db/database';

/** Takes the key away from an add-on that was never on sale, so that another can have it; it stays as a row. */
export async function withdrawAddonDraft(
  tx: TenantSql,
  { id, mark, now }: { id: number; mark: string; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`UPDATE product.addons SET addon_key = addon_key || ${mark}, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint AND NOT is_active`);
}
