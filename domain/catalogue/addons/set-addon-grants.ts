import type { TenantTransaction } from '../../../platform/db/database';
import { grantColumns } from '../features/feature-grant';
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
    data: resolved.grants.flatMap(({ feature, ...grant }) => {
      const featureId = resolved.ids.get(feature);

      return featureId === undefined ? [] : [{ companyId, addonId, featureId, ...grantColumns(grant) }];
    }),
  });
}
