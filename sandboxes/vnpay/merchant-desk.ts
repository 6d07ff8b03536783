import { randomUUID } from 'node:crypto';
import { fromVnpayDate, toVnpayDate } from '../../gateways/vnpay/vnpay-rules';
import { hmacSha512, isSameHash, pipeJoined } from '../../gateways/vnpay/vnpay-signature';
import { type PaymentDesk } from './payment-desk';
import { type SandboxBook } from './sandbox-book';
import { type SandboxRefund, type SandboxTransaction } from './sandbox-types';

type Fields = Readonly<Record<string, string | undefined>>;

/**
 * The other side of querydr and refund, written from the protocol on its own: it shares the field orders with no client,
 * so that a mistake in one shows against the other.
 */
const SIGNED_REQUESTS = {
  querydr: 'RequestId|Version|Command|TmnCode|TxnRef|TransactionDate|CreateDate|IpAddr|OrderInfo',
  refund:
    'RequestId|Version|Command|TmnCode|TransactionType|TxnRef|Amount|TransactionNo|TransactionDate|CreateBy|CreateDate|IpAddr|OrderInfo',
} as const;
const SIGNED_REFUND_ANSWER =
  'ResponseId|Command|ResponseCode|Message|TmnCode|TxnRef|Amount|BankCode|PayDate|TransactionNo|TransactionType|TransactionStatus|OrderInfo';
const SIGNED_ANSWERS = {
  querydr: `${SIGNED_REFUND_ANSWER}|PromotionCode|PromotionAmount`,
  refund: SIGNED_REFUND_ANSWER,
} as const;

type Command = keyof typeof SIGNED_REQUESTS;
const OPTIONAL: ReadonlySet<string> = new Set(['vnp_TransactionNo']);

const MESSAGES: Readonly<Record<string, string>> = {
  '00': 'Success',
  '02': 'Invalid terminal',
  '03': 'Invalid data format',
  '04': 'No full refund after a partial one',
  '91': 'Transaction not found',
  '93': 'Invalid refund amount',
  '94': 'Duplicate request',
  '95': 'Transaction was not successful',
  '97': 'Invalid checksum',
  '99': 'Other error',
};

export interface MerchantDeskOptions {
  book: SandboxBook;
  desk: PaymentDesk;
  now: () => Date;
  tmnCode: string;
  hashSecret: string;
}

/** Answers one querydr or refund request; the answer is signed, also when it is a refusal. */
export function answerMerchant(options: MerchantDeskOptions, body: unknown, forcedCode?: string): Fields {
  const request = readFields(body);
  const command: Command = request?.vnp_Command === 'refund' ? 'refund' : 'querydr';
  const details = forcedCode === undefined ? decide(options, request) : { vnp_ResponseCode: forcedCode };
  const answer: Fields = {
    vnp_ResponseId: randomUUID().replaceAll('-', ''),
    vnp_Command: command,
    vnp_Message: MESSAGES[details.vnp_ResponseCode ?? '99'],
    vnp_TmnCode: request?.vnp_TmnCode ?? '',
    vnp_TxnRef: request?.vnp_TxnRef ?? '',
    vnp_OrderInfo: request?.vnp_OrderInfo ?? '',
    ...details,
  };

  return { ...answer, vnp_SecureHash: hmacSha512(options.hashSecret, signedText(answer, SIGNED_ANSWERS[command])) };
}

function decide(options: MerchantDeskOptions, request: Fields | null): Fields {
  const { book, desk, now, tmnCode, hashSecret } = options;
  const command = request?.vnp_Command;

  if (request === null || (command !== 'querydr' && command !== 'refund') || !isComplete(request, command)) {
    return code('03');
  }
  if (request.vnp_TmnCode !== tmnCode) {
    return code('02');
  }
  if (!isSameHash(hmacSha512(hashSecret, signedText(request, SIGNED_REQUESTS[command])), request.vnp_SecureHash)) {
    return code('97');
  }
  const requestOfDay = `${toVnpayDate(now()).slice(0, 8)} ${command} ${request.vnp_RequestId}`;

  if (book.hasSeenRequest(requestOfDay)) {
    return code('94');
  }
  book.commit({ type: 'request_seen', request: requestOfDay });
  const transaction = book.transaction(`${request.vnp_TransactionDate?.slice(0, 8)}-${request.vnp_TxnRef}`);

  if (transaction === undefined || transaction.createDate !== request.vnp_TransactionDate) {
    return code('91');
  }
  desk.expireIfLate(transaction);

  return command === 'querydr' ? describe(transaction) : refund(options, transaction, request);
}

function describe(transaction: SandboxTransaction): Fields {
  const { result, refunds } = transaction;
  const lastRefund = refunds.at(-1);

  return {
    ...code('00'),
    vnp_Amount: String(result?.amount ?? transaction.amount),
    vnp_BankCode: result?.bankCode ?? '',
    vnp_PayDate: result?.payDate ?? '',
    vnp_TransactionNo: lastRefund?.transactionNo ?? transaction.transactionNo,
    vnp_TransactionType: lastRefund?.type ?? '01',
    vnp_TransactionStatus: lastRefund === undefined ? (result?.transactionStatus ?? '01') : '05',
    vnp_OrderInfo: transaction.orderInfo,
    vnp_PromotionCode: '',
    vnp_PromotionAmount: '',
  };
}

function refund(options: MerchantDeskOptions, transaction: SandboxTransaction, request: Fields): Fields {
  const { result } = transaction;
  const type = request.vnp_TransactionType ?? '';
  const amount = Number(request.vnp_Amount);
  const refusal = refuseRefund(transaction, request);

  if (refusal !== null || result === null) {
    return code(refusal ?? '95');
  }
  const entry: SandboxRefund = {
    requestId: request.vnp_RequestId ?? '',
    type,
    amount,
    transactionNo: options.book.nextTransactionNo(),
    date: toVnpayDate(options.now()),
  };
  options.book.commit({ type: 'refunded', key: transaction.key, refund: entry });

  return {
    ...code('00'),
    vnp_Amount: String(amount),
    vnp_BankCode: result.bankCode,
    vnp_PayDate: entry.date,
    vnp_TransactionNo: entry.transactionNo,
    vnp_TransactionType: type,
    vnp_TransactionStatus: '05',
  };
}

/** The code with which a refund is refused, or null: full (02) only as the first and whole, partial (03) up to what is left. */
function refuseRefund({ result, refunds, transactionNo }: SandboxTransaction, request: Fields): string | null {
  const amount = Number(request.vnp_Amount);
  const isFull = request.vnp_TransactionType === '02';
  const refunded = refunds.reduce((sum, one) => sum + one.amount, 0);

  if ((!isFull && request.vnp_TransactionType !== '03') || !/^[1-9]\d{0,11}$/.test(request.vnp_Amount ?? '')) {
    return '03';
  }
  if (request.vnp_TransactionNo && request.vnp_TransactionNo !== transactionNo) {
    return '91';
  }
  if (result?.transactionStatus !== '00') {
    return '95';
  }
  if (refunded === result.amount) {
    return '94';
  }
  if (isFull && refunded > 0) {
    return '04';
  }

  return amount > result.amount - refunded || (isFull && amount !== result.amount) ? '93' : null;
}

function isComplete(request: Fields, command: Command): boolean {
  const hasAll = names(SIGNED_REQUESTS[command]).every((name) => OPTIONAL.has(name) || request[name]);
  const dates = [request.vnp_TransactionDate, request.vnp_CreateDate];

  return (
    hasAll &&
    request.vnp_Version === '2.1.0' &&
    /^[0-9A-Za-z]{1,32}$/.test(request.vnp_RequestId ?? '') &&
    dates.every((date) => fromVnpayDate(date) !== null)
  );
}

function readFields(body: unknown): Fields | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return null;
  }
  const entries = Object.entries(body).map(([name, value]) => [name, typeof value === 'number' ? `${value}` : value]);

  return entries.every((entry) => typeof entry[1] === 'string') ? Object.fromEntries(entries) : null;
}

function names(order: string): string[] {
  return order.split('|').map((name) => `vnp_${name}`);
}

function signedText(fields: Fields, order: string): string {
  return pipeJoined(fields, names(order));
}

function code(responseCode: string): Fields {
  return { vnp_ResponseCode: responseCode };
}
