import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';

/**
 * Ids of features by their codes; a code given twice counts once.
 * @throws AppError validation_failed naming each code that the company does not have, at /features/<index>
 */
export async function findFeatureIds(tx: TenantTransaction, codes: readonly string[]): Promise<Map<string, number>> {
  if (codes.length === 0) {
    return new Map();
  }

  const rows = await tx.orm.feature.findMany({
    where: { companyId: tx.companyId, code: { in: [...codes] } },
    select: { id: true, code: true },
  });
  const ids = new Map(rows.map((row) => [row.code, Number(row.id)]));
  const errors = codes.flatMap((code, index) =>
    ids.has(code)
      ? []
      : [{ field: `/features/${index}`, message: `There is no feature ${code}`, code: 'unknown_feature' }],
  );
  const [first] = errors;

  if (first !== undefined) {
    throw new AppError('validation_failed', { field: first.field, detail: `${first.message}.`, params: { errors } });
  }

  return ids;
}
