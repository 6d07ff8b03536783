import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { epochMs } from '../../../platform/db/epoch-ms';
import { addRatios, parseDecimal, type Ratio, ratio, subtractRatios, ZERO } from '../../money/ratio-rules';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { PriceModel } from '../../billing/pricing/price-model-types';
import { givenBackAt } from '../../billing/service-guard/given-back-service';
import { readUsageOfSpans } from '../read-usage';
import {
  type BilledTime,
  drawPrepaid,
  type DrawnSpan,
  spansToCount,
  type TopUp,
  topUpsThatCount,
} from './prepaid-draw-rules';

const TopUpRow = z.object({
  id: dbInteger,
  meterId: dbInteger,
  subscriptionId: dbInteger,
  addonId: dbInteger,
  name: z.string(),
  /** In each. */
  units: dbInteger,
  quantity: dbInteger,
  from: dbInteger,
  expiresAt: dbInteger.nullable(),
  endedAt: dbInteger.nullable(),
  /** Of all of them: a decimal, in text. */
  returned: z.string(),
});

/** When it expires, or was taken back or refunded as a whole before. */
const untilOf = ({ expiresAt, endedAt }: Pick<z.output<typeof TopUpRow>, 'expiresAt' | 'endedAt'>): number | null =>
  expiresAt === null || endedAt === null ? (expiresAt ?? endedAt) : Math.min(expiresAt, endedAt);

/** A top-up with what it is of; instants are epoch milliseconds. */
export type PaidTopUp = TopUp & {
  readonly of: Pick<
    z.output<typeof TopUpRow>,
    'subscriptionId' | 'addonId' | 'name' | 'quantity' | 'expiresAt' | 'endedAt'
  > & {
    /** All that were paid for, and what of it was given back with their money. */
    readonly bought: Ratio;
    readonly returned: Ratio;
  };
};

/** Of a customer, those that were paid for, whatever became of them, in that order; of each meter its own. */
async function readTopUps(
  tx: TenantSql,
  { customerId, meterIds }: { customerId: number; meterIds: readonly number[] },
): Promise<Map<number, PaidTopUp[]>> {
  const givenBack = givenBackAt(tx.companyId, {
    subscriptionId: Prisma.sql`u.subscription_id`,
    item: Prisma.sql`'addon/' || u.id`,
  });
  const rows = await tx.query(
    TopUpRow,
    Prisma.sql`
      SELECT u.id, u.prepaid_meter_id AS "meterId", u.subscription_id AS "subscriptionId", u.addon_id AS "addonId", u.addon_name AS name, u.prepaid_units AS units, u.quantity, ${epochMs('u.activated_at')} AS from,
             ${epochMs("(u.activated_at + u.prepaid_days * interval '24 hours')")} AS "expiresAt", (extract(epoch FROM least(u.ended_at, ${givenBack})) * 1000)::bigint AS "endedAt",
             coalesce(u.prepaid_returned, 0)::text AS returned
        FROM ordering.user_addons u
       WHERE u.company_id = ${tx.companyId}::bigint AND u.customer_id = ${customerId}::bigint
         AND u.prepaid_meter_id = ANY (${[...meterIds]}::bigint[]) AND u.activated_at IS NOT NULL
       ORDER BY u.id`,
  );
  const byMeter = new Map<number, PaidTopUp[]>();

  for (const { id, meterId, units, from, ...row } of rows) {
    const bought = ratio(BigInt(units) * BigInt(row.quantity));
    const of = { ...row, bought, returned: parseDecimal(row.returned) };
    const topUp = {
      id,
      units: subtractRatios(bought, of.returned),
      from,
      until: untilOf(row),
      expiresAt: row.expiresAt,
      of,
    };
    byMeter.set(meterId, [...(byMeter.get(meterId) ?? []), topUp]);
  }

  return byMeter;
}

/** A stretch that bills a meter, as the caller has it, in place of what the rows say of it. */
export interface BilledStretch {
  readonly item: string;
  readonly subscriptionId: number;
  readonly meterId: number;
  readonly service: InstantSpan;
  readonly price: PriceModel;
}

const BilledRow = z.object({
  subscriptionId: dbInteger,
  item: z.string(),
  startsAt: dbInteger,
  endsAt: dbInteger,
  price: z.custom<PriceModel>(),
});

/** Stretches of a customer's meter that are billed, or will be: those that were begun to be billed before those that run. */
async function readBilledTimes(
  tx: TenantSql,
  { customerId, meterId, stretches }: { customerId: number; meterId: number; stretches: readonly BilledStretch[] },
): Promise<BilledTime[]> {
  const running = (item: Prisma.Sql, row: Prisma.Sql): Prisma.Sql => Prisma.sql`
      SELECT ${item}, ${epochMs('x.metered_since')}, ${epochMs('x.current_period_end')}, m.meter -> 'price', 1
        FROM ${row} x, jsonb_array_elements(x.meters) AS m(meter)
       WHERE x.company_id = ${tx.companyId}::bigint AND x.customer_id = ${customerId}::bigint AND x.metered_since IS NOT NULL
         AND x.current_period_end > x.metered_since AND (m.meter ->> 'meterId')::bigint = ${meterId}::bigint`;
  const rows = await tx.query(
    BilledRow,
    Prisma.sql`
      SELECT p.subscription_id AS "subscriptionId", p.item, ${epochMs('p.starts_at')} AS "startsAt", ${epochMs('p.ends_at')} AS "endsAt", r.price, 0 AS nth
        FROM usage.metered_periods p
        JOIN usage.meter_prices r ON r.company_id = p.company_id AND r.id = p.meter_price_id
       WHERE p.company_id = ${tx.companyId}::bigint AND p.customer_id = ${customerId}::bigint AND p.meter_id = ${meterId}::bigint
       UNION ALL ${running(Prisma.sql`x.id, 'plan'`, Prisma.sql`ordering.subscriptions`)}
       UNION ALL ${running(Prisma.sql`x.subscription_id, 'addon/' || x.id`, Prisma.sql`ordering.user_addons`)}
       ORDER BY nth`,
  );
  const known = [...stretches.map(({ service, ...stretch }) => ({ ...stretch, ...service })), ...rows];
  const keyOf = ({ subscriptionId, item, startsAt }: (typeof known)[number]) => `${subscriptionId}/${item}/${startsAt}`;

  return known
    .filter((one, nth) => known.findIndex((other) => keyOf(other) === keyOf(one)) === nth)
    .map(({ startsAt, endsAt, price }) => ({
      startsAt,
      endsAt,
      freeUnits: price.freeUnits === undefined ? ZERO : parseDecimal(price.freeUnits),
      isPrepayable: price.model !== 'percentage',
    }));
}

/** What a customer's usage of a meter draws on top-ups, as far as it is known. */
export interface MeterDraws {
  readonly topUps: readonly PaidTopUp[];
  /** Of each top-up, by its id. */
  readonly drawn: ReadonlyMap<number, Ratio>;
  readonly spans: readonly DrawnSpan[];
}

/**
 * What a customer's usage has drawn on its top-ups by now, by meter; meters without top-ups are left out. Usage of each is
 * counted by one statement, so that what is covered and what is used are of one moment.
 * @param input.since epoch milliseconds: what was over by then and has no part in what came after is left out
 * @param input.stretches that the caller is about to bill, ends included
 * @param input.cuts instants that spans are cut at besides, so that `drawnWithin` can be asked of what begins there
 * @param input.ending a top-up that the caller is about to end, at epoch milliseconds, whatever its row says yet
 */
export async function readDraws(
  tx: TenantSql,
  {
    customerId,
    meterIds,
    since,
    stretches = [],
    cuts = [],
    ending = null,
  }: {
    customerId: number;
    meterIds: readonly number[];
    since: number;
    stretches?: readonly BilledStretch[];
    cuts?: readonly number[];
    ending?: { userAddonId: number; at: number } | null;
  },
): Promise<Map<number, MeterDraws>> {
  const draws = new Map<number, MeterDraws>();

  if (meterIds.length === 0) {
    return draws;
  }

  for (const [meterId, standing] of await readTopUps(tx, { customerId, meterIds })) {
    const paid = ending === null ? standing : standing.map((topUp) => endedAt(topUp, ending));
    const own = stretches.filter((stretch) => stretch.meterId === meterId);
    const billed = await readBilledTimes(tx, { customerId, meterId, stretches: own });
    const topUps = topUpsThatCount(paid, billed, since);
    const used = await readUsageOfSpans(tx, { customerId, meterId, spans: spansToCount(topUps, billed, cuts) });

    draws.set(meterId, { topUps, ...drawPrepaid(topUps, billed, used) });
  }

  return draws;
}

function endedAt(topUp: PaidTopUp, { userAddonId, at }: { userAddonId: number; at: number }): PaidTopUp {
  return topUp.id === userAddonId ? { ...topUp, until: Math.min(at, topUp.until ?? at) } : topUp;
}

/** What was used in a billed time, and what of it top-ups cover; null where none reaches it. */
export function drawnWithin({ spans }: MeterDraws, { startsAt, endsAt }: InstantSpan) {
  const within = spans.filter((span) => startsAt <= span.startsAt && span.startsAt < endsAt);
  const sum = (values: readonly Ratio[]) => values.reduce(addRatios, ZERO);

  return within.length === 0
    ? null
    : { used: sum(within.map(({ units }) => units)), covered: sum(within.map(({ covered }) => covered)) };
}

/** What is left of a top-up, as far as it can still be drawn on at an instant. */
export function leftAt({ drawn }: MeterDraws, { id, units, until }: TopUp, now: number): Ratio {
  return until !== null && until <= now ? ZERO : subtractRatios(units, drawn.get(id) ?? ZERO);
}
