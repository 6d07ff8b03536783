import { openShop, orderOf, problemOf, type TestShop, until } from '../orders/orders-test-shop';

let shop: TestShop;
let buyer: Awaited<ReturnType<TestShop['addBuyer']>>;

beforeAll(async () => {
  shop = await openShop();
});

beforeEach(async () => {
  buyer = await shop.addBuyer();
});

const placeBy = async (paymentToken: string) =>
  buyer.api.post('/orders', orderOf(await shop.addProduct(), { paymentMethod: 'card', paymentToken }));
const payBy = (orderId: number, paymentToken: string) => buyer.api.post(`/orders/${orderId}/pay`, { paymentToken });
const refused = (failureReason: string) => ({
  status: 'pending',
  paymentStatus: 'failed',
  paymentUrl: null,
  payments: [{ method: 'card', status: 'failed', failureReason, paidAmount: 0 }],
});

describe('a card', () => {
  it('that is good pays the order before the answer comes', async () => {
    const placed = await placeBy('tok_ok');

    expect(placed).toMatchObject({
      status: 201,
      body: {
        status: 'confirmed',
        paymentStatus: 'paid',
        paymentUrl: null,
        invoice: { status: 'paid', invoiceNumber: expect.any(String) },
        payments: [{ method: 'card', status: 'success', paidAmount: 55_000, transactionId: expect.any(String) }],
      },
    });
  });

  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_expired', 'expired_card'],
    ['tok_never_issued', 'payment_token_unknown'],
  ])('%s leaves the order to be paid by another', async (token, reason) => {
    const placed = await placeBy(token);

    expect(placed).toMatchObject({ status: 201, body: refused(reason) });
    expect(await payBy(placed.body.id, 'tok_ok')).toMatchObject({
      status: 200,
      body: { status: 'confirmed', paymentStatus: 'paid', payments: [{ status: 'failed' }, { status: 'success' }] },
    });
  });

  it('that fails twice succeeds the third time', async () => {
    const placed = await placeBy('tok_fails_twice');
    expect(placed.body).toMatchObject(refused('insufficient_funds'));

    expect((await payBy(placed.body.id, 'tok_fails_twice')).body.paymentStatus).toBe('failed');
    expect((await payBy(placed.body.id, 'tok_fails_twice')).body).toMatchObject({
      status: 'confirmed',
      payments: [{ status: 'failed' }, { status: 'failed' }, { status: 'success', attempt: 3 }],
    });
  });

  it('whose answer is lost is asked about, and charged once', async () => {
    const placed = await placeBy('tok_timeout');
    expect(placed.status).toBe(201);

    const order = await until(
      async () => (await buyer.api.get(`/orders/${placed.body.id}`)).body,
      ({ paymentStatus }) => paymentStatus === 'paid',
    );
    expect(order).toMatchObject({ status: 'confirmed', payments: [{ status: 'success', paidAmount: 55_000 }] });
    expect((await shop.eventsOf(`order/${order.id}`)).filter((type) => type === 'payment.success')).toHaveLength(1);
  });

  it('needs a token', async () => {
    const body = orderOf(await shop.addProduct(), { paymentMethod: 'card' });
    expect(problemOf(await buyer.api.post('/orders', body))).toBe('422 payment_token_required /paymentToken');

    const { body: order } = await placeBy('tok_declined');
    expect(problemOf(await buyer.api.post(`/orders/${order.id}/pay`, {}))).toBe(
      '422 payment_token_required /paymentToken',
    );
    expect((await buyer.api.get(`/orders/${order.id}`)).body.payments).toHaveLength(1);
  });

  it('gets its money back on a refund and on a cancel', async () => {
    const { body: order } = await placeBy('tok_ok');
    expect((await shop.manager.post(`/payments/${order.paymentId}/refund`, { amount: 20_000 })).body).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: 20_000, status: 'succeeded', transactionId: expect.stringMatching(/^refund_/) }],
    });
    await buyer.api.post(`/orders/${order.id}/cancel`, {});
    const refunded = await until(
      async () => (await buyer.api.get(`/orders/${order.id}`)).body,
      ({ paymentStatus }) => paymentStatus === 'refunded',
    );
    expect(refunded).toMatchObject({ status: 'cancelled', payments: [{ status: 'refunded', refundedAmount: 55_000 }] });
  });
});
