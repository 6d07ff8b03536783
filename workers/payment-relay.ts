import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import { tellPaymentOwner } from '../clients/payment-owner-client';
import { listUnsignalled, type UnsignalledEvent } from '../domain/payments/list-unsignalled';
import { markSignalled } from '../domain/payments/record-outcome';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';

/** Whoever took a callback in tells the owner at once; the relay comes in when that did not happen. */
const patienceMs = 2_000;
const idleMs = 1_000;

interface RelayOptions {
  database: Database;
  clock: Clock;
  temporal: Client;
  logger: Logger;
  signal: AbortSignal;
}

/** Tells the owner of a payment what the inbox holds about it, until it is told (D5). Runs until aborted. */
export async function runPaymentRelay(options: RelayOptions): Promise<void> {
  const { database, clock, logger, signal } = options;

  while (!signal.aborted) {
    try {
      const before = new Date(clock.now().getTime() - patienceMs);

      for (const event of await listUnsignalled(database, { before, limit: 100 })) {
        await relay(options, event);
      }
    } catch (err) {
      logger.warn({ err }, 'the payment relay met an error; trying again');
    }
    await sleep(idleMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One that cannot be told must not keep the others from it. */
async function relay({ database, clock, temporal, logger }: RelayOptions, event: UnsignalledEvent): Promise<void> {
  try {
    await tellPaymentOwner({ database, temporal }, event);
    await database.withTenantSql(event.companyId, (tx) => markSignalled(tx, { ...event, now: clock.now() }));
  } catch (err) {
    logger.warn({ err, paymentId: event.paymentId }, 'the owner of a payment could not be told; trying again');
  }
}
