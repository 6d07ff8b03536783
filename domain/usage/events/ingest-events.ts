import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { epochMs } from '../../../platform/db/epoch-ms';
import { inputErrors, pointerTo } from '../../input-schema';
import { plainIssue } from '../../plain-issue';
import { valueProperty } from '../meters/meter-types';
import { noteLooks, watchedSubscriptionsJson } from '../thresholds/threshold-looks';
import {
  type EndedMetering,
  type EventCustomer,
  type EventMeter,
  type ReadEvent,
  type Rejection,
  rejectionOf,
} from './usage-event-rules';
import { UsageEvent } from './usage-event-schema';

/** What became of one event of a batch, by its place in it. */
export type EventResult = { readonly index: number; readonly id: string | null } & (
  { readonly status: 'accepted' | 'duplicate' } | ({ readonly status: 'rejected' } & Rejection)
);

interface Sent {
  readonly index: number;
  readonly event: ReadEvent;
}

/**
 * Records a batch of usage: each event for itself, by one statement for all of them. What is wrong with one is said of it
 * and leaves the others alone. What was recorded before under the same id is a duplicate when it says the same, also when
 * its meter is gone by now, and is refused when it says something else; nothing that is recorded ever changes. Subscriptions
 * with a threshold that it may bring about are noted with it.
 * @param input.events as they came
 * @returns a result for each, in the order given
 */
export async function ingestEvents(
  tx: TenantSql,
  input: { events: readonly unknown[]; now: Date },
): Promise<EventResult[]> {
  const results = new Map<number, EventResult>();
  const readable: Sent[] = [];

  for (const [index, given] of input.events.entries()) {
    const read = readEvent(given);

    if ('rejection' in read) {
      results.set(index, { index, id: idOf(given), status: 'rejected', ...placed(index, read.rejection) });
    } else {
      readable.push({ index, event: read.event });
    }
  }
  if (readable.length > 0) {
    for (const result of await record(tx, readable, input.now)) {
      results.set(result.index, result);
    }
  }

  return input.events.map((_, index) => results.get(index) as EventResult);
}

async function record(tx: TenantSql, sent: readonly Sent[], now: Date): Promise<EventResult[]> {
  const context = await readContext(tx, sent, now);
  const judged = sent.map(({ index, event }) => {
    const meters = context.metersOf.get(event.event) ?? [];
    const rejection = rejectionOf(event, { meters, customer: context.customerOf.get(event.customerId) ?? null });

    return { index, event, rejection };
  });
  const written = await insertEvents(
    tx,
    judged.filter(({ rejection }) => rejection === null),
    context,
  );
  // The first of those that share an id is the one that was written.
  const accepted = new Set<number>();

  for (const { index, event, rejection } of judged) {
    if (rejection === null && written.delete(event.id)) {
      accepted.add(index);
    }
  }
  const recorded = await compareRecorded(
    tx,
    judged.filter(({ index }) => !accepted.has(index)),
  );

  return judged.map(({ index, event: { id }, rejection }): EventResult => {
    if (accepted.has(index)) {
      return { index, id, status: 'accepted' };
    }
    if (recorded.get(index) === true) {
      return { index, id, status: 'duplicate' };
    }

    return { index, id, status: 'rejected', ...placed(index, rejection ?? idTaken(id)) };
  });
}

const idTaken = (id: string): Rejection => ({
  code: 'usage_id_taken',
  field: '/id',
  detail: `Another event is recorded as ${id}.`,
});

function readEvent(given: unknown): { event: ReadEvent } | { rejection: Rejection } {
  const parsed = UsageEvent.safeParse(given, { error: plainIssue });

  if (!parsed.success) {
    const [first] = parsed.error.issues.flatMap((issue) => inputErrors(issue, pointerTo));
    const { field = '', message = 'is not valid' } = first ?? {};

    return {
      rejection: { code: 'validation_failed', field, detail: `${field === '' ? 'The event' : field} ${message}` },
    };
  }
  const { id, event, customerId, timestamp, value, properties = {} } = parsed.data;

  if (value !== undefined && Object.hasOwn(properties, valueProperty)) {
    const detail = 'The event has its value twice: send `value` or `properties.value`.';

    return { rejection: { code: 'validation_failed', field: '/value', detail } };
  }

  return {
    event: {
      id,
      event,
      customerId,
      at: Date.parse(timestamp),
      properties: value === undefined ? properties : { ...properties, [valueProperty]: value },
    },
  };
}

function idOf(given: unknown): string | null {
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : null;

  return typeof id === 'string' ? id.slice(0, 255) : null;
}

const placed = (index: number, rejection: Rejection): Rejection => ({
  ...rejection,
  field: `/events/${index}${rejection.field}`,
});

const Context = z.object({
  meters: z.array(z.custom<EventMeter & { eventName: string }>()),
  customers: z.array(z.object({ id: dbInteger, now: z.string().nullable(), watched: z.array(z.number()).nullable() })),
  ended: z.array(z.custom<EndedMetering & { customerId: number; isSubscribed: boolean }>()),
});

/**
 * The meters and customers that a batch names; a customer on a test clock has a now of its own, some a threshold. What has
 * ended is asked for all customers at once, and whether one has another subscription only where one has ended: most have none.
 */
async function readContext(tx: TenantSql, sent: readonly Sent[], now: Date) {
  const names = [...new Set(sent.map(({ event }) => event.event))];
  const customerIds = [...new Set(sent.map(({ event }) => event.customerId))];
  const [row] = await tx.query(
    Context,
    Prisma.sql`
      SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'eventName', m.event_name, 'code', m.code, 'aggregation', m.aggregation,
                       'property', m.property, 'filters', m.filters) ORDER BY m.id), '[]')
                FROM usage.meters m
               WHERE m.company_id = ${tx.companyId}::bigint AND m.status = 'active' AND m.event_name = ANY (${names}::text[])) AS meters,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'now', k.now, 'watched', ${watchedSubscriptionsJson(tx.companyId)})), '[]')
                FROM customer.customers c LEFT JOIN ordering.test_clocks k ON k.company_id = c.company_id AND k.id = c.test_clock_id
               WHERE c.company_id = ${tx.companyId}::bigint AND c.id = ANY (${customerIds}::bigint[])) AS customers,
             (SELECT coalesce(jsonb_agg(to_jsonb(e)), '[]') FROM (
                SELECT s.customer_id AS "customerId", p.meter_id AS "meterId", ${epochMs('min(p.starts_at)')} AS "startsAt",
                       ${epochMs('s.ended_at')} AS "endedAt", EXISTS (
                         SELECT FROM ordering.subscriptions o
                          WHERE o.company_id = s.company_id AND o.customer_id = s.customer_id AND o.status NOT IN ('cancelled', 'expired')
                       ) AS "isSubscribed"
                  FROM ordering.subscriptions s
                  JOIN usage.metered_periods p ON p.company_id = s.company_id AND p.subscription_id = s.id
                 WHERE s.company_id = ${tx.companyId}::bigint AND s.customer_id = ANY (${customerIds}::bigint[])
                   AND s.status IN ('cancelled', 'expired') AND s.ended_at IS NOT NULL
                 GROUP BY s.company_id, s.customer_id, s.id, s.ended_at, p.meter_id) e) AS ended`,
  );
  const { meters, customers, ended } = row as z.output<typeof Context>;

  return {
    metersOf: new Map(names.map((name) => [name, meters.filter(({ eventName }) => eventName === name)])),
    customerOf: new Map(
      customers.map(({ id, now: clock }): [number, EventCustomer] => {
        const of = ended.filter(({ customerId }) => customerId === id);

        return [
          id,
          {
            now: clock === null ? now.getTime() : Date.parse(clock),
            isSubscribed: of.some(({ isSubscribed }) => isSubscribed),
            ended: of,
          },
        ];
      }),
    ),
    watchedOf: new Map(customers.flatMap(({ id, watched }) => (watched === null ? [] : [[id, watched] as const]))),
  };
}

const Written = z.object({ count: dbInteger, ids: z.array(z.string()).nullable() });

/** By id, so that batches that share ids wait for one another in one order. @returns the ids that were not there yet */
async function insertEvents(
  tx: TenantSql,
  sent: readonly Sent[],
  { customerOf, watchedOf }: Pick<Awaited<ReturnType<typeof readContext>>, 'customerOf' | 'watchedOf'>,
): Promise<Set<string>> {
  if (sent.length === 0) {
    return new Set();
  }
  const recordedAt = new Map([...customerOf].map(([id, { now }]) => [id, new Date(now).toISOString()]));
  const rows = sent.map(({ event }) => ({ ...jsonOf(event), recordedAt: recordedAt.get(event.customerId) }));
  const watched = new Set(sent.flatMap(({ event }) => watchedOf.get(event.customerId) ?? []));
  const noting = watched.size === 0 ? Prisma.empty : Prisma.sql`, noted AS (${noteLooks(tx.companyId, [...watched])})`;
  const [written] = await tx.query(
    Written,
    Prisma.sql`
      WITH written AS (
      INSERT INTO usage.events (company_id, event_id, event_name, customer_id, occurred_at, properties, recorded_at)
      SELECT ${tx.companyId}::bigint, e.id, e.event, e."customerId", e.at, e.properties, e."recordedAt"
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
             AS e(id text, event text, "customerId" bigint, at timestamptz(3), properties jsonb, "recordedAt" timestamptz(3))
       ORDER BY e.id COLLATE "C"
          ON CONFLICT (company_id, event_id) DO NOTHING
      RETURNING event_id)${noting}
      SELECT count(*), CASE WHEN count(*) < ${sent.length}::int THEN array_agg(w.event_id) END AS ids FROM written w`,
  );

  return new Set(written?.count === sent.length ? sent.map(({ event }) => event.id) : written?.ids);
}

const Compared = z.object({ index: dbInteger, same: z.boolean() });

/** Of those that have a recorded event of their id: whether it says the same. */
async function compareRecorded(tx: TenantSql, sent: readonly Sent[]): Promise<Map<number, boolean>> {
  if (sent.length === 0) {
    return new Map();
  }
  const rows = sent.map(({ index, event }) => ({ index, ...jsonOf(event) }));
  const compared = await tx.query(
    Compared,
    Prisma.sql`
      SELECT e.index, (u.event_name, u.customer_id, u.occurred_at, u.properties) = (e.event, e."customerId", e.at, e.properties) AS same
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
             AS e(index integer, id text, event text, "customerId" bigint, at timestamptz(3), properties jsonb)
        JOIN usage.events u ON u.company_id = ${tx.companyId}::bigint AND u.event_id = e.id`,
  );

  return new Map(compared.map(({ index, same }) => [index, same]));
}

const jsonOf = (event: ReadEvent) => ({ ...event, at: new Date(event.at).toISOString() });
