import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { type FeatureGrant, grantColumns, grantProblem } from './feature-grant';
import type { FeatureKind } from './feature-row';

export interface WantedGrants {
  /** Codes: what is yes or no, and what has its value already. */
  features?: readonly string[] | undefined;
  grants?: readonly FeatureGrant[] | undefined;
}

export interface ResolvedGrants {
  features: string[];
  grants: FeatureGrant[];
  /** The same as the rows of a plan or an add-on hold them. */
  rows: (ReturnType<typeof grantColumns> & { featureId: number })[];
}

interface Wanted {
  pointer: string;
  code: string;
  grant: FeatureGrant | null;
}

/** With the feature of that code. */
interface Found extends Wanted {
  id: number;
  kind: FeatureKind;
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
  const resolved = new Map<string, { id: number; grant: FeatureGrant }>();

  for (const one of await findFeatures(tx, wanted)) {
    const given = resolved.get(one.code)?.grant;

    if (given !== undefined && one.grant !== null) {
      throw refusal(one, `${one.code} is given twice.`);
    }
    const kept = given ?? before.find(({ feature }) => feature === one.code);
    resolved.set(one.code, { id: one.id, grant: checkedGrant(one, kept) });
  }
  const sorted = [...resolved.values()].sort((left, right) => (left.grant.feature < right.grant.feature ? -1 : 1));

  return {
    features: sorted.map(({ grant }) => grant.feature),
    grants: sorted.map(({ grant }) => grant),
    rows: sorted.map(({ id, grant }) => ({ featureId: id, ...grantColumns(grant) })),
  };
}

/** As fields of a plan or an add-on that may have changed. */
export function grantChanges(resolved: ResolvedGrants | null): Partial<Pick<ResolvedGrants, 'features' | 'grants'>> {
  return resolved === null ? {} : { features: resolved.features, grants: resolved.grants };
}

/**
 * The ids of features, each once.
 * @throws AppError validation_failed at /features/<index> for a code that the company does not have
 */
export async function requireFeatures(tx: TenantTransaction, codes: readonly string[]): Promise<number[]> {
  const wanted = codes.map((code, index) => ({ pointer: `/features/${index}`, code, grant: null }));

  return [...new Set((await findFeatures(tx, wanted)).map(({ id }) => id))];
}

function checkedGrant(wanted: Found, kept: FeatureGrant | undefined): FeatureGrant {
  const { code, kind, grant } = wanted;
  const problem = grant === null ? null : grantProblem(kind, grant);

  if (problem !== null) {
    throw refusal(wanted, problem, '/value');
  }

  if (kind === 'boolean') {
    return { feature: code, value: true, perUnit: false };
  }

  if (grant === null) {
    if (kept === undefined) {
      throw refusal(wanted, `${code} is a ${kind} feature: give its value in grants.`);
    }

    return kept;
  }

  return grant.value === 'unlimited' ? { ...grant, perUnit: false } : grant;
}

/** @throws AppError validation_failed naming each code that the company does not have */
async function findFeatures(tx: TenantTransaction, wanted: readonly Wanted[]): Promise<Found[]> {
  const codes = [...new Set(wanted.map(({ code }) => code))];
  const rows =
    codes.length === 0
      ? []
      : await tx.orm.feature.findMany({
          where: { companyId: tx.companyId, code: { in: codes } },
          select: { id: true, code: true, kind: true },
        });
  const known = new Map(rows.map((row) => [row.code, { id: Number(row.id), kind: row.kind as FeatureKind }]));
  const found: Found[] = [];
  const errors = [];

  for (const one of wanted) {
    const feature = known.get(one.code);

    if (feature === undefined) {
      errors.push({ field: one.pointer, message: `There is no feature ${one.code}`, code: 'unknown_feature' });
    } else {
      found.push({ ...one, ...feature });
    }
  }
  const [first] = errors;

  if (first !== undefined) {
    throw new AppError('validation_failed', { field: first.field, detail: `${first.message}.`, params: { errors } });
  }

  return found;
}

function refusal({ pointer }: Wanted, detail: string, member = ''): AppError {
  return new AppError('validation_failed', { field: `${pointer}${member}`, detail });
}
