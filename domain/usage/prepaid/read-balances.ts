import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { addRatios, formatExactDecimal, subtractRatios, ZERO } from '../../money/ratio-rules';
import { readMeterByCode } from '../meters/read-meters';
import { readUsageAccount } from '../usage-account';
import { leftAt, type MeterDraws, type PaidTopUp, readDraws } from './read-draws';

/** Of one meter, those that were paid for last. */
const mostTopUps = 100;

const MeterName = z.object({ id: dbInteger, code: z.string(), name: z.string() });

/**
 * What a customer bought ahead of meters, and what is left of it now.
 * @param asked.meter the code of one; all that were ever topped up when absent
 * @param asked.isAll also what has expired or was removed
 * @throws AppError not_found for the customer, meter_not_found
 */
export async function readBalances(
  tx: TenantSql,
  asked: { customerId: number; meter?: string | undefined; isAll: boolean; now: Date },
) {
  const { customerId, meter, isAll } = asked;
  const { timeZone, clockNow } = await readUsageAccount(tx, customerId);
  const now = (clockNow ?? asked.now).getTime();
  const meterId = meter === undefined ? null : (await readMeterByCode(tx, meter, 'meter')).id;
  const meters = await tx.query(
    MeterName,
    Prisma.sql`
      SELECT m.id, m.code, m.name FROM usage.meters m
       WHERE m.company_id = ${tx.companyId}::bigint AND (${meterId}::bigint IS NULL OR m.id = ${meterId}::bigint)
         AND EXISTS (SELECT FROM ordering.user_addons u WHERE u.company_id = m.company_id AND u.prepaid_meter_id = m.id
                        AND u.customer_id = ${customerId}::bigint AND u.activated_at IS NOT NULL)
       ORDER BY m.id`,
  );
  const draws = await readDraws(tx, {
    customerId,
    meterIds: meters.map(({ id }) => id),
    since: isAll ? 0 : now,
  });
  const isCurrent = ({ until }: PaidTopUp) => until === null || until > now;
  const written = (at: number | null) => (at === null ? null : formatInstant(new Date(at), timeZone));

  return {
    customerId,
    at: formatInstant(new Date(now), timeZone),
    balances: meters.flatMap(({ id, code, name }) => {
      const of = draws.get(id);
      const shown = of?.topUps.filter((topUp) => isAll || isCurrent(topUp)).slice(-mostTopUps) ?? [];

      return of === undefined || (shown.length === 0 && !isAll)
        ? []
        : [{ meter: code, meterId: id, name, left: totalLeft(of), topUps: shown.map((one) => viewTopUp(of, one)) }];
    }),
  };

  function totalLeft(of: MeterDraws): string {
    return formatExactDecimal(of.topUps.reduce((sum, one) => addRatios(sum, leftAt(of, one, now)), ZERO));
  }

  function viewTopUp(of: MeterDraws, topUp: PaidTopUp) {
    const { subscriptionId, addonId, name, quantity, expiresAt, endedAt, bought, returned } = topUp.of;
    const used = of.drawn.get(topUp.id) ?? ZERO;
    const left = leftAt(of, topUp, now);

    return {
      userAddonId: topUp.id,
      subscriptionId,
      addonId,
      name,
      quantity,
      bought: formatExactDecimal(bought),
      used: formatExactDecimal(used),
      left: formatExactDecimal(left),
      lost: formatExactDecimal(subtractRatios(subtractRatios(topUp.units, used), left)),
      returned: formatExactDecimal(returned),
      validFrom: written(topUp.from),
      expiresAt: written(expiresAt),
      endedAt: written(endedAt),
    };
  }
}
