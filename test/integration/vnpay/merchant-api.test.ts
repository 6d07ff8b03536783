import { createHmac } from 'node:crypto';
import { type RefundRequest } from '../../../domain/payments/payment-gateway';
import { HASH_SECRET, PLACED_AT, startShop, TMN_CODE, type Shop } from './start-shop';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ config: { requestTimeoutMs: 2_000 } });
});
afterAll(() => shop.close());

const NOW = '2026-03-02T03:14:30.000Z';
const pay = async (amount: number, behaviour = 'pay') => {
  const initiation = shop.place(amount);
  const { body } = await shop.control('POST', '/pay', { paymentUrl: initiation.paymentUrl, behaviour });

  return { ...initiation, transactionNo: body.transaction.transactionNo as string };
};
const query = async (reference: string, initiatedAt = PLACED_AT) =>
  shop.gateway.query?.({ reference, effectKey: null, initiatedAt, now: NOW });
const fault = (name: string, times = 1) => shop.control('POST', '/faults', { fault: name, times });
const refundOf = (payment: { reference: string; transactionNo: string }, changes: Partial<RefundRequest> = {}) =>
  shop.gateway.refund?.({
    effectKey: `i1:payment/${payment.reference}:refund:1`,
    reference: payment.reference,
    transactionId: payment.transactionNo,
    initiatedAt: PLACED_AT,
    amount: 100_000,
    paidAmount: 100_000,
    refundedBefore: 0,
    currency: 'VND',
    reason: 'Khách đổi ý',
    requestedBy: 'user/3',
    firstSentAt: NOW,
    now: NOW,
    ...changes,
  });
const refundsAtVnpay = async (reference: string) =>
  (await shop.control('GET', `/transactions/${reference}`)).body.refunds.map((one: any) => [
    one.type,
    one.amount / 100,
  ]);

describe('querydr', () => {
  test('tells success with what was really paid', async () => {
    const paid = await pay(100_000);
    const short = await pay(100_000, 'wrong_amount');

    expect(await query(paid.reference)).toEqual({
      outcome: 'success',
      transactionId: paid.transactionNo,
      paidAmount: 100_000,
      paidAt: PLACED_AT,
    });
    expect(await query(short.reference)).toMatchObject({ outcome: 'success', paidAmount: 50_000 });
  });

  test.each(['decline', 'cancel', 'expire'])('tells failure after %s', async (behaviour) => {
    expect(await query((await pay(100_000, behaviour)).reference)).toMatchObject({ outcome: 'failed' });
  });

  test('tells that an opened page is still undecided, and that nobody opened another', async () => {
    const [opened, unopened] = [shop.place(100_000), shop.place(100_000)];
    await fetch(opened.paymentUrl ?? '');

    expect(await query(opened.reference)).toEqual({ outcome: 'pending' });
    expect(await query(unopened.reference)).toEqual({ outcome: 'not_found' });
  });

  test('finds a payment only by the instant it was made', async () => {
    const { reference } = await pay(100_000);

    expect(await query(reference, '2026-03-02T03:00:01.000Z')).toEqual({ outcome: 'not_found' });
    expect(await query(reference, '2026-03-02T03:00:00.999Z')).toMatchObject({ outcome: 'success' });
  });

  test('is no success and no failure when fraud is suspected', async () => {
    expect(await query((await pay(100_000, 'suspect')).reference)).toEqual({
      outcome: 'unknown',
      reason: 'vnpay_status_07',
    });
  });

  test.each([
    ['hang', 'timeout'],
    ['answer_lost', 'unreachable'],
    ['http_500', 'http_500'],
    ['not_json', 'answer_unreadable'],
    ['wrong_hash', 'answer_not_authentic'],
    ['no_hash', 'answer_not_authentic'],
    ['code_99', 'vnpay_99'],
  ])('with the fault %s is unknown (%s), never a failure', async (name, reason) => {
    const { reference } = await pay(100_000);
    await fault(name);

    expect(await query(reference)).toEqual({ outcome: 'unknown', reason });
    expect(await query(reference)).toMatchObject({ outcome: 'success' });
  });

  test('asked many times at once is answered each time', async () => {
    const { reference } = await pay(100_000);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => query(reference)));

    expect(answers.map((answer) => answer?.outcome)).toEqual(Array(10).fill('success'));
  });
});

describe('refund', () => {
  test('gives a whole payment back once', async () => {
    const payment = await pay(100_000);

    expect(await refundOf(payment)).toEqual({
      outcome: 'success',
      refundId: expect.stringMatching(/^\d+$/),
      isFinal: false,
    });
    expect(await refundsAtVnpay(payment.reference)).toEqual([['02', 100_000]]);
  });

  test('gives parts back up to what was paid, and no more', async () => {
    const payment = await pay(100_000);
    const part = (n: number, amount: number, refundedBefore: number) =>
      refundOf(payment, { effectKey: `i1:payment/${payment.reference}:refund:${n}`, amount, refundedBefore });

    expect(await part(1, 60_000, 0)).toMatchObject({ outcome: 'success' });
    expect(await part(2, 50_000, 60_000)).toEqual({ outcome: 'declined', reason: 'refund_exceeds_payment' });
    // Books that are wrong here are caught there.
    expect(await part(3, 50_000, 0)).toEqual({ outcome: 'declined', reason: 'vnpay_93' });
    expect(await part(4, 100_000, 0)).toEqual({ outcome: 'declined', reason: 'vnpay_04' });
    expect(await part(5, 40_000, 60_000)).toMatchObject({ outcome: 'success' });
    expect(await refundsAtVnpay(payment.reference)).toEqual([
      ['03', 60_000],
      ['03', 40_000],
    ]);
  });

  test('of what was never paid, or of somebody else’s payment, is declined', async () => {
    const [cancelled, paid] = [await pay(100_000, 'cancel'), await pay(100_000)];

    expect(await refundOf(cancelled)).toEqual({ outcome: 'declined', reason: 'vnpay_95' });
    expect(await refundOf(paid, { transactionId: '999' })).toEqual({ outcome: 'declined', reason: 'vnpay_91' });
    expect(await refundOf({ reference: 'P999999', transactionNo: '1' })).toEqual({
      outcome: 'declined',
      reason: 'vnpay_91',
    });
  });

  test.each([
    ['the whole payment', 100_000, '02'],
    ['a part', 30_000, '03'],
  ])('whose answer was lost is found again by repeating it, and is not paid twice: %s', async (_name, amount, type) => {
    const payment = await pay(100_000);
    await fault('answer_lost');

    expect(await refundOf(payment, { amount })).toEqual({ outcome: 'unknown', reason: 'unreachable' });
    const repeated = await refundOf(payment, { amount });
    expect(repeated).toMatchObject({ outcome: 'success' });
    expect(await refundOf(payment, { amount })).toEqual(repeated);
    expect(await refundsAtVnpay(payment.reference)).toEqual([[type, amount]]);
  });

  test('whose answer was lost stays unknown when an earlier part could be what is seen', async () => {
    const payment = await pay(100_000);
    await refundOf(payment, { amount: 10_000 });
    const second = { effectKey: `i1:payment/${payment.reference}:refund:2`, amount: 20_000, refundedBefore: 10_000 };
    await fault('answer_lost');
    await refundOf(payment, second);

    expect(await refundOf(payment, second)).toEqual({ outcome: 'unknown', reason: 'vnpay_94' });
    expect(await refundsAtVnpay(payment.reference)).toEqual([
      ['03', 10_000],
      ['03', 20_000],
    ]);
  });

  test('is not sent again on a later day, but looked up', async () => {
    const [done, lost] = [await pay(100_000), await pay(100_000)];
    const nextDay = { firstSentAt: '2026-03-02T16:59:59.000Z', now: '2026-03-02T17:00:00.000Z' };
    const first = await refundOf(done);

    expect(await refundOf(done, nextDay)).toEqual(first);
    expect(await refundOf(lost, nextDay)).toEqual({ outcome: 'unknown', reason: 'sent_on_an_earlier_day' });
    expect(await refundsAtVnpay(lost.reference)).toEqual([]);
  });

  test.each(['wrong_hash', 'no_hash', 'http_500', 'not_json', 'hang', 'code_99'])(
    'with the fault %s is unknown, never declined',
    async (name) => {
      const payment = await pay(100_000);
      await fault(name);

      expect(await refundOf(payment)).toMatchObject({ outcome: 'unknown' });
      expect((await refundsAtVnpay(payment.reference)).length).toBe(name.endsWith('hash') ? 1 : 0);
    },
  );

  test('makes querydr say that money went back, which is no success any more', async () => {
    const payment = await pay(100_000);
    await refundOf(payment);

    expect(await query(payment.reference)).toEqual({ outcome: 'unknown', reason: 'refund_seen' });
  });
});

/** Requests signed by hand, from the protocol's own lists, apart from the product's client. */
describe('the interface itself', () => {
  const hmac = (text: string) => createHmac('sha512', HASH_SECRET).update(text).digest('hex');
  const post = async (body: unknown) =>
    (await fetch(shop.sandbox.apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }).then((response) => response.json())) as Record<string, string>;
  let counter = 0;
  const querydr = (reference: string, changes: Record<string, string> = {}) => {
    counter += 1;
    const fields = {
      vnp_RequestId: `byhand${counter}`,
      vnp_Version: '2.1.0',
      vnp_Command: 'querydr',
      vnp_TmnCode: TMN_CODE,
      vnp_TxnRef: reference,
      vnp_TransactionDate: '20260302100000',
      vnp_CreateDate: '20260302101430',
      vnp_IpAddr: '127.0.0.1',
      vnp_OrderInfo: 'Truy van',
      ...changes,
    };

    return { ...fields, vnp_SecureHash: hmac(Object.values(fields).join('|')) };
  };

  test('signs its answers over the fields in the protocol’s order', async () => {
    const payment = await pay(100_000);
    const answer = await post(querydr(payment.reference));
    const signed = [
      answer.vnp_ResponseId,
      'querydr',
      '00',
      answer.vnp_Message,
      TMN_CODE,
      payment.reference,
      '10000000',
      'NCB',
      '20260302100000',
      payment.transactionNo,
      '01',
      '00',
      answer.vnp_OrderInfo,
      '',
      '',
    ];

    expect(answer.vnp_SecureHash).toBe(hmac(signed.join('|')));
  });

  test.each([
    ['02', 'an unknown terminal', { vnp_TmnCode: 'SOMEBODY' }],
    ['03', 'an unknown command', { vnp_Command: 'steal' }],
    ['03', 'a missing field', { vnp_IpAddr: '' }],
    ['03', 'a request id that is too long', { vnp_RequestId: 'x'.repeat(33) }],
    ['03', 'a date that does not exist', { vnp_TransactionDate: '20261301000000' }],
    ['91', 'an unknown reference', { vnp_TxnRef: 'P0' }],
  ])('answers %s to %s', async (code, _name, changes) => {
    const { reference } = await pay(100_000);

    expect((await post(querydr(reference, changes as Record<string, string>))).vnp_ResponseCode).toBe(code);
  });

  test('answers 97 to a wrong signature and 94 to a request id used before on the day', async () => {
    const { reference } = await pay(100_000);
    const request = querydr(reference);

    expect((await post({ ...request, vnp_OrderInfo: 'Khac' })).vnp_ResponseCode).toBe('97');
    expect((await post(request)).vnp_ResponseCode).toBe('00');
    expect((await post(request)).vnp_ResponseCode).toBe('94');
  });

  test.each(['', 'nonsense', '[]', '{"vnp_Command":{}}'])('answers 03 to the body %p', async (body) => {
    expect((await post(body)).vnp_ResponseCode).toBe('03');
  });

  const refund = (reference: string, changes: Record<string, string> = {}) => {
    counter += 1;
    const fields = {
      vnp_RequestId: `refundbyhand${counter}`,
      vnp_Version: '2.1.0',
      vnp_Command: 'refund',
      vnp_TmnCode: TMN_CODE,
      vnp_TransactionType: '03',
      vnp_TxnRef: reference,
      vnp_Amount: '1000000',
      vnp_TransactionNo: '',
      vnp_TransactionDate: '20260302100000',
      vnp_CreateBy: 'test',
      vnp_CreateDate: '20260302101430',
      vnp_IpAddr: '127.0.0.1',
      vnp_OrderInfo: 'Hoan tien',
      ...changes,
    };

    return { ...fields, vnp_SecureHash: hmac(Object.values(fields).join('|')) };
  };

  test('carries a refund signed by hand out', async () => {
    const payment = await pay(100_000);
    const answer = await post(refund(payment.reference));
    const signed = [
      answer.vnp_ResponseId,
      'refund',
      '00',
      answer.vnp_Message,
      TMN_CODE,
      payment.reference,
      '1000000',
      'NCB',
      '20260302100000',
      answer.vnp_TransactionNo,
      '03',
      '05',
      'Hoan tien',
    ];

    expect(answer.vnp_SecureHash).toBe(hmac(signed.join('|')));
    expect(await refundsAtVnpay(payment.reference)).toEqual([['03', 10_000]]);
  });

  test.each([
    ['94', 'of what was given back already', { vnp_TransactionType: '02', vnp_Amount: '10000000' }],
    ['94', 'of a part of what was given back already', {}],
    ['03', 'of an unknown type', { vnp_TransactionType: '01' }],
    ['03', 'of nothing', { vnp_Amount: '0' }],
  ])('answers %s to a refund %s', async (code, _name, changes) => {
    const { reference } = await pay(100_000);
    await post(refund(reference, { vnp_TransactionType: '02', vnp_Amount: '10000000' }));

    expect((await post(refund(reference, changes as Record<string, string>))).vnp_ResponseCode).toBe(code);
    expect(await refundsAtVnpay(reference)).toEqual([['02', 100_000]]);
  });

  test('answers 93 to a full refund of less than all', async () => {
    const { reference } = await pay(100_000);

    expect((await post(refund(reference, { vnp_TransactionType: '02' }))).vnp_ResponseCode).toBe('93');
  });
});
