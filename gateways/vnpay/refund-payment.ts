import { createHash } from 'node:crypto';
import { type RefundRequest, type RefundResult } from '../../domain/payments/payment-gateway';
import { callMerchantApi, type MerchantFields } from './call-merchant-api';
import { askVnpay } from './query-payment';
import { knownTransaction } from './read-callback';
import { DEFAULT_SERVER_IP, VNPAY_VERSION, type VnpayConfig } from './vnpay-config';
import { toOrderInfo, toVnpayAmount, toVnpayDate, vnpayDay } from './vnpay-rules';

const FULL_REFUND = '02';
const PARTIAL_REFUND = '03';
const DUPLICATE_REQUEST = '94';
/** Refusals that say for certain that no money went back. */
const REFUSALS: ReadonlySet<string> = new Set(['02', '03', '04', '13', '91', '93', '95', '97']);
/** Refund states in which VNPay has taken the order: done, in work, sent to the bank. */
const ACCEPTED_STATUSES: ReadonlySet<string> = new Set(['00', '05', '06']);
const REFUND_REJECTED = '09';

/**
 * Gives a payment back, fully or in part. The request id is derived from the effect key, so VNPay itself refuses to
 * carry out a repeat on the same day (94); on 94, and instead of sending on a later day, the transaction is looked up:
 * a refund that is there, and can only be this one, is a success, everything else is `unknown` and for a person.
 *
 * @throws AppError `currency_mismatch`, `amount_out_of_range`
 */
export async function refundVnpayPayment(config: VnpayConfig, request: RefundRequest): Promise<RefundResult> {
  const amount = toVnpayAmount(request.amount, request.currency);

  if (request.amount > request.paidAmount - request.refundedBefore) {
    return { outcome: 'declined', reason: 'refund_exceeds_payment' };
  }
  if (vnpayDay(request.firstSentAt) !== vnpayDay(request.now)) {
    return findEarlierRefund(config, request, 'sent_on_an_earlier_day');
  }
  const answer = await callMerchantApi(config, 'refund', {
    vnp_RequestId: refundRequestId(request.effectKey),
    vnp_Version: VNPAY_VERSION,
    vnp_TransactionType: refundType(request),
    vnp_TxnRef: request.reference,
    vnp_Amount: amount,
    vnp_OrderInfo: toOrderInfo(request.reason, `Hoan tien ${request.reference}`),
    vnp_TransactionNo: request.transactionId ?? '',
    vnp_TransactionDate: toVnpayDate(request.initiatedAt),
    vnp_CreateDate: toVnpayDate(request.now),
    vnp_CreateBy: toOrderInfo(request.requestedBy, 'bmms'),
    vnp_IpAddr: config.serverIp ?? DEFAULT_SERVER_IP,
  });

  if (answer.kind === 'unreliable') {
    return { outcome: 'unknown', reason: answer.reason };
  }

  return answer.fields.vnp_ResponseCode === DUPLICATE_REQUEST
    ? findEarlierRefund(config, request, 'vnpay_94')
    : readRefundAnswer(answer.fields);
}

/** The request id of a refund: the same for the same effect key; 32 characters, VNPay's longest. */
export function refundRequestId(effectKey: string): string {
  return createHash('sha256').update(effectKey).digest('hex').slice(0, 32);
}

/** What an authentic answer to a refund says. */
export function readRefundAnswer(fields: MerchantFields): RefundResult {
  const responseCode = fields.vnp_ResponseCode ?? '';
  const status = fields.vnp_TransactionStatus ?? '';

  if (REFUSALS.has(responseCode)) {
    return { outcome: 'declined', reason: `vnpay_${responseCode}` };
  }
  if (responseCode !== '00') {
    return { outcome: 'unknown', reason: `vnpay_${responseCode}` };
  }
  if (status === REFUND_REJECTED) {
    return { outcome: 'declined', reason: 'vnpay_status_09' };
  }

  return ACCEPTED_STATUSES.has(status)
    ? { outcome: 'success', refundId: knownTransaction(fields.vnp_TransactionNo) ?? '', isFinal: status === '00' }
    : { outcome: 'unknown', reason: `vnpay_status_${status}` };
}

/** A refund is full only when nothing was given back before it: VNPay refuses a full one after a partial one (04). */
function refundType(request: RefundRequest): string {
  return request.refundedBefore === 0 && request.amount === request.paidAmount ? FULL_REFUND : PARTIAL_REFUND;
}

async function findEarlierRefund(config: VnpayConfig, request: RefundRequest, reason: string): Promise<RefundResult> {
  const answer = await askVnpay(config, request);

  if (answer.kind === 'unreliable') {
    return { outcome: 'unknown', reason: answer.reason };
  }
  const { vnp_ResponseCode: code, vnp_TransactionType: type } = answer.fields;

  // With an earlier refund on the same payment, the one that is seen may be that one.
  if (code !== '00' || type !== refundType(request) || request.refundedBefore > 0) {
    return { outcome: 'unknown', reason };
  }

  return readRefundAnswer(answer.fields);
}
