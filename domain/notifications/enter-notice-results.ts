import { Prisma, type TenantSql } from '../../platform/db/database';
import { pauseAfter } from './notice-rules';
import type { ClaimedNotice } from './claim-notices';
import type { NoticeStatus } from './notice-types';

/**
 * `failed`: this try; whether there is another is the rules' word. `put_off`: it was not tried, because one before it to the
 * same recipient failed or the server is too slow; that counts for nothing.
 */
export type NoticeResult =
  | { kind: 'sent' }
  | { kind: 'skipped'; reason: string }
  | { kind: 'failed'; isFinal: boolean; reason: string }
  | { kind: 'put_off' };

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
      tried: result.kind === 'put_off' ? notice.attempts - 1 : notice.attempts,
      status: statusAfter(outcome),
      sentAt: result.kind === 'sent' ? now : null,
      skippedAt: result.kind === 'skipped' ? now : null,
      error: 'reason' in result ? result.reason.slice(0, longestReason) : null,
      nextAt: pause === null ? null : new Date(now.getTime() + pause),
    };
  });
  await tx.write(Prisma.sql`
      UPDATE platform.notices n
         SET status = r.status, attempts = r.tried, sent_at = r."sentAt", skipped_at = r."skippedAt", last_error = r.error, next_attempt_at = r."nextAt"
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id bigint, attempts int, tried int, status text, "sentAt" timestamptz,
             "skippedAt" timestamptz, error text, "nextAt" timestamptz)
       WHERE n.company_id = ${tx.companyId}::bigint AND n.id = r.id AND n.status = 'pending' AND n.attempts = r.attempts`);
}

function statusAfter(outcome: NoticeOutcome): NoticeStatus {
  switch (outcome.result.kind) {
    case 'failed':
      return isGivenUp(outcome) ? 'failed' : 'pending';
    case 'put_off':
      return 'pending';
    default:
      return outcome.result.kind;
  }
}

/** Milliseconds until the next try; null: there is none. */
function pauseOf({ notice, result }: NoticeOutcome): number | null {
  switch (result.kind) {
    case 'failed':
      return result.isFinal ? null : pauseAfter(notice.attempts);
    case 'put_off':
      return pauseAfter(1);
    default:
      return null;
  }
}
