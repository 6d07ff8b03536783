import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { FeatureGrant } from './feature-grant';
import type { FeatureKind } from './feature-row';

export interface WantedGrants {
  /** Codes: what is yes or no, and what has its value already. */
  features?: readonly string[] | undefined;
  grants?: readonly FeatureGrant[] | undefined;
}

export interface ResolvedGrants {
  features: string[];
  grants: FeatureGrant[];
  /** By code. */
  ids: ReadonlyMap<string, number>;
}

interface Known {
  id: number;
  kind: FeatureKind;
}
interface Wanted {
  pointer: string;
  code: string;
  grant: FeatureGrant | null;
}

/**
 * What a plan or an add-on is to give, each feature once and sorted by code; null where nothing is said. Both lists
 * together are the whole: a code alone keeps the value it has.
 * @throws AppError validation_failed at /features/<index> or /grants/<index>: a code that the company does not have, one
 *   without the value that its kind needs, a value that its kind does not take, a grant given twice
 */
export async function resolveGrants(
  tx: TenantTransaction,
  { features, grants }: WantedGrants,
  before: readonly FeatureGrant[],
): Promise<ResolvedGrants | null> {
  if (features === undefined && grants === undefined) {
    return null;
  }
  const wanted: Wanted[] = [
    ...(grants ?? []).map((grant, index) => ({ pointer: `/grants/${index}`, code: grant.feature, grant })),
    ...(features ?? []).map((code, index) => ({ pointer: `/features/${index}`, code, grant: null })),
  ];
  const known = await findKnown(tx, wanted);
  const resolved = new Map<string, FeatureGrant>();

  for (const one of wanted) {
    const given = resolved.get(one.code);

    if (given !== undefined && one.grant !== null) {
      throw refusal(one, `${one.code} is given twice.`);
    }
    const kept = given ?? before.find(({ feature }) => feature === one.code);
    const kind = known.get(one.code)?.kind ?? 'boolean';
    resolved.set(one.code, checkedGrant(one, kind, kept));
  }
  const sorted = [...resolved.values()].sort((left, right) => (left.feature < right.feature ? -1 : 1));

  return {
    features: sorted.map(({ feature }) => feature),
    grants: sorted,
    ids: new Map([...known].map(([code, { id }]) => [code, id])),
  };
}

/** As fields of a plan or an add-on that may have changed. */
export function grantChanges(resolved: ResolvedGrants | null): Partial<Pick<ResolvedGrants, 'features' | 'grants'>> {
  return resolved === null ? {} : { features: resolved.features, grants: resolved.grants };
}

function checkedGrant(wanted: Wanted, kind: FeatureKind, kept: FeatureGrant | undefined): FeatureGrant {
  const { code, grant } = wanted;

  if (kind === 'boolean') {
    if (grant !== null && (grant.value !== true || grant.perUnit)) {
      throw refusal(wanted, `${code} is there or not: it takes the value true alone.`, '/value');
    }

    return { feature: code, value: true, perUnit: false };
  }

  if (grant === null) {
    if (kept === undefined) {
      throw refusal(wanted, `${code} is a ${kind} feature: give its value in grants.`);
    }

    return kept;
  }

  if (grant.value === true) {
    throw refusal(wanted, `${code} is a ${kind} feature: it takes a number, or "unlimited".`, '/value');
  }

  return grant.value === 'unlimited' ? { ...grant, perUnit: false } : grant;
}

/** @throws AppError validation_failed naming each code that the company does not have */
async function findKnown(tx: TenantTransaction, wanted: readonly Wanted[]): Promise<Map<string, Known>> {
  const codes = [...new Set(wanted.map(({ code }) => code))];
  const rows =
    codes.length === 0
      ? []
      : await tx.orm.feature.findMany({
          where: { companyId: tx.companyId, code: { in: codes } },
          select: { id: true, code: true, kind: true },
        });
  const known = new Map(rows.map((row) => [row.code, { id: Number(row.id), kind: row.kind as FeatureKind }]));
  const errors = wanted.flatMap(({ pointer, code }) =>
    known.has(code) ? [] : [{ field: pointer, message: `There is no feature ${code}`, code: 'unknown_feature' }],
  );
  const [first] = errors;

  if (first !== undefined) {
    throw new AppError('validation_failed', { field: first.field, detail: `${first.message}.`, params: { errors } });
  }

  return known;
}

function refusal({ pointer }: Wanted, detail: string, member = ''): AppError {
  return new AppError('validation_failed', { field: `${pointer}${member}`, detail });
}
