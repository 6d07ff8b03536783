import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { entryTaken } from '../entry-taken';
import type { FeatureFields, FeatureRow } from './feature-row';
import { findFeature, readFeature } from './read-feature';
import { searchTextOf } from '../../search/search-rules';

export type NewFeature = Pick<FeatureFields, 'code' | 'name'> &
  Partial<FeatureFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
  };

/**
 * Adds something that plans and add-ons can unlock.
 * @throws AppError already_exists on /code; validation_failed on /meter and /unit; meter_not_found
 */
export async function createFeature(
  tx: TenantTransaction,
  input: { feature: NewFeature; now: Date },
): Promise<FeatureRow> {
  const { feature, now } = input;
  const kind = await kindColumns(tx, feature);
  const [created] = await tx.orm.feature.createManyAndReturn({
    data: [
      {
        ...(feature.id === undefined ? {} : { id: feature.id }),
        companyId: tx.companyId,
        code: feature.code,
        name: feature.name,
        description: feature.description ?? null,
        ...kind,
        searchText: searchTextOf([feature.name, feature.code]),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return findRepeated(tx, feature);
  }

  const row = await readFeature(tx, Number(created.id));
  await appendEvents(tx, {
    subject: `feature/${row.id}`,
    events: [{ type: 'feature.created', payload: featurePayload(row) }],
    now,
  });

  return row;
}

/** What feature.created and feature.updated tell. */
export function featurePayload(row: FeatureRow): Record<string, unknown> {
  const { id, code, name, kind, unit, meter, status } = row;

  return { id, code, name, kind, unit, meter, status };
}

async function kindColumns(tx: TenantTransaction, { kind = 'boolean', unit = null, meter = null }: NewFeature) {
  if ((kind === 'metered') !== (meter !== null)) {
    throw new AppError('validation_failed', {
      field: '/meter',
      detail: kind === 'metered' ? 'Name the meter whose usage draws it down.' : `A ${kind} feature has no meter.`,
    });
  }

  if (kind === 'boolean' && unit !== null) {
    throw unitOfBoolean();
  }

  if (meter === null) {
    return { kind, unit, meterId: null };
  }
  const [found] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`SELECT id FROM usage.meters WHERE company_id = ${tx.companyId}::bigint AND code = ${meter} AND status = 'active'`,
  );

  if (found === undefined) {
    throw new AppError('meter_not_found', { field: '/meter', detail: `There is no active meter ${meter}.` });
  }

  return { kind, unit, meterId: found.id };
}

/** What is there or not is not counted. */
export function unitOfBoolean(): AppError {
  return new AppError('validation_failed', { field: '/unit', detail: 'A boolean feature has no unit.' });
}

async function findRepeated(tx: TenantTransaction, feature: NewFeature): Promise<FeatureRow> {
  const own = feature.id === undefined ? null : await findFeature(tx, feature.id);

  if (own !== null) {
    return own;
  }

  const holder = await tx.orm.feature.findUnique({
    where: { companyId_code: { companyId: tx.companyId, code: feature.code } },
    select: { id: true, status: true },
  });

  throw entryTaken('feature', 'code', holder && { id: holder.id, isArchived: holder.status === 'archived' });
}
