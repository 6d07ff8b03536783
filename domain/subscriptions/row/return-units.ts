import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { divideRatios, formatExactDecimal, parseDecimal, type Ratio, ZERO } from '../../money/ratio-rules';
import { readUnitsLeft } from '../../usage/prepaid/read-units-left';
import { userAddonIdOf } from '../lifecycle/addon-rules';
import type { EffectOf } from '../lifecycle/decision-types';
import { isAddonKey } from '../lifecycle/item-rules';
import type { ItemKey } from '../lifecycle/subscription-types';

/** What is unused of a top-up is kept with its row as given up, so that usage which comes late draws on none of it. */
export async function returnUnits(tx: TenantSql, { item, at }: EffectOf<'return_units'>): Promise<void> {
  const userAddonId = userAddonIdOf(item);
  const units = await readUnitsLeft(tx, { userAddonId, at });

  if (units !== null) {
    await tx.write(
      Prisma.sql`UPDATE ordering.user_addons SET prepaid_returned = ${formatExactDecimal(units.left)}::numeric
                  WHERE company_id = ${tx.companyId}::bigint AND id = ${userAddonId}::bigint`,
    );
  }
}

/** What was given up of a top-up, as a share of all that was bought with it: 0 to 1. */
export async function readShareReturned(tx: TenantSql, item: ItemKey): Promise<Ratio> {
  if (!isAddonKey(item)) {
    return ZERO;
  }
  const [row] = await tx.query(
    z.object({ returned: z.string(), bought: z.string() }),
    Prisma.sql`
      SELECT coalesce(prepaid_returned, 0)::text AS returned, (prepaid_units * quantity)::text AS bought FROM ordering.user_addons
       WHERE company_id = ${tx.companyId}::bigint AND id = ${userAddonIdOf(item)}::bigint AND prepaid_units IS NOT NULL`,
  );

  return row === undefined ? ZERO : divideRatios(parseDecimal(row.returned), parseDecimal(row.bought));
}
