import type { TenantTransaction } from '../../../platform/db/database';
import { findFeatureIds } from '../features/find-feature-ids';

/** Makes a plan unlock exactly the features named. @throws AppError validation_failed at /features/<index> */
export async function setPlanFeatures(
  tx: TenantTransaction,
  input: { planId: number; codes: readonly string[] },
): Promise<void> {
  const { planId, codes } = input;
  const companyId = tx.companyId;
  const ids = [...(await findFeatureIds(tx, codes)).values()];

  await tx.orm.planFeature.deleteMany({ where: { companyId, planId, featureId: { notIn: ids } } });
  await tx.orm.planFeature.createMany({
    data: ids.map((featureId) => ({ companyId, planId, featureId })),
    skipDuplicates: true,
  });
}
