import type { TenantTransaction } from '../../../platform/db/database';
import { requireFeatures } from '../features/resolve-grants';

/**
 * Makes products of a category have exactly these features.
 * @throws AppError validation_failed at /features/<index> for a code that the company does not have
 */
export async function setCategoryFeatures(
  tx: TenantTransaction,
  categoryId: number,
  codes: readonly string[],
): Promise<void> {
  const { companyId } = tx;
  const ids = await requireFeatures(tx, codes);
  await tx.orm.categoryFeature.deleteMany({ where: { companyId, categoryId } });
  await tx.orm.categoryFeature.createMany({ data: ids.map((featureId) => ({ companyId, categoryId, featureId })) });
}
