import { z } from 'zod';
import { type CallbackPayment, type CallbackStore } from '../../../domain/payments/payment-gateway';
import { answerIpn, isRepeatedAfter } from '../../../gateways/vnpay/answer-ipn';
import { verifyVnpayCallback } from '../../../gateways/vnpay/read-callback';
import { toVnpayAmount, toVnpayDate } from '../../../gateways/vnpay/vnpay-rules';
import { canonicalQuery, hmacSha512, signVnpayParams } from '../../../gateways/vnpay/vnpay-signature';
import { adapter } from '../case-adapter';
import { matchesExactly } from '../compare';
import { text } from './field-schemas';

const params = z.record(text, text);

const hmac = adapter(
  z.object({ secret: text, data: text }),
  ({ secret, data }) => ({ hex: hmacSha512(secret, data) }),
  matchesExactly,
);

const canonical = adapter(
  z.object({ secret: text, params }),
  (inputs) => ({ data: canonicalQuery(inputs.params), hex: signVnpayParams(inputs.params, inputs.secret) }),
  matchesExactly,
);

const verification = adapter(
  z.object({ secret: text, params, given_hash: text.optional() }),
  async (inputs) => {
    const rightHash = signVnpayParams(inputs.params, inputs.secret);
    const received = { ...inputs.params, vnp_SecureHash: inputs.given_hash ?? rightHash };
    const merchant = { hashSecret: inputs.secret, tmnCode: inputs.params['vnp_TmnCode'] ?? '' };
    const reading = verifyVnpayCallback(received, merchant);
    const payment: CallbackPayment = {
      amount: reading.isValid ? (reading.callback.amount ?? 0) : 0,
      currency: 'VND',
      state: 'open',
    };

    return {
      vnp_SecureHash: rightHash,
      valid: reading.isValid,
      paid: reading.isValid && reading.callback.isPaid,
      ipn_answer: await answerIpn(received, merchant, storeHolding(payment)),
    };
  },
  matchesExactly,
);

const SECRET = 'secret-of-the-case';
const MERCHANT = { hashSecret: SECRET, tmnCode: 'MERCHANT' };
const ORDER: CallbackPayment = { amount: 10_000, currency: 'VND', state: 'open' };
const SUCCEEDED = {
  vnp_Amount: toVnpayAmount(ORDER.amount, ORDER.currency),
  vnp_TmnCode: MERCHANT.tmnCode,
  vnp_TxnRef: 'ORDER-1',
  vnp_ResponseCode: '00',
  vnp_TransactionStatus: '00',
  vnp_TransactionNo: '14422574',
  vnp_PayDate: '20240521091806',
};
const FAILED = { ...SUCCEEDED, vnp_ResponseCode: '24', vnp_TransactionStatus: '02' };

interface Situation {
  readonly store: CallbackStore;
  readonly received: Record<string, string>;
}

/** The notification of each situation, and what the store knows when it comes. */
const SITUATIONS: readonly [beginning: string, Situation][] = [
  ['bad checksum', { store: storeHolding(ORDER), received: { ...signed(SUCCEEDED), vnp_SecureHash: 'ab'.repeat(64) } }],
  ['order unknown', { store: storeHolding(null), received: signed(SUCCEEDED) }],
  ['amount differs', { store: storeHolding({ ...ORDER, amount: 20_000 }), received: signed(SUCCEEDED) }],
  ['order already settled', { store: storeHolding({ ...ORDER, state: 'paid' }), received: signed(SUCCEEDED) }],
  ['order pending, payment succeeded', { store: storeHolding(ORDER), received: signed(SUCCEEDED) }],
  ['order pending, payment FAILED', { store: storeHolding(ORDER), received: signed(FAILED) }],
  ['our own error', { store: brokenStore(), received: signed(SUCCEEDED) }],
];

const ipnAnswers = adapter(
  z.object({ situation: text }),
  async ({ situation: words }) => {
    const [, situation] = SITUATIONS.find(([beginning]) => words.startsWith(beginning)) ?? [];
    if (!situation) {
      throw new Error(`No situation ${JSON.stringify(words)}.`);
    }
    const { RspCode } = await answerIpn(situation.received, MERCHANT, situation.store);

    return { RspCode, vnpay_calls_again: isRepeatedAfter(RspCode) };
  },
  matchesExactly,
);

const amountAndDates = adapter(
  z.object({ amount_vnd: z.number().int(), created: text }),
  ({ amount_vnd, created }) => ({
    vnp_Amount: toVnpayAmount(amount_vnd, 'VND'),
    vnp_CreateDate: toVnpayDate(created),
  }),
  matchesExactly,
);

function signed(fields: Record<string, string>): Record<string, string> {
  return { ...fields, vnp_SecureHash: signVnpayParams(fields, SECRET) };
}

function storeHolding(payment: CallbackPayment | null): CallbackStore {
  return {
    findPayment: () => Promise.resolve(payment),
    record: () => Promise.resolve('recorded'),
  };
}

function brokenStore(): CallbackStore {
  return {
    findPayment: () => Promise.reject(new Error('The database does not answer.')),
    record: () => Promise.reject(new Error('The database does not answer.')),
  };
}

export const vnpayAdapters = {
  hmac_sha512: hmac,
  canonical_query_and_hash: canonical,
  return_or_ipn_verification: verification,
  ipn_answers: ipnAnswers,
  amount_and_dates: amountAndDates,
};
