import {
  isNews,
  type CallbackPayment,
  type CallbackStore,
  type ProviderOutcome,
} from '../../domain/payments/payment-gateway';
import { failureReasonOf, verifyVnpayCallback, type VnpayCallback } from './read-callback';

export type IpnCode = '00' | '01' | '02' | '04' | '97' | '99';

/** The body of an answer to VNPay's notification; always sent with HTTP 200. */
export interface IpnAnswer {
  RspCode: IpnCode;
  Message: string;
}

const MESSAGES: Readonly<Record<IpnCode, string>> = {
  '00': 'Confirm Success',
  '01': 'Order not found',
  '02': 'Order already confirmed',
  '04': 'Invalid amount',
  '97': 'Invalid signature',
  '99': 'Unknown error',
};

/**
 * Answers VNPay's server-to-server notification, which is what settles a payment. The checks stand in VNPay's order:
 * signature (97), our merchant and a known reference (01), amount (04), still open (02), then the outcome is recorded and the answer is 00,
 * also when the payment FAILED. Money of another amount is recorded, too, though it is answered by 04. An error of our own is 99, so that VNPay calls again. Any number of calls in any order
 * records each outcome at most once, because the store decides races (D5).
 *
 * @param received query parameters as they arrived, decoded
 * @param onError told about the error behind a 99
 */
export async function answerIpn(
  received: Readonly<Record<string, unknown>>,
  merchant: { hashSecret: string; tmnCode: string },
  store: CallbackStore,
  onError: (error: unknown) => void = () => undefined,
): Promise<IpnAnswer> {
  try {
    const code = await decide(received, merchant, store);

    return answer(code);
  } catch (error) {
    onError(error);

    return answer('99');
  }
}

/** Whether VNPay calls again after this answer (also after no answer): it stops after 00 and 02 only. */
export function isRepeatedAfter(code: string | null): boolean {
  return code !== '00' && code !== '02';
}

async function decide(
  received: Readonly<Record<string, unknown>>,
  merchant: { hashSecret: string; tmnCode: string },
  store: CallbackStore,
): Promise<IpnCode> {
  const reading = verifyVnpayCallback(received, merchant);

  if (!reading.isValid) {
    // Another merchant's payment is none that we know, whatever its reference is.
    return reading.reason === 'other_merchant' ? '01' : '97';
  }
  const { callback } = reading;
  const payment = await store.findPayment(callback.reference);

  if (payment === null) {
    return '01';
  }
  if (!isAmountDue(callback, payment)) {
    await takeOtherAmount(callback, payment, store);

    return '04';
  }
  const outcome = toOutcome(callback, payment);

  if (!isNews(payment.state, outcome.outcome)) {
    return '02';
  }

  return (await store.record(outcome)) === 'recorded' ? '00' : '02';
}

/** Money is never refused (D5): what came is entered, and goes back, or counts as the part that it is. */
async function takeOtherAmount(callback: VnpayCallback, payment: CallbackPayment, store: CallbackStore): Promise<void> {
  const hasCome = callback.isPaid && callback.amount !== null && callback.amount > 0 && payment.currency === 'VND';

  if (hasCome && isNews(payment.state, 'success')) {
    await store.record(toOutcome(callback, payment));
  }
}

function isAmountDue(callback: VnpayCallback, payment: CallbackPayment): boolean {
  return payment.currency === 'VND' && callback.amount === payment.amount;
}

function toOutcome(callback: VnpayCallback, payment: CallbackPayment): ProviderOutcome {
  return {
    provider: 'vnpay',
    reference: callback.reference,
    outcome: callback.isPaid ? 'success' : 'failed',
    needsReview: callback.needsReview,
    amount: callback.amount ?? payment.amount,
    currency: payment.currency,
    transactionId: callback.transactionId,
    paidAt: callback.paidAt,
    failureReason: callback.isPaid ? null : failureReasonOf(callback),
    payload: callback.fields,
  };
}

function answer(code: IpnCode): IpnAnswer {
  return { RspCode: code, Message: MESSAGES[code] };
}
