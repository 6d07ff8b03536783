import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../../platform/clock';
import type { Database } from '../../platform/db/database';
import { publishEvents, type PublishedEvent } from './publish-events';

/** The part of a logger that the dispatcher needs. */
export interface DispatcherLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface DispatcherOptions {
  database: Database;
  clock: Clock;
  logger: DispatcherLog;
  /** Ends the loop: at once when it sleeps, after the batch when it works. */
  signal: AbortSignal;
  /** Longest sleep while nothing happens, ms. */
  idleMs?: number;
  batchSize?: number;
  /**
   * Told of each batch after it was committed, for metrics and for a first try of deliveries. It is a hint: a process
   * that dies in between never tells. What must not miss an event reads by position from where it left off.
   */
  onPublished?: (events: readonly PublishedEvent[]) => void | Promise<void>;
}

const leastSleepMs = 200;
const mostBackOffMs = 10_000;

/**
 * Publishes the outbox until it is told to stop (D7): without a pause while batches are full, then at intervals that
 * grow from 200 ms to `idleMs`. Any number of these may run at once, in any number of processes: an advisory lock lets
 * one of them number at a time, and one that is killed leaves the rest of its batch to the next. Losing the
 * database is waited out, with growing pauses. Never rejects.
 */
export async function runOutboxDispatcher(options: DispatcherOptions): Promise<void> {
  const { signal, idleMs = 2_000, batchSize = 500 } = options;
  const shortest = Math.min(leastSleepMs, idleMs);
  let pauseMs = shortest;
  let failures = 0;

  while (!signal.aborted) {
    const published = await publishBatch(options, batchSize);

    if (published === null) {
      failures += 1;
      await pause(Math.min(shortest * 2 ** failures, mostBackOffMs), signal);
      continue;
    }

    if (failures > 0) {
      options.logger.info({ failures }, 'the outbox is published again');
      failures = 0;
    }

    if (published === batchSize) {
      continue;
    }

    pauseMs = published > 0 ? shortest : Math.min(pauseMs * 2, idleMs);
    await pause(pauseMs, signal);
  }
}

/** @returns how many events got a position, or null when the database did not answer */
async function publishBatch(options: DispatcherOptions, limit: number): Promise<number | null> {
  const { database, clock, logger, onPublished } = options;

  try {
    const events = await publishEvents(database.system, { now: clock.now(), limit });

    if (events.length > 0) {
      await notify(onPublished, events, logger);
    }

    return events.length;
  } catch (error) {
    logger.warn({ err: error }, 'the outbox could not be published');

    return null;
  }
}

async function notify(
  onPublished: DispatcherOptions['onPublished'],
  events: readonly PublishedEvent[],
  logger: DispatcherLog,
): Promise<void> {
  try {
    await onPublished?.(events);
  } catch (error) {
    logger.warn({ err: error, position: events.at(-1)?.position }, 'a listener of published events failed');
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // Aborted: the loop's condition ends it.
  }
}
