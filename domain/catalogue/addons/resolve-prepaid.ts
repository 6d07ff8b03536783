import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { AddonRow } from './addon-row';

/**
 * The columns of what a top-up holds; empty where it holds none.
 * @throws AppError validation_failed on /prepaid for what has periods, meter_not_found and meter_not_prepayable on
 *   /prepaid/meter
 */
export async function resolvePrepaid(
  tx: TenantSql,
  {
    prepaid = null,
    billingPeriod,
  }: { prepaid?: AddonRow['prepaid'] | undefined; billingPeriod: AddonRow['billingPeriod'] },
) {
  if (prepaid === null) {
    return { prepaidMeterId: null, prepaidUnits: null, prepaidDays: null };
  }

  if (billingPeriod !== 'one_time') {
    throw new AppError('validation_failed', {
      field: '/prepaid',
      detail: 'Units are paid for once: an add-on with `prepaid` has the billing period one_time.',
    });
  }
  const { meter, units, expiresAfterDays } = prepaid;
  const [found] = await tx.query(
    z.object({ id: dbInteger, aggregation: z.string() }),
    Prisma.sql`SELECT id, aggregation FROM usage.meters WHERE company_id = ${tx.companyId}::bigint AND code = ${meter} AND status = 'active'`,
  );

  if (found === undefined) {
    throw new AppError('meter_not_found', { field: '/prepaid/meter', detail: `There is no active meter ${meter}.` });
  }

  if (found.aggregation !== 'sum' && found.aggregation !== 'count') {
    throw new AppError('meter_not_prepayable', {
      field: '/prepaid/meter',
      detail: `${meter} is read by ${found.aggregation}: only what is summed or counted can be drawn on.`,
    });
  }

  return { prepaidMeterId: found.id, prepaidUnits: units, prepaidDays: expiresAfterDays };
}
