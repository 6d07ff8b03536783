import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { toNumber } from '../../platform/db/columns';
import { formatInstant, zoneInstants } from '../../platform/instant';
import type { NoticeStatus } from './notice-types';

export type NoticeRow = Prisma.NoticeGetPayload<object>;

/** What a customer was told and is to be told, newest first. */
export function listNotices(
  tx: TenantTransaction,
  input: { customerId: number; status?: NoticeStatus | undefined; before: number | null; limit: number },
): Promise<NoticeRow[]> {
  const { customerId, status, before, limit } = input;

  return tx.orm.notice.findMany({
    where: {
      customerId,
      ...(status === undefined ? {} : { status }),
      ...(before === null ? {} : { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
  });
}

/** @param timeZone of the billing account */
export function viewNotice(row: NoticeRow, timeZone?: string) {
  const at = (instant: Date | null) => (instant === null ? null : formatInstant(instant, timeZone));

  return {
    id: toNumber(row.id),
    customerId: row.customerId === null ? null : toNumber(row.customerId),
    subject: row.subject,
    kind: row.kind,
    priority: row.priority,
    channel: 'email' as const,
    locale: row.locale,
    data: zoneInstants(row.data, timeZone),
    isTest: row.isTest,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: at(row.nextAttemptAt),
    lastError: row.lastError,
    sentAt: at(row.sentAt),
    createdAt: at(row.createdAt),
  };
}
