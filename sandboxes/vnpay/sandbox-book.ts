import { forgetfulJournal, openJournal, type Journal } from './journal';
import { type Behaviour, type Notification, type SandboxEvent, type SandboxTransaction } from './sandbox-types';

const FIRST_TRANSACTION_NO = 14_000_001;

/** All the sandbox knows: a journal of events, and what follows from them. */
export interface SandboxBook {
  /** Writes an event down and applies it. The only way to change anything. */
  commit(event: SandboxEvent): void;
  transaction(key: string): SandboxTransaction | undefined;
  /** The newest transaction with this reference. */
  latest(txnRef: string): SandboxTransaction | undefined;
  transactions(): SandboxTransaction[];
  notifications(): Notification[];
  script(txnRef: string): Behaviour | undefined;
  hasSeenRequest(request: string): boolean;
  /** How far the sandbox's clock is ahead. */
  clockOffsetMs(): number;
  nextTransactionNo(): string;
  nextNotificationId(): number;
}

export function openSandboxBook(stateFile?: string): SandboxBook {
  const transactions = new Map<string, SandboxTransaction>();
  const notifications = new Map<number, Notification>();
  const scripts = new Map<string, Behaviour>();
  const requests = new Set<string>();
  let clockOffsetMs = 0;
  let refunds = 0;

  const apply = (event: SandboxEvent): void => {
    switch (event.type) {
      case 'opened':
        transactions.set(event.transaction.key, event.transaction);
        return;
      case 'scripted':
        scripts.set(event.txnRef, event.behaviour);
        return;
      case 'decided':
        mustFind(transactions, event.key).result = event.result;
        event.notifications.forEach((notification) => notifications.set(notification.id, notification));
        return;
      case 'notified': {
        const notification = mustFind(notifications, event.id);
        notification.attempts.push(event.attempt);
        notification.dueAt = event.dueAt;
        return;
      }
      case 'refunded':
        mustFind(transactions, event.key).refunds.push(event.refund);
        refunds += 1;
        return;
      case 'request_seen':
        requests.add(event.request);
        return;
      case 'clock_moved':
        clockOffsetMs += event.ms;
    }
  };
  const journal: Journal = stateFile === undefined ? forgetfulJournal : openJournal(stateFile, apply);

  return {
    commit: (event) => {
      journal.append(event);
      apply(event);
    },
    transaction: (key) => transactions.get(key),
    latest: (txnRef) => [...transactions.values()].findLast((transaction) => transaction.txnRef === txnRef),
    transactions: () => [...transactions.values()],
    notifications: () => [...notifications.values()],
    script: (txnRef) => scripts.get(txnRef),
    hasSeenRequest: (request) => requests.has(request),
    clockOffsetMs: () => clockOffsetMs,
    nextTransactionNo: () => String(FIRST_TRANSACTION_NO + transactions.size + refunds),
    nextNotificationId: () => notifications.size + 1,
  };
}

function mustFind<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);

  if (value === undefined) {
    throw new Error(`The VNPay sandbox's journal speaks of ${String(key)}, which it never introduced.`);
  }

  return value;
}
