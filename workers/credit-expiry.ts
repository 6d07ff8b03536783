import { expireCredit, listExpiredCredits } from '../domain/billing/account/expire-credit';
import { runExpirySweep, type SweepOptions } from './expiry-sweep';

/**
 * Takes credit that has expired out of its accounts. Whoever uses or reads credit counts without it, so nobody waits for
 * this. Two that look at once take it once: the second waits for the account and finds nothing.
 */
export function runCreditExpiry(options: SweepOptions): Promise<void> {
  return runExpirySweep(options, {
    what: 'account credit',
    idleMs: 2_000,
    find: listExpiredCredits,
    end: (tx, { billingAccountId }, now) => expireCredit(tx, { billingAccountId, now }),
  });
}
