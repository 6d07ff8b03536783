import { z } from 'zod';

import { dbInstant, dbInteger, dbJson } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { formatInstant, zoneInstants } from '../../platform/instant';
import { type EventType, synonymOf } from './event-types';

export const EventRow = z.object({
  id: dbInteger,
  subject: z.string(),
  subjectSeq: z.number().int(),
  type: z.string(),
  payload: dbJson,
  occurredAt: dbInstant,
  /** Global order in which events were published; null until the dispatcher has come by. */
  position: dbInteger.nullable(),
});
export type EventRow = z.output<typeof EventRow>;

export interface EventFilter {
  /** Such as `order/1042`. */
  subject?: string | undefined;
  type?: EventType | undefined;
}

/**
 * Events of the company by id, up to `limit` after one. For people: ids of one subject rise as its events happen, but
 * across subjects an event may appear below an id that was read before. Programs follow `position` instead (D7).
 */
export async function listEvents(
  tx: TenantSql,
  input: { filter: EventFilter; after: number; limit: number },
): Promise<EventRow[]> {
  const { filter, after, limit } = input;
  const conditions = [
    Prisma.sql`e.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`e.id > ${after}::bigint`,
    ...(filter.subject === undefined ? [] : [Prisma.sql`e.subject = ${filter.subject}`]),
    ...(filter.type === undefined ? [] : [Prisma.sql`e.type = ${filter.type}`]),
  ];

  return tx.query(
    EventRow,
    Prisma.sql`
      SELECT e.id, e.subject, e.subject_seq AS "subjectSeq", e.type, e.payload, e.occurred_at AS "occurredAt", e.position
        FROM platform.events e WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY e.id LIMIT ${limit}`,
  );
}

/** An event as the API shows it. @param timeZone of the company */
export function viewEvent(row: EventRow, timeZone: string) {
  return {
    id: row.id,
    subject: row.subject,
    subjectSeq: row.subjectSeq,
    type: row.type,
    synonym: synonymOf(row.type as EventType),
    payload: zoneInstants(row.payload, timeZone),
    occurredAt: formatInstant(row.occurredAt, timeZone),
    position: row.position,
  };
}
