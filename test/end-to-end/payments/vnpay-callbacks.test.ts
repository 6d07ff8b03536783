import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, type TestShop, until } from '../orders/orders-test-shop';
import { createVnpayCaller, gaveUp } from './vnpay-test-caller';

const system = testSystem();
const vnpay = createVnpayCaller(system);
let shop: TestShop;
let buyer: Awaited<ReturnType<TestShop['addBuyer']>>;

beforeAll(async () => {
  shop = await openShop();
  buyer = await shop.addBuyer();
});

const place = async () => (await buyer.api.post('/orders', orderOf(await shop.addProduct()))).body;
const orderNow = async (id: number) => (await buyer.api.get(`/orders/${id}`)).body;
const paymentNow = async (id: number) => (await buyer.api.get(`/payments/${id}`)).body;
const placeToPay = async () => {
  const order = await place();

  return { order, payment: await paymentNow(order.paymentId) };
};
const becomes = (orderId: number, paymentStatus: string) =>
  until(
    () => orderNow(orderId),
    (order) => order.paymentStatus === paymentStatus,
  );
const refundOf = (paymentId: number) =>
  until(
    () => paymentNow(paymentId),
    ({ status }) => status === 'refunded',
  );
const countOf = async (orderId: number, wanted: string) =>
  (await shop.eventsOf(`order/${orderId}`)).filter((type) => type === wanted).length;
/** The page that a browser gets, by its path below the system's own address. */
const pageAt = (returnUrl: string) => {
  const { pathname, search } = new URL(returnUrl);

  return buyer.api.get(`/${pathname}${search}`);
};

describe('a payment at VNPay', () => {
  it('confirms the order, and its customer reads so in two languages', async () => {
    const { order, payment } = await placeToPay();
    const returnUrl = await vnpay.pay(order.paymentUrl);
    const paid = await becomes(order.id, 'paid');
    const page = await pageAt(returnUrl);

    expect(paid).toMatchObject({
      status: 'confirmed',
      invoice: { status: 'paid', paidAmount: 55_000 },
      payments: [{ status: 'success', paidAmount: 55_000 }],
    });
    expect((await vnpay.transaction(payment.reference)).ipn).toMatchObject({ answers: ['00'], pending: 0 });
    expect(paid.payments[0].transactionId).toBe((await vnpay.transaction(payment.reference)).transactionNo);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('data-state="paid"');
    expect(page.text).toContain('Thanh toán thành công');
    expect(page.text).toContain('Payment received');
    expect(page.text).toContain(payment.reference);
    expect(page.text).not.toContain('class="button"');
    expect(page.text).toMatch(/55\.000\s₫/);
  });

  it.each([
    ['cancel', 'vnpay_24'],
    ['decline', 'vnpay_51'],
  ])('that ends by %s keeps the order, to be paid by a new one', async (behaviour, failureReason) => {
    const { order, payment } = await placeToPay();
    const page = await pageAt(await vnpay.pay(order.paymentUrl, behaviour));

    expect(await becomes(order.id, 'failed')).toMatchObject({ status: 'pending', payments: [{ failureReason }] });
    expect((await vnpay.transaction(payment.reference)).ipn.answers).toEqual(['00']);
    expect(page.text).toContain('data-state="failed"');
    expect(page.text).toContain('Thanh toán không thành công');
    expect(page.text).toContain('Nothing was charged');
    expect(page.text).toContain(order.orderNumber);
    const payLink = /class="button" href="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await pageAt(payLink)).text).toContain('Thanh toán qua VNPay');

    const { body: again } = await buyer.api.post(`/orders/${order.id}/pay`, {});
    await vnpay.pay(again.paymentUrl);
    expect(await becomes(order.id, 'paid')).toMatchObject({ status: 'confirmed' });
  });

  it('that VNPay suspects does not say that nothing was charged', async () => {
    const order = await place();
    const page = await pageAt(await vnpay.pay(order.paymentUrl, 'suspect'));

    expect(await becomes(order.id, 'failed')).toMatchObject({ status: 'pending' });
    expect(page.text).toContain('data-state="in_doubt"');
    expect(page.text).not.toContain('Nothing was charged');
  });

  it('that is notified three times at once is taken in once', async () => {
    const { order, payment } = await placeToPay();
    await vnpay.pay(order.paymentUrl, 'duplicate_ipn');
    await becomes(order.id, 'paid');
    const { ipn } = await until(
      () => vnpay.transaction(payment.reference),
      (transaction) => transaction.ipn.sent === 3,
    );

    expect([...ipn.answers].sort()).toEqual(['00', '02', '02']);
    expect(await countOf(order.id, 'order.completed')).toBe(1);
  });

  it('stays paid when VNPay calls it failed later', async () => {
    const { order, payment } = await placeToPay();
    await vnpay.pay(order.paymentUrl, 'late_failure');
    const { ipn } = await until(
      () => vnpay.transaction(payment.reference),
      (transaction) => transaction.ipn.sent === 2,
    );

    expect(ipn.answers).toEqual(['00', '02']);
    expect(await becomes(order.id, 'paid')).toMatchObject({ status: 'confirmed' });
    expect(await countOf(order.id, 'payment.failed')).toBe(0);
  });

  it('of another amount settles nothing, and goes back', async () => {
    const { order, payment } = await placeToPay();
    await vnpay.pay(order.paymentUrl, 'wrong_amount');

    expect((await vnpay.transaction(payment.reference)).ipn.answers).toContain('04');
    const after = await until(
      () => orderNow(order.id),
      ({ payments }) => payments[0].status === 'refunded',
    );
    expect(after).toMatchObject({ status: 'pending', payments: [{ paidAmount: 27_500, refundedAmount: 27_500 }] });
    expect((await vnpay.transaction(payment.reference)).refunds).toMatchObject([{ amount: 2_750_000, type: '02' }]);
  });
});

describe('a notification by VNPay', () => {
  it('counts only with the right signature', async () => {
    const { order, payment } = await placeToPay();
    const query = vnpay.signed(payment);
    const spoiled = [
      query.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      query.replace('vnp_BankCode=NCB', 'vnp_BankCode=VCB'),
      query.replace(/&vnp_SecureHash=.*/, ''),
      `${query}&vnp_Amount=5500000`,
      '',
    ];

    for (const one of spoiled) {
      expect(await vnpay.callIpnRaw(one)).toMatchObject({ status: 200, body: { RspCode: '97' } });
    }
    expect(await paymentNow(payment.id)).toMatchObject({ status: 'initiated' });
    expect(await vnpay.callIpn(payment)).toBe('00');
    expect(await becomes(order.id, 'paid')).toMatchObject({ status: 'confirmed' });
  });

  it('of another amount or an unknown payment is answered so', async () => {
    const { payment } = await placeToPay();

    expect(await vnpay.callIpn({ ...payment, amount: payment.amount - 1 })).toBe('04');
    expect(await vnpay.callIpn({ ...payment, amount: payment.amount * 100 })).toBe('04');
    expect(await vnpay.callIpn(payment, { vnp_Amount: '5500050' })).toBe('04');
    expect(await vnpay.callIpn({ ...payment, reference: `${payment.reference}0000000` })).toBe('01');
    const taken = await until(
      () => paymentNow(payment.id),
      ({ status }) => status === 'refund_due',
    );
    expect(taken).toMatchObject({ paidAmount: payment.amount - 1 });
  });

  it('is taken in once of a hundred times at once', async () => {
    const { order, payment } = await placeToPay();
    const codes = await Promise.all(Array.from({ length: 100 }, () => vnpay.callIpn(payment)));

    expect(codes.filter((code) => code === '00')).toHaveLength(1);
    expect(codes.filter((code) => code === '02')).toHaveLength(99);
    expect(await becomes(order.id, 'paid')).toMatchObject({ status: 'confirmed', payments: [{ paidAmount: 55_000 }] });
    expect(await countOf(order.id, 'payment.success')).toBe(1);
    expect(await countOf(order.id, 'order.completed')).toBe(1);
    expect((await shop.staff.get(`/inventory/${order.items[0].productId}`)).body).toMatchObject({
      quantity: 99,
      reserved: 0,
    });
  });

  it('counts when it comes before the buyer hears of the order', async () => {
    const productId = await shop.addProduct();
    const other = await shop.addBuyer();
    const answer = other.api.post('/orders', orderOf(productId));
    const [row] = await until(
      () =>
        system.query<{ reference: string; amount: string }>(
          'SELECT reference, amount FROM finance.payments WHERE customer_id = $1',
          [other.customerId],
        ),
      (rows) => rows.length > 0,
    );

    expect(await vnpay.callIpn({ reference: row?.reference ?? '', amount: Number(row?.amount) })).toBe('00');
    expect((await answer).status).toBe(201);
    expect(
      await until(
        async () => (await other.api.get(`/orders/${row === undefined ? 0 : (await answer).body.id}`)).body,
        ({ paymentStatus }) => paymentStatus === 'paid',
      ),
    ).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  });

  it('of a success counts after one of a failure, and not the other way round', async () => {
    const { order, payment } = await placeToPay();
    expect(await vnpay.callIpn(payment, gaveUp)).toBe('00');
    expect(await vnpay.callIpn(payment, gaveUp)).toBe('02');
    expect(await becomes(order.id, 'failed')).toMatchObject({ status: 'pending' });

    expect(await vnpay.callIpn(payment)).toBe('00');
    expect(await becomes(order.id, 'paid')).toMatchObject({ status: 'confirmed' });
    expect(await vnpay.callIpn(payment, gaveUp)).toBe('02');
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  });

  it('with one of the two success codes is no success', async () => {
    const { order, payment } = await placeToPay();
    expect(await vnpay.callIpn(payment, { vnp_TransactionStatus: '02' })).toBe('00');
    expect(await becomes(order.id, 'failed')).toMatchObject({ status: 'pending', invoice: { status: 'draft' } });
  });

  it('after a cancel makes VNPay give the money back', async () => {
    const { order, payment } = await placeToPay();
    const returnUrl = await vnpay.pay(order.paymentUrl, 'ipn_lost');
    expect((await buyer.api.post(`/orders/${order.id}/cancel`, {})).body.status).toBe('cancelled');
    expect(await vnpay.notify(payment.reference)).toEqual(['00']);

    expect(await refundOf(payment.id)).toMatchObject({ status: 'refunded', refundedAmount: 55_000 });
    expect(await becomes(order.id, 'refunded')).toMatchObject({ status: 'cancelled', invoice: { status: 'void' } });
    expect((await vnpay.transaction(payment.reference)).refunds).toMatchObject([{ amount: 5_500_000, type: '02' }]);
    const page = await pageAt(returnUrl);
    expect(page.text).toContain('data-state="returned"');
    expect(page.text).toContain('Money on its way back');
  });

  it('on a superseded payment pays the order, and the newer payment is given back', async () => {
    const { order, payment: older } = await placeToPay();
    await vnpay.pay(order.paymentUrl, 'ipn_lost');
    const { body } = await buyer.api.post(`/orders/${order.id}/pay`, {});
    const newer = await paymentNow(body.paymentId);
    expect((await paymentNow(older.id)).status).toBe('superseded');

    expect(await vnpay.notify(older.reference)).toEqual(['00']);
    expect(await becomes(order.id, 'paid')).toMatchObject({
      status: 'confirmed',
      payments: [{ status: 'success' }, { status: 'superseded' }],
    });

    await vnpay.pay(body.paymentUrl);
    expect(await refundOf(newer.id)).toMatchObject({ status: 'refunded', refundedAmount: 55_000 });
    expect((await vnpay.transaction(newer.reference)).refunds).toMatchObject([{ amount: 5_500_000 }]);
    expect((await vnpay.transaction(older.reference)).refunds).toEqual([]);
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  });
});

describe('the page VNPay sends the customer back to', () => {
  it('settles nothing by itself', async () => {
    const { order, payment } = await placeToPay();
    const returnUrl = await vnpay.pay(order.paymentUrl, 'ipn_lost');
    const waiting = await pageAt(returnUrl);

    expect(waiting.text).toContain('data-state="waiting"');
    expect(waiting.text).toContain('Đang ghi nhận thanh toán');
    expect(waiting.text).toContain('Recording your payment');
    expect(await orderNow(order.id)).toMatchObject({ status: 'pending', paymentStatus: 'pending' });

    await vnpay.notify(payment.reference);
    await becomes(order.id, 'paid');
    expect((await pageAt(returnUrl)).text).toContain('data-state="paid"');
  });

  it('is not shown for a return that VNPay did not sign', async () => {
    const { payment } = await placeToPay();
    const query = vnpay.signed(payment).replace('vnp_ResponseCode=00', 'vnp_ResponseCode=24');

    for (const address of [query, query.replace(/&?vnp_SecureHash=[^&]*/, ''), '']) {
      const page = await pageAt(`${system.url}/payments/vnpay/return?${address}`);

      expect(page.status).toBe(400);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('The result cannot be read');
      expect(page.text).not.toContain(payment.reference);
    }
  });

  it('says so where a payment is not known', async () => {
    const query = vnpay.signed({ reference: 'nobodys-payment', amount: 55_000 });
    const page = await pageAt(`${system.url}/payments/vnpay/return?${query}`);

    expect(page.status).toBe(404);
    expect(page.text).toContain('This payment is not known here');
  });
});
