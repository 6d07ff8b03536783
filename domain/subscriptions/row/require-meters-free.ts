import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { AgreedMeter } from '../../usage/prices/agreed-meter';
import type { ItemKey } from '../lifecycle/subscription-types';

interface Wanted {
  customerId: number;
  /** What the meters are to be billed by; its own terms do not count. */
  by: { subscriptionId: number; item: ItemKey | null };
  meters: readonly AgreedMeter[];
  /** of the request */
  field: string;
  /** Others who ask the same of this customer wait until the transaction ends; not where nothing is written. */
  isHeld: boolean;
}

const Holder = z.object({ meterId: dbInteger, subscriptionId: dbInteger });

/**
 * What a customer uses of a meter is billed by one plan or add-on at a time, so that nothing is billed twice.
 * @throws AppError meter_billed_elsewhere
 */
export async function requireMetersFree(
  tx: TenantSql,
  { customerId, by: { subscriptionId, item }, meters, field, isHeld }: Wanted,
): Promise<void> {
  if (meters.length === 0) {
    return;
  }
  const twice = meters.find(({ meterId }, nth) => meters.findIndex((one) => one.meterId === meterId) < nth);

  if (twice !== undefined) {
    throw billedElsewhere(field, `${twice.meterName} is billed by more than one of these; buy one of them.`);
  }

  if (isHeld) {
    await tx.write(
      Prisma.sql`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('meters of customer ' || ${tx.companyId}::bigint || '/' || ${customerId}::bigint, 0))`,
    );
  }
  const [holder] = await tx.query(
    Holder,
    Prisma.sql`
      WITH held AS (
        SELECT s.id AS subscription_id, m.meter
          FROM ordering.subscriptions s, jsonb_array_elements(s.meters) AS m(meter)
         WHERE s.company_id = ${tx.companyId}::bigint AND s.customer_id = ${customerId}::bigint AND s.status NOT IN ('cancelled', 'expired')
           AND NOT (s.id = ${subscriptionId}::bigint AND ${item === 'plan'}::boolean)
        UNION ALL
        SELECT s.id, m.meter
          FROM ordering.subscriptions s, jsonb_path_query(s.waiting_changes, '$[*].terms.meters[*]') AS m(meter)
         WHERE s.company_id = ${tx.companyId}::bigint AND s.customer_id = ${customerId}::bigint AND s.status NOT IN ('cancelled', 'expired')
           AND NOT (s.id = ${subscriptionId}::bigint AND ${item === 'plan'}::boolean)
        UNION ALL
        SELECT u.subscription_id, m.meter
          FROM ordering.user_addons u, jsonb_array_elements(u.meters) AS m(meter)
         WHERE u.company_id = ${tx.companyId}::bigint AND u.customer_id = ${customerId}::bigint AND u.status IN ('pending', 'active'))
      SELECT (h.meter ->> 'meterId')::bigint AS "meterId", h.subscription_id AS "subscriptionId" FROM held h
       WHERE (h.meter ->> 'meterId')::bigint = ANY (${meters.map(({ meterId }) => meterId)}::bigint[]) LIMIT 1`,
  );

  if (holder !== undefined) {
    const { meterName } = meters.find(({ meterId }) => meterId === holder.meterId) as AgreedMeter;

    throw billedElsewhere(
      field,
      `The customer's ${meterName} is billed by subscription ${holder.subscriptionId} already.`,
    );
  }
}

const billedElsewhere = (field: string, detail: string) => new AppError('meter_billed_elsewhere', { field, detail });
