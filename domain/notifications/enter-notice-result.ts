import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { pauseAfter } from './notice-rules';
import type { ClaimedNotice } from './claim-notices';

/** `failed`: this try; whether there is another is the rules' word. */
export type NoticeResult =
  { kind: 'sent' } | { kind: 'skipped'; reason: string } | { kind: 'failed'; isFinal: boolean; reason: string };

/** A server's answer may be long; what it means is in its first words. */
const longestReason = 500;

/**
 * Enters what became of a claimed notice. Nothing is changed when somebody else has taken it up since.
 * @param now machine time
 * @returns whether the notice will not be tried again although it was not sent
 */
export async function enterNoticeResult(
  tx: TenantSql,
  input: { notice: Pick<ClaimedNotice, 'id' | 'attempts'>; result: NoticeResult; now: Date },
): Promise<{ isGivenUp: boolean }> {
  const { notice, result, now } = input;
  const pause = result.kind === 'failed' && !result.isFinal ? pauseAfter(notice.attempts) : null;
  const isGivenUp = result.kind === 'failed' && pause === null;
  const status = result.kind === 'failed' ? (isGivenUp ? 'failed' : 'pending') : result.kind;
  await tx.query(
    z.unknown(),
    Prisma.sql`
      UPDATE platform.notices
         SET status = ${status}, sent_at = ${result.kind === 'sent' ? now : null}::timestamptz,
             last_error = ${result.kind === 'sent' ? null : result.reason.slice(0, longestReason)},
             next_attempt_at = ${pause === null ? null : new Date(now.getTime() + pause)}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${notice.id}::bigint AND status = 'pending' AND attempts = ${notice.attempts}::int`,
  );

  return { isGivenUp };
}
