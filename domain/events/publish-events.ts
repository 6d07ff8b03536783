import { z } from 'zod';

import { dbInstant, dbInteger, dbJson } from '../../platform/db/columns';
import { Prisma, type SystemConnection } from '../../platform/db/database';

export const PublishedEvent = z
  .object({
    position: dbInteger,
    company_id: dbInteger,
    subject: z.string(),
    subject_seq: z.number().int(),
    type: z.string(),
    payload: dbJson,
    occurred_at: dbInstant,
  })
  .transform(({ company_id, subject_seq, occurred_at, ...event }) => ({
    ...event,
    companyId: company_id,
    subjectSeq: subject_seq,
    occurredAt: occurred_at,
  }));
export type PublishedEvent = z.output<typeof PublishedEvent>;

/**
 * Gives the next global positions to events that have none, oldest first (D7). Committed when it returns: from then on
 * a reader that remembers the last position it has seen meets every event once, in order per subject. Sequence order is
 * not commit order, which is why ids cannot serve for that.
 * @returns the events in the order of their positions; none when there are none, or while another dispatcher is at it
 */
export async function publishEvents(
  system: SystemConnection,
  input: { now: Date; limit: number },
): Promise<PublishedEvent[]> {
  return system.query(
    PublishedEvent,
    Prisma.sql`SELECT * FROM system.publish_events(${input.now}::timestamptz, ${input.limit}::int)`,
  );
}
