import { openShop, orderOf, problemOf, type TestShop, until } from '../orders/orders-test-shop';

let shop: TestShop;
let buyer: Awaited<ReturnType<TestShop['addBuyer']>>;

beforeAll(async () => {
  shop = await openShop();
  buyer = await shop.addBuyer();
});

const place = async (fields: Record<string, unknown> = {}) =>
  (await buyer.api.post('/orders', orderOf(await shop.addProduct(), fields))).body;
const succeed = (paymentId: number) => shop.company.visitor.post(`/payments/${paymentId}/test/success`);
const fail = (paymentId: number, body?: object) => shop.company.visitor.post(`/payments/${paymentId}/test/fail`, body);
const orderNow = async (id: number) => (await buyer.api.get(`/orders/${id}`)).body;
const paymentNow = async (id: number) => (await buyer.api.get(`/payments/${id}`)).body;
const refundOf = (paymentId: number) =>
  until(
    () => paymentNow(paymentId),
    ({ status }) => status === 'refunded',
  );
const stockOf = async (order: { items: { productId: number }[] }) =>
  (await shop.staff.get(`/inventory/${order.items[0]?.productId}`)).body;
const countOf = async (orderId: number, wanted: string) =>
  (await shop.eventsOf(`order/${orderId}`)).filter((type) => type === wanted).length;

describe('a payment that succeeds', () => {
  it('counts once when its success is told twenty times at once', async () => {
    const order = await place();
    const answers = await Promise.all(Array.from({ length: 20 }, () => succeed(order.paymentId)));

    expect(answers.map(({ status, body }) => `${status} ${body.status}`)).toEqual(Array(20).fill('200 success'));
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    expect(await stockOf(order)).toMatchObject({ quantity: 99, reserved: 0 });
    expect(await countOf(order.id, 'payment.success')).toBe(1);
    expect(await countOf(order.id, 'order.completed')).toBe(1);
  });

  it('leaves nothing to pay', async () => {
    const order = await place();
    await succeed(order.paymentId);

    expect(problemOf(await buyer.api.post(`/orders/${order.id}/pay`, {}))).toBe('409 order_already_paid');
  });

  it('is not undone by a failure that is told later', async () => {
    const order = await place();
    await succeed(order.paymentId);

    expect((await fail(order.paymentId)).body).toMatchObject({ status: 'success', failureReason: null });
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    expect(await countOf(order.id, 'payment.failed')).toBe(0);
  });

  it('numbers invoices without gaps, however many are paid at once', async () => {
    const other = await openShop();
    const buyers = await Promise.all(Array.from({ length: 4 }, () => other.addBuyer()));
    const productId = await other.addProduct();
    const orders = await Promise.all(
      buyers.flatMap(({ api }) =>
        Array.from({ length: 4 }, async () => (await api.post('/orders', orderOf(productId))).body),
      ),
    );
    await Promise.all(
      orders.map(({ id, paymentId }, nth) =>
        nth % 4 === 3
          ? other.staff.post(`/orders/${id}/cancel`, {})
          : other.company.visitor.post(`/payments/${paymentId}/test/success`),
      ),
    );
    const { data } = (await other.staff.get('/invoices?limit=100')).body;
    const numbers = data
      .map((invoice: { invoiceNumber: string | null }) => invoice.invoiceNumber)
      .filter((number: string | null) => number !== null)
      .map((number: string) => Number(/(\d+)$/.exec(number)?.[1]));

    expect(data).toHaveLength(16);
    expect(numbers.sort((a: number, b: number) => a - b)).toEqual(Array.from({ length: 12 }, (_, nth) => nth + 1));
  });
});

describe('a payment that fails', () => {
  it('leaves the order pending with its stock, to be paid again', async () => {
    const order = await place();
    expect(await fail(order.paymentId, { reason: 'insufficient_funds' })).toMatchObject({
      status: 200,
      body: { status: 'failed', failureReason: 'insufficient_funds', paidAmount: 0 },
    });
    expect(await orderNow(order.id)).toMatchObject({ status: 'pending', paymentStatus: 'failed', paymentUrl: null });
    expect(await stockOf(order)).toMatchObject({ quantity: 100, reserved: 1 });

    const again = await buyer.api.post(`/orders/${order.id}/pay`, {});
    expect(again).toMatchObject({
      status: 200,
      body: {
        status: 'pending',
        paymentStatus: 'pending',
        paymentUrl: expect.stringMatching(/^http/),
        payments: [
          { attempt: 1, status: 'failed' },
          { attempt: 2, status: 'initiated' },
        ],
      },
    });
    await succeed(again.body.paymentId);
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    expect(await shop.eventsOf(`order/${order.id}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'payment.failed',
      'payment.initiated',
      'payment.success',
      'inventory.deducted',
      'invoice.updated',
      'order.confirmed',
      'order.completed',
    ]);
  });

  it('may turn out to have succeeded after all', async () => {
    const order = await place();
    await fail(order.paymentId);
    expect((await succeed(order.paymentId)).body).toMatchObject({ status: 'success', failureReason: null });
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  });
});

describe('paying again', () => {
  it('supersedes the payment under way; money for the older one pays the order when nothing else did', async () => {
    const order = await place();
    const { body } = await buyer.api.post(`/orders/${order.id}/pay`, {});
    expect(body.payments).toMatchObject([{ status: 'superseded' }, { status: 'initiated' }]);

    await succeed(order.paymentId);
    expect(await orderNow(order.id)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      invoice: { status: 'paid', paidAmount: 55_000 },
      payments: [{ status: 'success' }, { status: 'superseded' }],
    });
  });

  it('gives the second of two payments back', async () => {
    const order = await place();
    const { body } = await buyer.api.post(`/orders/${order.id}/pay`, {});
    await succeed(body.paymentId);
    await succeed(order.paymentId);

    expect(await refundOf(order.paymentId)).toMatchObject({ status: 'refunded', refundedAmount: 55_000 });
    expect(await orderNow(order.id)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      invoice: { status: 'paid', paidAmount: 55_000 },
      payments: [{ status: 'refunded' }, { status: 'success', refundedAmount: 0 }],
    });
  });

  it('may be by another method', async () => {
    const order = await place();
    const asked = await buyer.api.post(`/orders/${order.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
    expect(asked.status).toBe(200);
    // The bank usually answers before the request is answered, and not always.
    const paid = await until(
      () => orderNow(order.id),
      ({ paymentStatus }) => paymentStatus === 'paid',
    );

    expect(paid).toMatchObject({ status: 'confirmed', paymentMethod: 'card', paymentStatus: 'paid' });
    expect(problemOf(await buyer.api.post(`/orders/${(await place()).id}/pay`, { paymentMethod: 'cod' }))).toBe(
      '422 payment_method_unavailable /paymentMethod',
    );
  });

  it('leaves one payment open, however many are started at once', async () => {
    const order = await place();
    await Promise.all(Array.from({ length: 8 }, () => buyer.api.post(`/orders/${order.id}/pay`, {})));
    const { payments } = await orderNow(order.id);

    expect(payments.map(({ attempt }: { attempt: number }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(payments.filter(({ status }: { status: string }) => status === 'initiated')).toHaveLength(1);
  });
});

describe('money for a cancelled order', () => {
  it('is given back', async () => {
    const order = await place();
    await buyer.api.post(`/orders/${order.id}/cancel`, {});
    await succeed(order.paymentId);

    expect(await refundOf(order.paymentId)).toMatchObject({
      status: 'refunded',
      paidAmount: 55_000,
      refundedAmount: 55_000,
    });
    expect(
      await until(
        () => orderNow(order.id),
        ({ paymentStatus }) => paymentStatus === 'refunded',
      ),
    ).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded', invoice: { status: 'void' } });
    expect(await stockOf(order)).toMatchObject({ quantity: 100, reserved: 0 });
  });

  it('goes back in full, with the goods, when payment and cancel come at once', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => place()));
    const cancels = await Promise.all(
      orders.flatMap((order, nth) => {
        const cancel = () => buyer.api.post(`/orders/${order.id}/cancel`, {});
        const pay = () => succeed(order.paymentId);

        return nth % 2 === 0 ? [cancel(), pay()] : [pay(), cancel()];
      }),
    );
    expect(cancels.map(({ status }) => status)).toEqual(Array(12).fill(200));

    for (const order of orders) {
      expect(
        await until(
          () => orderNow(order.id),
          ({ paymentStatus }) => paymentStatus === 'refunded',
        ),
      ).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded', payments: [{ refundedAmount: 55_000 }] });
      expect(await stockOf(order)).toMatchObject({ quantity: 100, reserved: 0 });
    }
  });
});

describe('a refund', () => {
  it('takes parts, up to what was paid', async () => {
    const order = await place();
    const refund = (amount?: number) => shop.manager.post(`/payments/${order.paymentId}/refund`, { amount });
    expect(problemOf(await refund())).toBe('409 payment_state');
    await succeed(order.paymentId);

    expect((await refund(15_000)).status).toBe(200);
    // The provider usually answers before the request is answered, and not always.
    const inPart = await until(
      () => paymentNow(order.paymentId),
      ({ refundedAmount }) => refundedAmount === 15_000,
    );
    expect(inPart).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: 15_000, status: 'succeeded' }],
    });
    expect(await refund(40_001)).toMatchObject({
      status: 422,
      body: { code: 'refund_exceeds_payment', field: '/amount', refundable: 40_000 },
    });
    expect(problemOf(await refund(0))).toBe('422 validation_failed /amount');
    expect((await orderNow(order.id)).paymentStatus).toBe('partially_refunded');

    expect((await refund()).status).toBe(200);
    expect(await refundOf(order.paymentId)).toMatchObject({ status: 'refunded', refundedAmount: 55_000 });
    expect(problemOf(await refund())).toBe('409 payment_state');
    expect(await orderNow(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'refunded' });
    expect(await countOf(order.id, 'payment.refunded')).toBe(2);
  });

  it('never gives back more than was paid, however many are asked for at once', async () => {
    const order = await place();
    await succeed(order.paymentId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.manager.post(`/payments/${order.paymentId}/refund`, { amount: 20_000 })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(problemOf))).toEqual(
      new Set(['422 refund_exceeds_payment /amount']),
    );
    expect(
      await until(
        () => paymentNow(order.paymentId),
        ({ refundedAmount }) => refundedAmount === 40_000,
      ),
    ).toMatchObject({ status: 'partially_refunded', refundedAmount: 40_000 });
  });

  it('of a part is taken off what a later cancel gives back', async () => {
    const order = await place();
    await succeed(order.paymentId);
    await shop.manager.post(`/payments/${order.paymentId}/refund`, { amount: 5_000 });
    await buyer.api.post(`/orders/${order.id}/cancel`, {});

    const payment = await refundOf(order.paymentId);
    expect(payment).toMatchObject({ status: 'refunded', refundedAmount: 55_000 });
    expect(payment.refunds.map(({ amount }: { amount: number }) => amount).sort()).toEqual([5_000, 50_000].sort());
  });
});

describe('/payments', () => {
  it('are found by order, status and method, newest first', async () => {
    const order = await place();
    const { body } = await buyer.api.post(`/orders/${order.id}/pay`, {});
    const ids = async (query: string) =>
      (await buyer.api.get(`/payments?orderId=${order.id}${query}`)).body.data.map((row: { id: number }) => row.id);

    expect(await ids('')).toEqual([body.paymentId, order.paymentId]);
    expect(await ids('&status=pending')).toEqual([body.paymentId]);
    expect(await ids('&status=superseded')).toEqual([order.paymentId]);
    expect(await ids('&method=card')).toEqual([]);
    expect(await ids('&limit=1')).toEqual([body.paymentId]);
    expect(problemOf(await succeed(999_999_999))).toBe('404 not_found');
  });
});
