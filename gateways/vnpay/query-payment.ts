import { randomUUID } from 'node:crypto';
import { type QueryRequest, type QueryResult } from '../../domain/payments/payment-gateway';
import { callMerchantApi, type MerchantAnswer, type MerchantFields } from './call-merchant-api';
import { knownTransaction } from './read-callback';
import { DEFAULT_SERVER_IP, VNPAY_VERSION, type VnpayConfig } from './vnpay-config';
import { fromVnpayAmount, fromVnpayDate, toVnpayDate } from './vnpay-rules';

export const NOT_FOUND = '91';
const PAYMENT = '01';

/** Sends querydr. Each question has an id of its own: VNPay refuses a repeated one (94). */
export function askVnpay(
  config: VnpayConfig,
  request: Pick<QueryRequest, 'reference' | 'initiatedAt' | 'now'>,
): Promise<MerchantAnswer> {
  return callMerchantApi(config, 'querydr', {
    vnp_RequestId: randomUUID().replaceAll('-', ''),
    vnp_Version: VNPAY_VERSION,
    vnp_TxnRef: request.reference,
    vnp_OrderInfo: `Truy van giao dich ${request.reference}`.slice(0, 255),
    vnp_TransactionDate: toVnpayDate(request.initiatedAt),
    vnp_CreateDate: toVnpayDate(request.now),
    vnp_IpAddr: config.serverIp ?? DEFAULT_SERVER_IP,
  });
}

/** Asks VNPay how a payment stands. Only a signed, unambiguous answer is anything but `unknown`. */
export async function queryVnpayPayment(config: VnpayConfig, request: QueryRequest): Promise<QueryResult> {
  const answer = await askVnpay(config, request);

  return answer.kind === 'answer' ? readQueryAnswer(answer.fields) : { outcome: 'unknown', reason: answer.reason };
}

/** What an authentic querydr answer says about the payment itself. */
export function readQueryAnswer(fields: MerchantFields): QueryResult {
  const responseCode = fields.vnp_ResponseCode ?? '';

  if (responseCode === NOT_FOUND) {
    return { outcome: 'not_found' };
  }
  if (responseCode !== '00') {
    return { outcome: 'unknown', reason: `vnpay_${responseCode}` };
  }
  if ((fields.vnp_TransactionType ?? PAYMENT) !== PAYMENT) {
    return { outcome: 'unknown', reason: 'refund_seen' };
  }

  return readStatus(fields);
}

function readStatus(fields: MerchantFields): QueryResult {
  const status = fields.vnp_TransactionStatus ?? '';
  const transactionId = knownTransaction(fields.vnp_TransactionNo);
  const paidAmount = fromVnpayAmount(fields.vnp_Amount);

  switch (status) {
    case '00':
      return transactionId === null || paidAmount === null
        ? { outcome: 'unknown', reason: 'answer_incomplete' }
        : { outcome: 'success', transactionId, paidAmount, paidAt: fromVnpayDate(fields.vnp_PayDate) };
    case '01':
      return { outcome: 'pending' };
    case '02':
      return { outcome: 'failed', reason: 'vnpay_status_02', transactionId };
    default:
      // Reversed (04), refunds (05, 06, 09) and suspected fraud (07): money moved in some way, so this is no failure.
      return { outcome: 'unknown', reason: `vnpay_status_${status}` };
  }
}
