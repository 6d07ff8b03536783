import type { TenantTransaction } from '../../../platform/db/database';
import { grantColumns } from '../features/feature-grant';
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
    data: resolved.grants.flatMap(({ feature, ...grant }) => {
      const featureId = resolved.ids.get(feature);

      return featureId === undefined ? [] : [{ companyId, planId, featureId, ...grantColumns(grant) }];
    }),
  });
}
