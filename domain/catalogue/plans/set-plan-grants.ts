import type { TenantTransaction } from '../../../platform/db/database';
import type { ResolvedGrants } from '../features/resolve-grants';

/** Makes a plan give exactly these; null changes nothing. */
export async function setPlanGrants(
  tx: TenantTransaction,
  planId: number,
  resolved: ResolvedGrants | null,
): Promise<void> {
  if (resolved === null) {
    return;
  }
  const { companyId } = tx;
  await tx.orm.planFeature.deleteMany({ where: { companyId, planId } });
  await tx.orm.planFeature.createMany({
    data: resolved.rows.map((row) => ({ companyId, planId, ...row })),
  });
}
