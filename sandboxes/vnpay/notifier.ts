import { isRepeatedAfter } from '../../gateways/vnpay/answer-ipn';
import { type SandboxBook } from './sandbox-book';
import { type DeliveryAttempt, type Notification } from './sandbox-types';

export interface NotifierOptions {
  book: SandboxBook;
  now: () => Date;
  ipnUrl: () => string;
  /** VNPay waits 5 minutes between repeats and gives up after 10 of them. */
  retryMs: number;
  maxRepeats: number;
  timeoutMs: number;
}

export interface Notifier {
  /** Sends what is due and sets the alarm for what comes next. */
  wake(): void;
  /** Sends what is due and waits until the merchant answered, or did not. */
  deliverDue(): Promise<void>;
  /** Sends one query now, outside the schedule, and returns what came back. */
  deliverOnce(query: string): Promise<DeliveryAttempt>;
  /** Stops sending. What is not delivered stays due, for the next start. */
  stop(): Promise<void>;
}

/** Timers hold at most 2^31 − 1 milliseconds. */
const MAX_TIMER_MS = 2_147_483_647;

/** Carries notifications to the merchant: a GET each, repeated until the merchant answers 00 or 02. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { book, now } = options;
  const underway = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  let alarm: NodeJS.Timeout | undefined;

  const send = async (notification: Notification): Promise<void> => {
    const attempt = await callMerchant(options, notification.query, stopping.signal);

    if (stopping.signal.aborted) {
      return;
    }
    const isOver = !isRepeatedAfter(attempt.rspCode) || notification.attempts.length >= options.maxRepeats;
    const dueAt = isOver ? null : now().getTime() + options.retryMs;
    book.commit({ type: 'notified', id: notification.id, attempt, dueAt });
  };

  const wake = (): void => {
    clearTimeout(alarm);

    if (stopping.signal.aborted) {
      return;
    }
    const time = now().getTime();
    const waiting = book
      .notifications()
      .filter((one): one is Notification & { dueAt: number } => one.dueAt !== null && !underway.has(one.id));

    for (const notification of waiting.filter(({ dueAt }) => dueAt <= time)) {
      underway.set(
        notification.id,
        send(notification).finally(() => {
          underway.delete(notification.id);
          wake();
        }),
      );
    }
    const later = waiting.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > time);

    if (later.length > 0) {
      alarm = setTimeout(wake, Math.min(Math.min(...later) - time, MAX_TIMER_MS));
    }
  };

  return {
    wake,
    async deliverDue() {
      wake();
      await Promise.all(underway.values());
    },
    deliverOnce: (query) => callMerchant(options, query, stopping.signal),
    async stop() {
      stopping.abort();
      clearTimeout(alarm);
      await Promise.all(underway.values());
    },
  };
}

async function callMerchant(options: NotifierOptions, query: string, stopping: AbortSignal): Promise<DeliveryAttempt> {
  const address = options.ipnUrl();
  const at = options.now().getTime();

  try {
    const response = await fetch(`${address}${address.includes('?') ? '&' : '?'}${query}`, {
      redirect: 'error',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(options.timeoutMs)]),
    });
    const body: unknown = await response.json();
    const rspCode = (body as { RspCode?: unknown } | null)?.RspCode;

    return typeof rspCode === 'string'
      ? { at, rspCode, problem: null }
      : { at, rspCode: null, problem: `HTTP ${response.status} without RspCode` };
  } catch (error) {
    return { at, rspCode: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
