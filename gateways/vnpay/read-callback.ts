import { fromVnpayAmount, fromVnpayDate } from './vnpay-rules';
import { hasValidSignature, type VnpayParams } from './vnpay-signature';

/** A return or notification whose signature is right, in the product's units. */
export interface VnpayCallback {
  reference: string;
  /** VND; null when vnp_Amount is no whole number of VND. */
  amount: number | null;
  /** Both codes are 00: one of them alone is not enough. */
  isPaid: boolean;
  /** Not paid, yet the codes do not exclude that money moved: reversed, suspected, unfinished, or at odds. */
  needsReview: boolean;
  responseCode: string;
  transactionStatus: string;
  transactionId: string | null;
  bankCode: string | null;
  paidAt: string | null;
  /** All `vnp_*` fields received but the hash. */
  fields: VnpayParams;
}

export type VnpayCallbackReading =
  | { isValid: true; callback: VnpayCallback }
  | { isValid: false; reason: 'hash_missing' | 'hash_wrong' | 'malformed' | 'other_merchant' };

const SUCCESS = '00';
/** Deducted but suspected of fraud; the merchant decides at VNPay. */
const RESPONSE_SUSPECTED = '07';
/** Unfinished, reversed, refund under way or refused, suspected. */
const STATUSES_WITH_MONEY_IN_DOUBT: ReadonlySet<string> = new Set(['01', '04', '05', '06', '07', '09']);

/**
 * Verifies a return or notification over ALL `vnp_*` fields received and reads it. Fields of others (trackers) are not
 * looked at. A name that came twice is malformed: a signature cannot say which value it means. One that is signed with
 * our secret for another merchant is not ours: a secret may be shared by several of one owner's terminals.
 */
export function verifyVnpayCallback(
  received: Readonly<Record<string, unknown>>,
  merchant: { hashSecret: string; tmnCode: string },
): VnpayCallbackReading {
  const params = collectVnpayFields(received);

  if (params === null) {
    return { isValid: false, reason: 'malformed' };
  }
  if (params.vnp_SecureHash === undefined || params.vnp_SecureHash === '') {
    return { isValid: false, reason: 'hash_missing' };
  }
  if (!hasValidSignature(params, merchant.hashSecret)) {
    return { isValid: false, reason: 'hash_wrong' };
  }
  if (params.vnp_TmnCode !== merchant.tmnCode) {
    return { isValid: false, reason: 'other_merchant' };
  }

  return { isValid: true, callback: readFields(params) };
}

function collectVnpayFields(received: Readonly<Record<string, unknown>>): VnpayParams | null {
  const entries = Object.entries(received).filter(([name]) => name.startsWith('vnp_'));

  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null;
}

function readFields(params: VnpayParams): VnpayCallback {
  const { vnp_SecureHash: _hash, vnp_SecureHashType: _hashType, ...fields } = params;
  const responseCode = params.vnp_ResponseCode ?? '';
  const transactionStatus = params.vnp_TransactionStatus ?? '';
  const isPaid = responseCode === SUCCESS && transactionStatus === SUCCESS;
  const isInDoubt =
    responseCode === SUCCESS ||
    responseCode === RESPONSE_SUSPECTED ||
    transactionStatus === SUCCESS ||
    STATUSES_WITH_MONEY_IN_DOUBT.has(transactionStatus);

  return {
    reference: params.vnp_TxnRef ?? '',
    amount: fromVnpayAmount(params.vnp_Amount),
    isPaid,
    needsReview: !isPaid && isInDoubt,
    responseCode,
    transactionStatus,
    transactionId: knownTransaction(params.vnp_TransactionNo),
    bankCode: params.vnp_BankCode ?? null,
    paidAt: isPaid ? fromVnpayDate(params.vnp_PayDate) : null,
    fields,
  };
}

/** VNPay sends transaction number 0 when it never made a transaction. */
export function knownTransaction(transactionNo: string | undefined): string | null {
  return transactionNo === undefined || /^0*$/.test(transactionNo) ? null : transactionNo;
}

/** Why a payment failed, for the payment's `failureReason`: the first of the two codes that is not 00. */
export function failureReasonOf(codes: { responseCode: string; transactionStatus: string }): string {
  return codes.responseCode !== SUCCESS ? `vnpay_${codes.responseCode}` : `vnpay_status_${codes.transactionStatus}`;
}
