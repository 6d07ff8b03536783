import type { TenantTransaction } from '../../../platform/db/database';
import type { ResolvedGrants } from '../features/resolve-grants';

/** Makes an add-on give exactly these; null changes nothing. */
export async function setAddonGrants(
  tx: TenantTransaction,
  addonId: number,
  resolved: ResolvedGrants | null,
): Promise<void> {
  if (resolved === null) {
    return;
  }
  const { companyId } = tx;
  await tx.orm.addonFeature.deleteMany({ where: { companyId, addonId } });
  await tx.orm.addonFeature.createMany({
    data: resolved.rows.map((row) => ({ companyId, addonId, ...row })),
  });
}
