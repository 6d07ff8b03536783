import type { Client } from '@temporalio/client';

import { tellPaymentOwner } from '../clients/payment-owner-client';
import { listUnsignalled } from '../domain/payments/list-unsignalled';
import { markSignalled } from '../domain/payments/record-outcome';
import type { Database } from '../platform/db/database';
import { type LoopOptions, runPatiently } from './patient-loop';

/** Whoever took a callback in tells the owner at once; the relay comes in when that did not happen. Milliseconds. */
const patienceMs = 2_000;

/**
 * Tells the owner of a payment what the inbox holds about it, until it is told (D5). The owner reads all that there is of the
 * payment, so what came later of one that waits is told with it.
 */
export function runPaymentRelay(options: LoopOptions & { database: Database; temporal: Client }): Promise<void> {
  const { database, clock, temporal, logger } = options;

  return runPatiently(options, {
    idleMs: 1_000,
    list: (limit) => listUnsignalled(database, { before: new Date(clock.now().getTime() - patienceMs), limit }),
    keyOf: ({ paymentId }) => String(paymentId),
    async carryOut(event) {
      await tellPaymentOwner({ database, temporal }, event);
      await database.withTenantSql(event.companyId, (tx) => markSignalled(tx, { ...event, now: clock.now() }));
    },
    onFailed: ({ paymentId }, err) =>
      logger.warn({ err, paymentId }, 'the owner of a payment could not be told; trying again'),
    onBlind: (err) => logger.warn({ err }, 'the payment relay met an error; trying again'),
  });
}
