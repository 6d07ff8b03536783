import { Prisma, type TenantSql } from '../../platform/db/database';
import type { DomainEvent } from './event-types';

/**
 * Writes events into the outbox, in the transaction of the change they tell of (D7). The subject's counter row is
 * locked first, so events of one subject are numbered in commit order.
 * @param input.subject such as `order/1042`; also the id of the workflow that owns it, where there is one
 */
export async function appendEvents(
  tx: TenantSql,
  input: { subject: string; events: readonly DomainEvent[]; now: Date },
): Promise<void> {
  await tx.write(
    Prisma.sql`SELECT platform.append_events(${tx.companyId}::bigint, ${input.subject}, ${input.now}, ${JSON.stringify(input.events)}::jsonb)`,
  );
}
