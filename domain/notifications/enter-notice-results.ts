import { dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { pauseAfter } from './notice-rules';
import type { ClaimedNotice } from './claim-notices';

/** `failed`: this try; whether there is another is the rules' word. */
export type NoticeResult =
  { kind: 'sent' } | { kind: 'skipped'; reason: string } | { kind: 'failed'; isFinal: boolean; reason: string };

/** A server's answer may be long; what it means is in its first words. */
const longestReason = 500;

/** What became of a notice that was claimed. */
export interface NoticeOutcome {
  notice: Pick<ClaimedNotice, 'id' | 'attempts'>;
  result: NoticeResult;
}

/** Whether a notice will not be tried again although it was not sent. */
export function isGivenUp({ notice, result }: NoticeOutcome): boolean {
  return result.kind === 'failed' && pauseOf({ notice, result }) === null;
}

/**
 * Enters what became of claimed notices, all in one statement. One that somebody else has taken up since stays as it is.
 * @param now machine time
 */
export async function enterNoticeResults(
  tx: TenantSql,
  { outcomes, now }: { outcomes: readonly NoticeOutcome[]; now: Date },
): Promise<void> {
  const rows = outcomes.map((outcome) => {
    const { notice, result } = outcome;
    const pause = pauseOf(outcome);

    return {
      id: notice.id,
      attempts: notice.attempts,
      status: result.kind !== 'failed' ? result.kind : isGivenUp(outcome) ? 'failed' : 'pending',
      sentAt: result.kind === 'sent' ? now : null,
      skippedAt: result.kind === 'skipped' ? now : null,
      error: result.kind === 'sent' ? null : result.reason.slice(0, longestReason),
      nextAt: pause === null ? null : new Date(now.getTime() + pause),
    };
  });
  await tx.query(
    dbNothing,
    Prisma.sql`
      UPDATE platform.notices n
         SET status = r.status, sent_at = r."sentAt", skipped_at = r."skippedAt", last_error = r.error, next_attempt_at = r."nextAt"
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id bigint, attempts int, status text, "sentAt" timestamptz,
             "skippedAt" timestamptz, error text, "nextAt" timestamptz)
       WHERE n.company_id = ${tx.companyId}::bigint AND n.id = r.id AND n.status = 'pending' AND n.attempts = r.attempts`,
  );
}

/** Milliseconds until the next try; null: there is none. */
function pauseOf({ notice, result }: NoticeOutcome): number | null {
  return result.kind === 'failed' && !result.isFinal ? pauseAfter(notice.attempts) : null;
}
