import fc from 'fast-check';
import { type CallbackPayment, type CallbackStore, type ProviderOutcome } from '../../domain/payments/payment-gateway';
import { answerIpn, isRepeatedAfter } from './answer-ipn';
import { signVnpayParams } from './vnpay-signature';

const secret = 'test_secret';
const merchant = { hashSecret: secret, tmnCode: 'BMMSDEMO' };
const success = {
  vnp_Amount: '1000000',
  vnp_BankCode: 'NCB',
  vnp_OrderInfo: 'Don hang 5',
  vnp_PayDate: '20240521091806',
  vnp_ResponseCode: '00',
  vnp_TmnCode: 'BMMSDEMO',
  vnp_TransactionNo: '14422574',
  vnp_TransactionStatus: '00',
  vnp_TxnRef: 'P5',
};
const failure = { ...success, vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' };
const signed = (fields: Record<string, string>) => ({ ...fields, vnp_SecureHash: signVnpayParams(fields, secret) });

/** Inbox and payments in memory, with the same promise as the real one: an outcome is recorded once. */
function memoryStore(payments: Record<string, CallbackPayment>) {
  const recorded: ProviderOutcome[] = [];
  const store: CallbackStore = {
    findPayment: async (reference) => (payments[reference] ? { ...payments[reference] } : null),
    record: async (outcome) => {
      if (recorded.some((other) => other.reference === outcome.reference && other.outcome === outcome.outcome)) {
        return 'already';
      }
      recorded.push(outcome);
      const payment = payments[outcome.reference];
      if (payment !== undefined && payment.state !== 'paid') {
        payment.state = outcome.outcome === 'success' ? 'paid' : 'failed';
      }

      return 'recorded';
    },
  };

  return { store, recorded };
}
const openPayment = (): Record<string, CallbackPayment> => ({ P5: { amount: 10_000, currency: 'VND', state: 'open' } });

describe('the answer', () => {
  test('is 00 for a payment that succeeded, and the outcome is recorded in the product’s units', async () => {
    const { store, recorded } = memoryStore(openPayment());

    expect(await answerIpn(signed(success), merchant, store)).toEqual({ RspCode: '00', Message: 'Confirm Success' });
    expect(recorded).toEqual([
      {
        provider: 'vnpay',
        reference: 'P5',
        outcome: 'success',
        needsReview: false,
        amount: 10_000,
        currency: 'VND',
        transactionId: '14422574',
        paidAt: '2024-05-21T02:18:06.000Z',
        failureReason: null,
        payload: success,
      },
    ]);
  });

  test('is 00 also for a payment that failed, and the failure is recorded', async () => {
    const { store, recorded } = memoryStore(openPayment());

    expect((await answerIpn(signed(failure), merchant, store)).RspCode).toBe('00');
    expect(recorded).toMatchObject([
      { outcome: 'failed', failureReason: 'vnpay_24', transactionId: null, paidAt: null, needsReview: false },
    ]);
  });

  test('is 97 for a wrong or missing signature, whatever else is wrong', async () => {
    const { store, recorded } = memoryStore({});
    const altered = { ...signed(success), vnp_Amount: '1000001' };
    const withUnsignedField = { ...signed(success), vnp_CardType: 'ATM' };

    for (const received of [success, altered, withUnsignedField]) {
      expect((await answerIpn(received, merchant, store)).RspCode).toBe('97');
    }
    expect(recorded).toEqual([]);
  });

  test('is 97 when a field comes twice', async () => {
    const { store } = memoryStore(openPayment());
    const received = { ...signed(success), vnp_TxnRef: ['P5', 'P6'] };

    expect((await answerIpn(received, merchant, store)).RspCode).toBe('97');
  });

  test('is 01 for an unknown reference, before the amount is looked at', async () => {
    const { store, recorded } = memoryStore({});

    expect((await answerIpn(signed(success), merchant, store)).RspCode).toBe('01');
    expect(recorded).toEqual([]);
  });

  test.each(['SOMEBODY', ''])(
    'is 01 for the merchant %p with our signature, and nothing is recorded',
    async (tmnCode) => {
      const { store, recorded } = memoryStore(openPayment());
      const { vnp_TmnCode: _ours, ...others } = success;
      const received = signed(tmnCode === '' ? others : { ...others, vnp_TmnCode: tmnCode });

      expect((await answerIpn(received, merchant, store)).RspCode).toBe('01');
      expect(recorded).toEqual([]);
    },
  );

  test.each([
    ['1000100', [10_001]],
    ['999900', [9_999]],
    ['10000', [100]],
    ['1000050', []],
    ['0', []],
  ])('is 04 for an amount of %s, which is taken in all the same, once', async (sum, taken) => {
    const payments = openPayment();
    const { store, recorded } = memoryStore(payments);

    expect((await answerIpn(signed({ ...success, vnp_Amount: sum }), merchant, store)).RspCode).toBe('04');
    (payments.P5 as CallbackPayment).state = 'paid';
    expect((await answerIpn(signed({ ...success, vnp_Amount: sum }), merchant, store)).RspCode).toBe('04');
    expect(recorded.map(({ outcome, amount }) => [outcome, amount])).toEqual(taken.map((one) => ['success', one]));
  });

  test('is 04 for another amount of what failed, of which nothing has come', async () => {
    const { store, recorded } = memoryStore(openPayment());

    expect((await answerIpn(signed({ ...failure, vnp_Amount: '100' }), merchant, store)).RspCode).toBe('04');
    expect(recorded).toEqual([]);
  });

  test('is 04 for a payment in another currency', async () => {
    const { store, recorded } = memoryStore({ P5: { amount: 10_000, currency: 'USD', state: 'open' } });

    expect((await answerIpn(signed(success), merchant, store)).RspCode).toBe('04');
    expect(recorded).toEqual([]);
  });

  test('is 02 for what is settled: a repeat, and a failure after the money', async () => {
    const { store, recorded } = memoryStore(openPayment());
    await answerIpn(signed(success), merchant, store);

    expect((await answerIpn(signed(success), merchant, store)).RspCode).toBe('02');
    expect((await answerIpn(signed(failure), merchant, store)).RspCode).toBe('02');
    expect(recorded).toHaveLength(1);
  });

  test('is 00 for money that comes after a failure, because it has to be taken in', async () => {
    const { store, recorded } = memoryStore(openPayment());
    await answerIpn(signed(failure), merchant, store);

    expect((await answerIpn(signed(success), merchant, store)).RspCode).toBe('00');
    expect(recorded.map(({ outcome }) => outcome)).toEqual(['failed', 'success']);
  });

  test('is 99 for an error of our own, which is reported', async () => {
    const broken: CallbackStore = {
      findPayment: () => Promise.reject(new Error('no connection')),
      record: () => Promise.reject(new Error('unreachable')),
    };
    const errors: unknown[] = [];

    expect((await answerIpn(signed(success), merchant, broken, (error) => errors.push(error))).RspCode).toBe('99');
    expect(errors).toEqual([new Error('no connection')]);
  });

  test('makes VNPay stop only when it is 00 or 02', () => {
    const repeated = ['00', '01', '02', '04', '97', '99', null].filter(isRepeatedAfter);

    expect(repeated).toEqual(['01', '04', '97', '99', null]);
  });
});

describe('codes that are not both 00', () => {
  test.each([
    ['00', '02', 'vnpay_status_02', true],
    ['99', '00', 'vnpay_99', true],
    ['07', '07', 'vnpay_07', true],
    ['00', '04', 'vnpay_status_04', true],
    ['51', '02', 'vnpay_51', false],
  ])('%s with status %s is a failure (%s), review: %s', async (code, status, reason, review) => {
    const { store, recorded } = memoryStore(openPayment());
    await answerIpn(signed({ ...success, vnp_ResponseCode: code, vnp_TransactionStatus: status }), merchant, store);

    expect(recorded).toMatchObject([{ outcome: 'failed', failureReason: reason, needsReview: review, paidAt: null }]);
  });
});

test('any number of calls in any order and any overlap records each outcome once, and money once', async () => {
  const call = fc.constantFrom<'success' | 'failure' | 'forged' | 'wrongAmount' | 'unknown'>(
    'success',
    'failure',
    'forged',
    'wrongAmount',
    'unknown',
  );
  const messages = {
    success: signed(success),
    failure: signed(failure),
    forged: { ...signed(failure), vnp_ResponseCode: '00', vnp_TransactionStatus: '00' },
    wrongAmount: signed({ ...success, vnp_Amount: '100' }),
    unknown: signed({ ...success, vnp_TxnRef: 'P6' }),
  };

  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { minLength: 1 }), async (waves) => {
      const payments = openPayment();
      const { store, recorded } = memoryStore(payments);
      const answers: { sent: keyof typeof messages; code: string }[] = [];

      for (const wave of waves) {
        const codes = await Promise.all(wave.map((sent) => answerIpn(messages[sent], merchant, store)));
        codes.forEach((answer, index) => answers.push({ sent: wave[index] ?? 'unknown', code: answer.RspCode }));
      }

      const sent = waves.flat();
      const count = (outcome: string) => recorded.filter((entry) => entry.outcome === outcome).length;
      const hasCome = sent.includes('success') || sent.includes('wrongAmount');
      expect(count('success')).toBe(hasCome ? 1 : 0);
      expect(count('failed')).toBeLessThanOrEqual(1);
      expect(payments.P5?.state).toBe(hasCome ? 'paid' : sent.includes('failure') ? 'failed' : 'open');
      for (const answer of answers) {
        const expected = {
          success: /^0[02]$/,
          failure: /^0[02]$/,
          forged: /^97$/,
          wrongAmount: /^04$/,
          unknown: /^01$/,
        };
        expect(answer.code).toMatch(expected[answer.sent]);
      }
      expect(answers.filter(({ code }) => code === '00')).toHaveLength(
        recorded.filter(({ amount }) => amount === 10_000).length,
      );
    }),
  );
});
