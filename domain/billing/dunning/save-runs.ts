import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { DunningRun } from './dunning-run';

const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** Writes the runs under way; one that is no longer among them was closed, or its invoice is gone (D23). */
export async function saveDunningRuns(
  tx: TenantSql,
  state: { id: number; dunning: readonly DunningRun[] },
  now: Date,
): Promise<void> {
  await tx.write(Prisma.sql`
      WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(state.dunning.map(toColumns))}::jsonb) AS d("invoiceId" bigint, "firstFailedAt" timestamptz,
          attempts int, "isHard" boolean, "nextAttemptAt" timestamptz, "endsAt" timestamptz)
      ), stopped AS (
        UPDATE finance.dunning_runs r SET status = 'stopped', next_attempt_at = NULL, ends_at = NULL, ended_at = ${now}::timestamptz
         WHERE r.company_id = ${tx.companyId}::bigint AND r.subscription_id = ${state.id}::bigint AND r.status = 'active'
           AND NOT EXISTS (SELECT FROM wanted w WHERE w."invoiceId" = r.invoice_id)
        RETURNING id
      )
      INSERT INTO finance.dunning_runs AS r (company_id, invoice_id, subscription_id, first_failed_at, attempts, is_hard, next_attempt_at, ends_at)
      SELECT ${tx.companyId}::bigint, w."invoiceId", ${state.id}::bigint, w."firstFailedAt", w.attempts, w."isHard", w."nextAttemptAt", w."endsAt" FROM wanted w
      ON CONFLICT (company_id, invoice_id) DO UPDATE SET attempts = excluded.attempts, is_hard = excluded.is_hard,
        next_attempt_at = excluded.next_attempt_at, ends_at = excluded.ends_at, status = 'active', ended_at = NULL`);
}

const toColumns = (run: DunningRun) => ({
  ...run,
  firstFailedAt: instant(run.firstFailedAt),
  nextAttemptAt: instant(run.nextAttemptAt),
  endsAt: instant(run.endsAt),
});

/** Ends a run with what became of it. */
export async function closeDunning(
  tx: TenantSql,
  input: { invoiceId: number; status: string; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`UPDATE finance.dunning_runs SET status = ${input.status}, next_attempt_at = NULL, ends_at = NULL, ended_at = ${input.now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND invoice_id = ${input.invoiceId}::bigint AND status = 'active'`);
}

/** One row for each try, reminder or try left out, once per ordinal. The run is written first. */
export async function logDunningAttempt(
  tx: TenantSql,
  input: {
    invoiceId: number;
    subscriptionId: number;
    attempt: number;
    kind: 'charge' | 'reminder' | 'skipped';
    now: Date;
  },
): Promise<void> {
  await tx.write(Prisma.sql`
      WITH run AS (
        INSERT INTO finance.dunning_runs AS r (company_id, invoice_id, subscription_id, first_failed_at, attempts)
        VALUES (${tx.companyId}::bigint, ${input.invoiceId}::bigint, ${input.subscriptionId}::bigint, ${input.now}::timestamptz, 1)
        ON CONFLICT (company_id, invoice_id) DO UPDATE SET attempts = r.attempts
        RETURNING id)
      INSERT INTO finance.dunning_attempts (company_id, dunning_run_id, attempt, kind, created_at)
      SELECT ${tx.companyId}::bigint, run.id, ${input.attempt}::int, ${input.kind}, ${input.now}::timestamptz FROM run
      ON CONFLICT (company_id, dunning_run_id, attempt) DO NOTHING`);
}
