import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { type FeatureGrant, grantColumns, grantProblem } from '../../catalogue/features/feature-grant';
import { type FeatureKind, featureKinds } from '../../catalogue/features/feature-row';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { lockTold, tellEntitlements } from '../tell-entitlements';
import { endOverrides } from './end-override';
import { type OverrideRow, viewOverride } from './override-row';
import { findOverride, readOverride } from './read-overrides';

export interface NewOverride {
  /** Reserved beforehand, so that a repeat finds its own row (D2). */
  id: number;
  customerId: number;
  feature: string;
  effect: 'grant' | 'deny';
  /** How much is granted; of a boolean feature it may be left out. */
  value: FeatureGrant['value'] | null;
  /** ISO 8601; null: until it is removed. */
  validUntil: string | null;
  reason: string;
  userId: number | null;
}

/**
 * Gives or denies one customer a feature, whatever its subscriptions give: the one before it for the same feature ends. The
 * customer's time counts (D26).
 * @throws AppError not_found for the customer; feature_not_found; validation_failed on /value; invalid_date_sequence
 */
export async function createOverride(tx: TenantSql, wanted: NewOverride, realNow: Date): Promise<OverrideRow> {
  const known = await findOverride(tx, wanted.id);

  if (known !== null) {
    return known;
  }
  const { customerId } = wanted;
  const now = await lockTold(tx, { customerId, now: realNow });
  const feature = await findFeature(tx, wanted.feature);
  const { valueLimit, isUnlimited } = grantColumns(checkedGrant(wanted, feature.kind));

  if (wanted.validUntil !== null && Date.parse(wanted.validUntil) <= now.getTime()) {
    throw new AppError('invalid_date_sequence', {
      field: '/validUntil',
      detail: `It must be later than the customer's time, ${now.toISOString()}.`,
    });
  }
  await endOverrides(tx, { customerId, featureId: feature.id, reason: 'replaced', userId: wanted.userId, now });
  await tx.write(Prisma.sql`
      INSERT INTO ordering.entitlement_overrides (id, company_id, customer_id, feature_id, effect, value_limit, is_unlimited, reason,
        valid_until, created_by, created_at)
      VALUES (${wanted.id}::bigint, ${tx.companyId}::bigint, ${customerId}::bigint, ${feature.id}::bigint, ${wanted.effect}, ${valueLimit}::bigint,
        ${isUnlimited}::boolean, ${wanted.reason}, ${wanted.validUntil}::timestamptz, ${wanted.userId}::bigint, ${now}::timestamptz)`);
  const created = await readOverride(tx, wanted);
  await appendEvents(tx, {
    subject: `customer/${customerId}`,
    events: [{ type: 'entitlement.override.created', payload: viewOverride(created) }],
    now,
  });
  await tellEntitlements(tx, { customerId, now: realNow });

  return created;
}

async function findFeature(tx: TenantSql, code: string) {
  const [feature] = await tx.query(
    z.object({ id: dbInteger, kind: z.enum(featureKinds) }),
    Prisma.sql`SELECT id, kind FROM product.features WHERE company_id = ${tx.companyId}::bigint AND code = ${code}`,
  );

  if (feature === undefined) {
    throw new AppError('feature_not_found', { field: '/feature', detail: `There is no feature ${code}.` });
  }

  return feature;
}

/** What is written: of one that denies, no number. */
function checkedGrant({ effect, value, feature }: NewOverride, kind: FeatureKind): FeatureGrant {
  const refuse = (detail: string) => new AppError('validation_failed', { field: '/value', detail });
  const grant: FeatureGrant = { feature, value: value ?? true, perUnit: false };

  if (effect === 'deny') {
    if (value !== null) {
      throw refuse('What is denied has no value.');
    }

    return grant;
  }
  const problem = grantProblem(kind, grant);

  if (problem !== null) {
    throw refuse(problem);
  }

  return grant;
}
