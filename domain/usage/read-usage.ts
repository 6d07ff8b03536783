import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { parseDecimal, type Ratio, ZERO } from '../money/ratio-rules';
import { aggregations } from './meters/meter-types';

/** Usage of one customer in [from, to), by when it was used. */
export interface UsageSpan {
  readonly customerId: number;
  readonly from: Date;
  readonly to: Date;
}

const MeterUsage = z.object({
  meterId: dbInteger,
  code: z.string(),
  aggregation: z.enum(aggregations),
  /** By the meter's aggregation, as exact decimal text; '0' when nothing was used. */
  quantity: z.string(),
  /** Those that were counted. */
  events: dbInteger,
  /** Those of them that arrived when the span was over. */
  lateEvents: dbInteger,
  lastEventAt: dbInstant.nullable(),
});
export type MeterUsage = z.output<typeof MeterUsage>;

/** What a meter reads of an event, as the rules of ingest take it (usage-event-rules.ts); null of anything else. */
const decimalRead = Prisma.sql`
  CASE jsonb_typeof(e.properties -> m.property)
    WHEN 'number' THEN (e.properties -> m.property)::numeric
    WHEN 'string' THEN CASE WHEN e.properties ->> m.property ~ '^-?[0-9]{1,15}([.][0-9]{1,12})?$' THEN (e.properties ->> m.property)::numeric END
  END`;

/** The events of [from, to) that a meter `m` counts. */
const countedWithin = (tx: TenantSql, customerId: number, from: Prisma.Sql, to: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT e.event_id, e.occurred_at, e.recorded_at, e.properties ->> m.property AS word,
         CASE WHEN m.aggregation IN ('sum', 'max', 'last') THEN ${decimalRead} END AS amount
    FROM usage.events e
   WHERE e.company_id = ${tx.companyId}::bigint AND e.customer_id = ${customerId}::bigint AND e.event_name = m.event_name
     AND e.occurred_at >= ${from} AND e.occurred_at < ${to}
     AND (m.filters = '{}'::jsonb OR NOT EXISTS (
           SELECT FROM jsonb_each(m.filters) f WHERE NOT coalesce(jsonb_exists(f.value, e.properties ->> f.key), false)))
     AND CASE m.aggregation WHEN 'count' THEN true WHEN 'unique_count' THEN e.properties ->> m.property IS NOT NULL
              ELSE ${decimalRead} IS NOT NULL END`;

const counted = (tx: TenantSql, { customerId, from, to }: UsageSpan): Prisma.Sql =>
  countedWithin(tx, customerId, Prisma.sql`${from}::timestamptz`, Prisma.sql`${to}::timestamptz`);

/**
 * What a customer used by each of some meters at this moment. The order in which events came, and in what batches, makes no
 * difference: `last` is the latest by its own time, of one instant the one with the greatest id.
 * @param meterIds null for all active meters, at most 100 of them, in the order in which they were made
 */
export function readMeterUsages(
  tx: TenantSql,
  span: UsageSpan,
  meterIds: readonly number[] | null,
): Promise<MeterUsage[]> {
  const which =
    meterIds === null ? Prisma.sql`m.status = 'active'` : Prisma.sql`m.id = ANY (${[...meterIds]}::bigint[])`;

  return tx.query(
    MeterUsage,
    Prisma.sql`
      SELECT m.id AS "meterId", m.code, m.aggregation, u.*
        FROM (SELECT * FROM usage.meters m WHERE m.company_id = ${tx.companyId}::bigint AND ${which} ORDER BY m.id LIMIT 100) m
       CROSS JOIN LATERAL (
             SELECT trim_scale(coalesce(CASE m.aggregation
                        WHEN 'count' THEN count(*)
                        WHEN 'sum' THEN sum(c.amount) FILTER (WHERE m.aggregation = 'sum')
                        WHEN 'max' THEN max(c.amount) FILTER (WHERE m.aggregation = 'max')
                        WHEN 'unique_count' THEN count(DISTINCT c.word) FILTER (WHERE m.aggregation = 'unique_count')
                        WHEN 'last' THEN (array_agg(c.amount ORDER BY c.occurred_at DESC, c.event_id DESC) FILTER (WHERE m.aggregation = 'last'))[1]
                      END, 0))::text AS quantity,
                    count(*) AS events, count(*) FILTER (WHERE c.recorded_at >= ${span.to}::timestamptz) AS "lateEvents",
                    max(c.occurred_at) AS "lastEventAt"
               FROM (${counted(tx, span)}) c) u
       ORDER BY m.id`,
  );
}

/** What a customer used by one meter in [from, to), exactly; 0 when nothing was. */
export async function readUsage(tx: TenantSql, { meterId, ...span }: UsageSpan & { meterId: number }): Promise<Ratio> {
  const [usage] = await readMeterUsages(tx, span, [meterId]);

  return parseDecimal(usage?.quantity ?? '0');
}

const RunningSum = z.object({ sum: z.string() });

/** The running sums of a meter's first events of a span, in the order of their time: what frees events of a percentage. */
export async function readRunningSums(
  tx: TenantSql,
  { meterId, first, ...span }: UsageSpan & { meterId: number; first: number },
): Promise<Ratio[]> {
  const rows = await tx.query(
    RunningSum,
    Prisma.sql`
      SELECT sum(c.amount) OVER (ORDER BY c.occurred_at, c.event_id)::text AS sum
        FROM usage.meters m CROSS JOIN LATERAL (${counted(tx, span)}) c
       WHERE m.company_id = ${tx.companyId}::bigint AND m.id = ${meterId}::bigint
       ORDER BY c.occurred_at, c.event_id LIMIT ${first}::int`,
  );

  return rows.map(({ sum }) => parseDecimal(sum));
}

const SpanUsage = z.object({ nth: dbInteger, units: z.string() });

/**
 * What a customer used of a meter that counts or sums, in each of several spans, all at one moment.
 * @param input.spans epoch milliseconds; `endsAt` null: open
 */
export async function readUsageOfSpans<Span extends { readonly startsAt: number; readonly endsAt: number | null }>(
  tx: TenantSql,
  { customerId, meterId, spans }: { customerId: number; meterId: number; spans: readonly Span[] },
): Promise<(Span & { units: Ratio })[]> {
  const iso = (at: number | null) => (at === null ? 'infinity' : new Date(at).toISOString());
  const asked = spans.map(({ startsAt, endsAt }, nth) => ({ nth, from: iso(startsAt), to: iso(endsAt) }));
  const rows =
    asked.length === 0
      ? []
      : await tx.query(
          SpanUsage,
          Prisma.sql`
            SELECT s.nth, u.units
              FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS s(nth integer, "from" timestamptz, "to" timestamptz)
              JOIN usage.meters m ON m.company_id = ${tx.companyId}::bigint AND m.id = ${meterId}::bigint
             CROSS JOIN LATERAL (
                   SELECT trim_scale(coalesce(CASE m.aggregation WHEN 'count' THEN count(*) WHEN 'sum' THEN sum(c.amount) END, 0))::text AS units
                     FROM (${countedWithin(tx, customerId, Prisma.sql`s."from"`, Prisma.sql`s."to"`)}) c) u`,
        );
  const units = new Map(rows.map((row) => [row.nth, parseDecimal(row.units)]));

  return spans.map((span, nth) => ({ ...span, units: units.get(nth) ?? ZERO }));
}
