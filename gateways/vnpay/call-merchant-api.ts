import { z } from 'zod';
import { DEFAULT_REQUEST_TIMEOUT_MS, type VnpayConfig } from './vnpay-config';
import { hmacSha512, isSameHash, pipeJoined } from './vnpay-signature';

/** Values in the order in which each message is signed. */
const REQUEST_FIELDS = {
  querydr: [
    'vnp_RequestId',
    'vnp_Version',
    'vnp_Command',
    'vnp_TmnCode',
    'vnp_TxnRef',
    'vnp_TransactionDate',
    'vnp_CreateDate',
    'vnp_IpAddr',
    'vnp_OrderInfo',
  ],
  refund: [
    'vnp_RequestId',
    'vnp_Version',
    'vnp_Command',
    'vnp_TmnCode',
    'vnp_TransactionType',
    'vnp_TxnRef',
    'vnp_Amount',
    'vnp_TransactionNo',
    'vnp_TransactionDate',
    'vnp_CreateBy',
    'vnp_CreateDate',
    'vnp_IpAddr',
    'vnp_OrderInfo',
  ],
} as const;

const REFUND_ANSWER_FIELDS = [
  'vnp_ResponseId',
  'vnp_Command',
  'vnp_ResponseCode',
  'vnp_Message',
  'vnp_TmnCode',
  'vnp_TxnRef',
  'vnp_Amount',
  'vnp_BankCode',
  'vnp_PayDate',
  'vnp_TransactionNo',
  'vnp_TransactionType',
  'vnp_TransactionStatus',
  'vnp_OrderInfo',
] as const;

const ANSWER_FIELDS = {
  querydr: [...REFUND_ANSWER_FIELDS, 'vnp_PromotionCode', 'vnp_PromotionAmount'],
  refund: REFUND_ANSWER_FIELDS,
} as const;

const MAX_ANSWER_LENGTH = 64 * 1024;
const Answer = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.null()]).transform((value) => (value === null ? '' : String(value))),
);

export type MerchantCommand = keyof typeof REQUEST_FIELDS;
export type MerchantFields = Readonly<Record<string, string | undefined>>;

/** `unreliable`: no answer, or one that nobody can be held to. The request may or may not have been carried out. */
export type MerchantAnswer = { kind: 'answer'; fields: MerchantFields } | { kind: 'unreliable'; reason: string };

/** The fields with their `vnp_SecureHash`, ready to be posted. */
export function signMerchantRequest(
  command: MerchantCommand,
  fields: MerchantFields,
  secret: string,
): Record<string, string | undefined> {
  return { ...fields, vnp_SecureHash: hmacSha512(secret, pipeJoined(fields, REQUEST_FIELDS[command])) };
}

/**
 * Whether an answer is VNPay's answer to this very request: right hash over the documented fields, and about the same
 * command, terminal and reference. A signed answer about something else proves nothing.
 */
export function isAnswerTo(
  command: MerchantCommand,
  request: MerchantFields,
  answer: MerchantFields,
  secret: string,
): boolean {
  const expected = hmacSha512(secret, pipeJoined(answer, ANSWER_FIELDS[command]));

  return (
    isSameHash(expected, answer.vnp_SecureHash) &&
    answer.vnp_Command === command &&
    answer.vnp_TmnCode === request.vnp_TmnCode &&
    answer.vnp_TxnRef === request.vnp_TxnRef
  );
}

/** Posts one signed querydr or refund request. Never throws: whatever goes wrong is `unreliable`, with the reason. */
export async function callMerchantApi(
  config: VnpayConfig,
  command: MerchantCommand,
  fields: MerchantFields,
): Promise<MerchantAnswer> {
  const request = { ...fields, vnp_Command: command, vnp_TmnCode: config.tmnCode };
  const signed = signMerchantRequest(command, request, config.hashSecret);

  try {
    const response = await fetch(config.apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(signed),
      redirect: 'error',
      signal: AbortSignal.timeout(config.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();

    if (!response.ok) {
      return { kind: 'unreliable', reason: `http_${response.status}` };
    }
    const answer = parseAnswer(text);

    if (answer === null) {
      return { kind: 'unreliable', reason: 'answer_unreadable' };
    }

    return isAnswerTo(command, request, answer, config.hashSecret)
      ? { kind: 'answer', fields: answer }
      : { kind: 'unreliable', reason: 'answer_not_authentic' };
  } catch (error) {
    const isTimeout = (error as { name?: unknown } | null)?.name === 'TimeoutError';

    return { kind: 'unreliable', reason: isTimeout ? 'timeout' : 'unreachable' };
  }
}

function parseAnswer(text: string): MerchantFields | null {
  if (text.length > MAX_ANSWER_LENGTH) {
    return null;
  }
  try {
    return Answer.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
