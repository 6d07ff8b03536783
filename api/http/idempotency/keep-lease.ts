import type { Clock } from '../../../platform/clock';
import type { Database } from '../../../platform/db/database';
import type { Logger } from '../../../platform/logger';
import { type KeyHold, leaseMs, renewLease } from './idempotency';

const renewEveryMs = leaseMs / 4;

/**
 * Renews the lease of a key while its request runs, so that a repeat waits for a process that lives and not for one that
 * was killed.
 * @returns what stops it, and then answers the hold as it stands
 */
export function keepLease(
  { database, clock }: { database: Database; clock: Clock },
  { companyId, hold, log }: { companyId: number; hold: KeyHold; log: () => Logger },
): () => Promise<KeyHold> {
  let renewed = Promise.resolve(hold);
  const timer = setInterval(() => {
    renewed = renewed.then((current) =>
      renewLease(database, companyId, current, clock.now()).catch((err: unknown) => {
        log().warn({ err, idempotencyRecord: hold.id }, 'the lease of a key could not be renewed');

        return current;
      }),
    );
  }, renewEveryMs);

  return () => {
    clearInterval(timer);

    return renewed;
  };
}
