import { appendEvents } from '../../../domain/events/append-events';
import { runOutboxDispatcher, type DispatcherOptions } from '../../../domain/events/dispatch-outbox';
import { systemClock } from '../../../platform/clock';
import type { Database } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';

export interface PublishedRow {
  id: number;
  subject: string;
  seq: number;
  position: number | null;
}

/** Every event of the database in the order of its positions, unpublished ones last. */
export async function readOutbox(adminUrl: string): Promise<PublishedRow[]> {
  const rows = await queryAsOwner<{ id: string; subject: string; subject_seq: number; position: string | null }>(
    adminUrl,
    'SELECT id, subject, subject_seq, position FROM platform.events ORDER BY position NULLS LAST, id',
  );

  return rows.map((row) => ({
    id: Number(row.id),
    subject: row.subject,
    seq: row.subject_seq,
    position: row.position === null ? null : Number(row.position),
  }));
}

/** Positions are 1, 2, 3 … with no gap and no repeat, and each subject's events stand in their own order. */
export function expectOrderly(rows: readonly PublishedRow[]): void {
  expect(rows.map((row) => row.position)).toEqual(rows.map((_, index) => index + 1));
  const lastSeq = new Map<string, number>();

  for (const row of rows) {
    expect([row.subject, row.seq]).toEqual([row.subject, (lastSeq.get(row.subject) ?? 0) + 1]);
    lastSeq.set(row.subject, row.seq);
  }
}

/** One event on a subject, in a transaction of its own. */
export function emit(database: Database, companyId: number, subject: string, nth: number): Promise<void> {
  return database.withTenant(companyId, (tx) =>
    appendEvents(tx, { subject, events: [{ type: 'product.updated', payload: { nth } }], now: systemClock.now() }),
  );
}

export interface RunningDispatcher {
  /** Positions in the order in which they were told. */
  told: number[];
  warnings: number;
  stop(): Promise<void>;
}

export function startDispatcher(database: Database, options: Partial<DispatcherOptions> = {}): RunningDispatcher {
  const abort = new AbortController();
  const dispatcher: RunningDispatcher = { told: [], warnings: 0, stop: async () => undefined };
  const ended = runOutboxDispatcher({
    database,
    clock: systemClock,
    logger: { info: () => undefined, warn: () => (dispatcher.warnings += 1) },
    signal: abort.signal,
    idleMs: 20,
    batchSize: 7,
    onPublished: (events) => void dispatcher.told.push(...events.map((event) => event.position)),
    ...options,
  });

  dispatcher.stop = async () => {
    abort.abort();
    await ended;
  };

  return dispatcher;
}

/** Waits until a condition holds; fails after a minute. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 60_000;

  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Not within 60 s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
