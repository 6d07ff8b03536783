import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { type Ratio, subtractRatios, ZERO } from '../../money/ratio-rules';
import { readDraws } from './read-draws';

/** Of a top-up, exact. */
export interface UnitsLeft {
  readonly left: Ratio;
  readonly bought: Ratio;
}

/**
 * What a top-up holds unused at an instant at which it ends, or expires: that instant is no longer its own, also
 * before its row says that it ended, as in a preview. Null where it was
 * never paid for, or is none.
 * @param asked.at epoch milliseconds
 */
export async function readUnitsLeft(
  tx: TenantSql,
  asked: { userAddonId: number; at: number },
): Promise<UnitsLeft | null> {
  const [row] = await tx.query(
    z.object({ customerId: dbInteger, meterId: dbInteger }),
    Prisma.sql`
      SELECT customer_id AS "customerId", prepaid_meter_id AS "meterId" FROM ordering.user_addons
       WHERE company_id = ${tx.companyId}::bigint AND id = ${asked.userAddonId}::bigint AND prepaid_meter_id IS NOT NULL AND activated_at IS NOT NULL`,
  );

  if (row === undefined) {
    return null;
  }
  const { customerId, meterId } = row;
  const draws = (await readDraws(tx, { customerId, meterIds: [meterId], since: asked.at - 1, ending: asked })).get(
    meterId,
  );
  const topUp = draws?.topUps.find(({ id }) => id === asked.userAddonId);

  return draws === undefined || topUp === undefined
    ? null
    : { left: subtractRatios(topUp.units, draws.drawn.get(topUp.id) ?? ZERO), bought: topUp.of.bought };
}
