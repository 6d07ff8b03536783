import { setTimeout as wait } from 'node:timers/promises';
import { fromVnpayDate, toVnpayDate } from '../../gateways/vnpay/vnpay-rules';
import { signedQuery, signedUrl } from '../../gateways/vnpay/vnpay-signature';
import { planBehaviour, type BehaviourPlan } from './behaviour-rules';
import { callbackParams } from './callback-params';
import { type PayRequest } from './check-pay-request';
import { type Notifier } from './notifier';
import { type SandboxBook } from './sandbox-book';
import {
  type Behaviour,
  type DeliveryAttempt,
  type PaymentResult,
  type SandboxTransaction,
  type Verdict,
} from './sandbox-types';

export interface DeskOptions {
  book: SandboxBook;
  notifier: Notifier;
  now: () => Date;
  tmnCode: string;
  hashSecret: string;
  retryMs: number;
}

/** Where payments are opened and decided. A payment is decided once; asking again gives the first decision. */
export interface PaymentDesk {
  /** The transaction of a payment address; null when its reference stands for another payment of the same day. */
  open(request: PayRequest): SandboxTransaction | null;
  /** Decides a payment (too late: as expired) and returns where the customer's browser goes. */
  decide(transaction: SandboxTransaction, behaviour: Behaviour): Promise<string>;
  /** Decides an open payment whose time has run out; leaves all others alone. */
  expireIfLate(transaction: SandboxTransaction): void;
  /** The signed address the browser goes back to. @throws Error when nothing is decided yet. */
  returnAddress(transaction: SandboxTransaction): string;
  /** Sends further notifications about a decided payment at once, side by side. */
  notifyAgain(transaction: SandboxTransaction, times: number, verdict?: Verdict): Promise<DeliveryAttempt[]>;
}

/** The longest the browser waits for the merchant to hear of the result. */
const NOTIFY_BEFORE_RETURN_MS = 2_000;

export function createPaymentDesk(options: DeskOptions): PaymentDesk {
  const { book, notifier, now, tmnCode, hashSecret, retryMs } = options;

  const settle = (transaction: SandboxTransaction, behaviour: Behaviour): BehaviourPlan => {
    const plan = planBehaviour(behaviour, transaction.amount, retryMs);
    const time = now();
    const result: PaymentResult = {
      behaviour,
      amount: plan.amount,
      responseCode: plan.responseCode,
      transactionStatus: plan.transactionStatus,
      bankCode: behaviour === 'cancel' || behaviour === 'expire' ? 'VNPAY' : 'NCB',
      payDate: toVnpayDate(time),
    };
    const firstId = book.nextNotificationId();
    const notifications = plan.notifications.map(({ delayMs, ...verdict }, index) => ({
      id: firstId + index,
      key: transaction.key,
      query: signedQuery(callbackParams(tmnCode, transaction, result, verdict), hashSecret),
      dueAt: time.getTime() + delayMs,
      attempts: [],
    }));
    book.commit({ type: 'decided', key: transaction.key, result, notifications });

    return plan;
  };

  const returnAddress = (transaction: SandboxTransaction): string => {
    const result = decidedResult(transaction);

    return signedUrl(transaction.returnUrl, callbackParams(tmnCode, transaction, result), hashSecret);
  };

  const isLate = (transaction: SandboxTransaction): boolean =>
    transaction.result === null && now() >= new Date(fromVnpayDate(transaction.expireDate) ?? 0);

  return {
    open(request) {
      const key = `${request.createDate.slice(0, 8)}-${request.txnRef}`;
      const known = book.transaction(key);

      if (known !== undefined) {
        const isSame = known.createDate === request.createDate && known.amount === request.amount;

        return isSame ? known : null;
      }
      const transaction = { ...request, key, transactionNo: book.nextTransactionNo(), result: null, refunds: [] };
      book.commit({ type: 'opened', transaction });

      return transaction;
    },

    async decide(transaction, behaviour) {
      if (transaction.result === null) {
        const plan = settle(transaction, isLate(transaction) ? 'expire' : behaviour);

        if (plan.notifiesBeforeReturn) {
          await Promise.race([notifier.deliverDue(), wait(NOTIFY_BEFORE_RETURN_MS, undefined, { ref: false })]);
        } else {
          notifier.wake();
        }
      }

      return returnAddress(transaction);
    },

    expireIfLate(transaction) {
      if (isLate(transaction)) {
        settle(transaction, 'expire');
        notifier.wake();
      }
    },

    returnAddress,

    notifyAgain(transaction, times, verdict) {
      const params = callbackParams(tmnCode, transaction, decidedResult(transaction), verdict);
      const query = signedQuery(params, hashSecret);

      return Promise.all(Array.from({ length: times }, () => notifier.deliverOnce(query)));
    },
  };
}

function decidedResult(transaction: SandboxTransaction): PaymentResult {
  if (transaction.result === null) {
    throw new Error(`Payment ${transaction.txnRef} is not decided yet.`);
  }

  return transaction.result;
}
