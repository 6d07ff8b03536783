import { nextRetryOn, retryOffsets } from '../../billing/dunning/dunning-rules';
import { atAnchorTime, localDateAt } from '../../calendar/zoned-calendar';
import { DAY_MS } from './subscription-deadline-rules';
import type { DunningRun, Subscription, SubscriptionPolicy } from './subscription-types';

/**
 * The run after one more failure (D23): the next try on the local day that the schedule names, at the time of day of the
 * first failure; after the last one the end action is due. Charges end at once; a customer who pays by hand has the last
 * interval once more after the last reminder.
 */
export function afterFailure(
  run: Pick<DunningRun, 'invoiceId' | 'firstFailedAt'> & { attempts: number; isHard: boolean },
  state: Pick<Subscription, 'timeZone' | 'collection' | 'hasMethod'>,
  { retries }: Pick<SubscriptionPolicy, 'retries'>,
  now: number,
): DunningRun {
  const firstOn = localDateAt(run.firstFailedAt, state.timeZone);
  const next = nextRetryOn(firstOn, run.attempts, retries);

  if (next !== null) {
    return { ...run, nextAttemptAt: atAnchorTime(next, run.firstFailedAt, state.timeZone), endsAt: null };
  }
  const offsets = retryOffsets(retries);
  const lastGapDays = Math.max(1, (offsets.at(-1) ?? 0) - (offsets.at(-2) ?? 0));
  const isCharged = state.collection === 'charge_automatically' && state.hasMethod;

  return { ...run, nextAttemptAt: null, endsAt: isCharged ? now : now + lastGapDays * DAY_MS };
}

/** Replaces the run of one invoice. */
export function withRun(runs: readonly DunningRun[], run: DunningRun): DunningRun[] {
  return [...runs.filter(({ invoiceId }) => invoiceId !== run.invoiceId), run];
}
