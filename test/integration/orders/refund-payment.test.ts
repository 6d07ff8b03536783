import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { listUnfinishedRefunds } from '../../../domain/payments/list-unfinished-refunds';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;
let product: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct({ price: 100_000, stock: 10_000 });
});

afterAll(() => world?.close());

const scope = () => ({ companyId: world.company.id });
/** An order of 110,000 that is paid, of a customer of its own. */
const paidOrder = async () => {
  const customerId = await world.company.addCustomer();
  const placed = await world.place({ customerId, items: [{ productId: product, quantity: 1 }] });
  await world.pay(placed);

  return { orderId: placed.orderId, paymentId: placed.payment.paymentId, customerId };
};
const begin = async (paymentId: number, amount: number | null, refundId?: number) =>
  world.steps.beginRefund({
    ...scope(),
    paymentId,
    refundId: refundId ?? (await reserveId(world.database, 'refund')),
    amount,
    reason: 'hỏng',
  });
const complete = (refundId: number, isDone = true) =>
  world.steps.completeRefund({
    ...scope(),
    refundId,
    outcome: isDone ? { kind: 'succeeded', transactionId: 'R' } : { kind: 'failed', reason: 'vnpay_04' },
  });
const refundIdOf = (begun: Awaited<ReturnType<typeof begin>>) => (begun.kind === 'done' ? begun.value.refundId : 0);
const spent = async (customerId: number) =>
  (await world.query('SELECT total_spent, order_count FROM customer.customers WHERE id = $1', [customerId]))[0];

describe('a refund', () => {
  it('of a part leaves the order partly refunded, of the rest refunded, and the customer has spent that much less', async () => {
    const { orderId, paymentId, customerId } = await paidOrder();
    await world.refund(paymentId, 40_000);

    expect(await world.read(orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'partially_refunded',
      payments: [{ status: 'partially_refunded', paidAmount: 110_000, refundedAmount: 40_000 }],
    });
    expect(await spent(customerId)).toEqual({ total_spent: 70_000, order_count: 1 });
    await world.refund(paymentId, null);
    expect(await world.read(orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded', refundedAmount: 110_000 }],
      invoice: { status: 'void', paidAmount: 0 },
    });
    expect(await spent(customerId)).toEqual({ total_spent: 0, order_count: 1 });
    expect((await world.events(`order/${orderId}`)).slice(-3)).toEqual([
      'credit_note.created',
      'invoice.updated',
      'payment.refunded',
    ]);
    expect(
      await world.query(
        'SELECT c.reason, c.subtotal, c.tax, c.total_amount, c.to_payment FROM finance.credit_notes c JOIN finance.invoices i ON i.id = c.invoice_id WHERE i.order_id = $1 ORDER BY c.id',
        [orderId],
      ),
    ).toEqual([
      { reason: 'refund', subtotal: -36_364, tax: -3_636, total_amount: -40_000, to_payment: 40_000 },
      { reason: 'refund', subtotal: -63_636, tax: -6_364, total_amount: -70_000, to_payment: 70_000 },
    ]);
  });

  it('of the whole payment keeps the order from being shipped; a cancel still ends it', async () => {
    const { orderId, paymentId, customerId } = await paidOrder();
    await world.refund(paymentId, null);

    expect(await world.steps.shipOrder({ ...scope(), orderId, carrier: null, trackingNumber: null })).toMatchObject({
      kind: 'refused',
      error: { code: 'order_state', params: { paymentStatus: 'refunded' } },
    });
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'đổi ý', cause: 'request' });
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
    expect(await spent(customerId)).toEqual({ total_spent: 0, order_count: 0 });
  });

  it('under way when its order is cancelled goes on, and the rest goes back with the cancel', async () => {
    const { orderId, paymentId, customerId } = await paidOrder();
    const refundId = refundIdOf(await begin(paymentId, 40_000));
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'đổi ý', cause: 'request' });

    await complete(refundId);
    expect(await spent(customerId)).toEqual({ total_spent: 0, order_count: 0 });
    expect(await begin(paymentId, null)).toMatchObject({ kind: 'done', value: { amount: 70_000 } });
    expect(
      await world.query(
        'SELECT c.reason, c.total_amount FROM finance.credit_notes c JOIN finance.invoices i ON i.id = c.invoice_id WHERE i.order_id = $1 ORDER BY c.id',
        [orderId],
      ),
    ).toEqual([{ reason: 'cancellation', total_amount: -110_000 }]);
  });

  it('is what the provider is asked for: what was paid, and what was given back before', async () => {
    const { paymentId } = await paidOrder();
    await world.refund(paymentId, 10_000);

    expect(await begin(paymentId, 20_000)).toMatchObject({
      kind: 'done',
      value: {
        method: 'vnpay',
        amount: 20_000,
        paidAmount: 110_000,
        refundedBefore: 10_000,
        transactionId: `T${paymentId}`,
        initiatedAt: world.now.toISOString(),
      },
    });
  });

  it('under way counts as given back before the next one, which is sent after it', async () => {
    const { paymentId } = await paidOrder();
    const first = await begin(paymentId, 10_000);
    const second = await begin(paymentId, 20_000);

    expect(second).toMatchObject({ kind: 'done', value: { refundedBefore: 10_000 } });
    expect(await begin(paymentId, 10_000, refundIdOf(first))).toEqual(first);
    expect(await begin(paymentId, 20_000, refundIdOf(second))).toEqual(second);
  });

  it('of the whole payment keeps the order from being shipped while it is under way, too', async () => {
    const { orderId, paymentId } = await paidOrder();
    const ship = () => world.steps.shipOrder({ ...scope(), orderId, carrier: null, trackingNumber: null });
    await world.refund(paymentId, 10_000);
    const rest = refundIdOf(await begin(paymentId, null));

    expect(await ship()).toMatchObject({ kind: 'refused', error: { code: 'order_state' } });
    await complete(rest, false);
    expect(await ship()).toMatchObject({ kind: 'done' });
  });

  it.each([110_001, 1_000_000])('of %i, more than was paid, is refused', async (amount) => {
    const { paymentId } = await paidOrder();

    expect(await begin(paymentId, amount)).toMatchObject({
      kind: 'refused',
      error: { code: 'refund_exceeds_payment', field: '/amount', params: { refundable: 110_000 } },
    });
  });

  it('counts one that is under way against what is left', async () => {
    const { paymentId } = await paidOrder();
    await begin(paymentId, 100_000);

    expect(await begin(paymentId, 10_001)).toMatchObject({
      error: { code: 'refund_exceeds_payment', params: { refundable: 10_000 } },
    });
    expect(await begin(paymentId, null)).toMatchObject({ kind: 'done', value: { amount: 10_000 } });
    expect(await begin(paymentId, null)).toMatchObject({ error: { code: 'refund_exceeds_payment' } });
  });

  it('twenty times at once never gives back more than was paid', async () => {
    const { orderId, paymentId } = await paidOrder();
    const begun = await Promise.all(Array.from({ length: 20 }, () => begin(paymentId, 15_000)));
    const taken = begun.filter(({ kind }) => kind === 'done');

    expect(taken).toHaveLength(7);
    await Promise.all(taken.flatMap((one) => [complete(refundIdOf(one)), complete(refundIdOf(one))]));
    expect((await world.read(orderId)).payments).toMatchObject([{ refundedAmount: 105_000 }]);
    expect((await world.events(`order/${orderId}`)).filter((type) => type === 'payment.refunded')).toHaveLength(7);
  });

  it('asked for twice under one id is one refund', async () => {
    const { orderId, paymentId } = await paidOrder();
    const refundId = await reserveId(world.database, 'refund');
    const both = await Promise.all([begin(paymentId, 60_000, refundId), begin(paymentId, 60_000, refundId)]);

    expect(both[0]).toEqual(both[1]);
    await complete(refundId);
    await complete(refundId);
    expect(await begin(paymentId, 60_000, refundId)).toMatchObject({ kind: 'done', value: { status: 'succeeded' } });
    expect((await world.read(orderId)).payments).toMatchObject([{ refundedAmount: 60_000 }]);
  });

  it('that the provider refuses leaves the payment as it was, and may be asked for again', async () => {
    const { orderId, paymentId, customerId } = await paidOrder();
    const refundId = refundIdOf(await begin(paymentId, null));
    await complete(refundId, false);
    await complete(refundId, true);

    expect(await world.read(orderId)).toMatchObject({
      paymentStatus: 'paid',
      payments: [{ status: 'success', refundedAmount: 0 }],
    });
    expect(await world.query('SELECT status, failure_reason FROM finance.refunds WHERE id = $1', [refundId])).toEqual([
      { status: 'failed', failure_reason: 'vnpay_04' },
    ]);
    expect(await spent(customerId)).toEqual({ total_spent: 110_000, order_count: 1 });
    await world.refund(paymentId, null);
    expect((await world.read(orderId)).paymentStatus).toBe('refunded');
  });

  it('waits until the order has taken the payment in', async () => {
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }] });
    const { paymentId } = placed.payment;

    expect(await begin(paymentId, null)).toMatchObject({ error: { code: 'payment_state' } });
    await world.enter(paymentId, 'success');
    expect(await begin(paymentId, null)).toMatchObject({ error: { code: 'payment_state' } });
    await world.steps.settleOrder({ ...scope(), orderId: placed.orderId, paymentId });
    expect(await begin(paymentId, null)).toMatchObject({ kind: 'done' });
  });

  it.each(['failed', 'superseded', 'cancelled', 'refunded'])('of a payment that is %s is refused', async (status) => {
    const { paymentId } = await paidOrder();
    await world.query('UPDATE finance.payments SET status = $2 WHERE id = $1', [paymentId, status]);

    expect(await begin(paymentId, 1)).toMatchObject({
      error: { code: 'payment_state', params: { state: status } },
    });
  });

  it('of a payment that is not there is refused', async () => {
    expect(await begin(999_999_999, 1)).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('money that is due to go back', () => {
  it('goes back once: the one refund of it has one key, and all that is left', async () => {
    const { orderId, paymentId } = await paidOrder();
    await world.refund(paymentId, 10_000);
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' });
    const due = () =>
      world.steps.beginRefund({ ...scope(), paymentId, refundId: null, amount: null, reason: 'refund_due' });
    const both = await Promise.all([due(), due()]);

    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({ kind: 'done', value: { amount: 100_000, refundedBefore: 10_000 } });
    await complete(refundIdOf(both[0]!));
    expect(await world.read(orderId)).toMatchObject({
      paymentStatus: 'refunded',
      payments: [{ refundedAmount: 110_000 }],
    });
  });

  it('stays due in part where one under way fails, so that a person sees it', async () => {
    const { orderId, paymentId } = await paidOrder();
    const underWay = refundIdOf(await begin(paymentId, 50_000));
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' });
    const due = await world.steps.beginRefund({
      ...scope(),
      paymentId,
      refundId: null,
      amount: null,
      reason: 'refund_due',
    });
    await complete(refundIdOf(due));
    await complete(underWay, false);

    expect(await world.read(orderId)).toMatchObject({
      paymentStatus: 'refund_due',
      payments: [{ status: 'refund_due', refundedAmount: 60_000 }],
    });
    await world.refund(paymentId, null);
    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'refunded' });
  });

  const unfinishedOf = (paymentId: number) =>
    world.database.withTenantSql(world.company.id, async (tx) =>
      (await listUnfinishedRefunds(tx)).filter((one) => one.paymentId === paymentId),
    );

  it('is found, when its workflow never began, although a refund had failed before', async () => {
    const { orderId, paymentId } = await paidOrder();
    await complete(refundIdOf(await begin(paymentId, 50_000)), false);
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' });

    expect(await unfinishedOf(paymentId)).toMatchObject([{ refundId: null }]);
  });

  it('is found again, when its workflow is lost, although another refund of the payment failed', async () => {
    const { orderId, paymentId } = await paidOrder();
    const underWay = refundIdOf(await begin(paymentId, 50_000));
    await world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' });
    const due = () =>
      world.steps.beginRefund({ ...scope(), paymentId, refundId: null, amount: null, reason: 'refund_due' });
    const entered = await due();
    await complete(underWay, false);
    expect(await unfinishedOf(paymentId)).toEqual([{ paymentId, refundId: null, amount: null, reason: 'refund_due' }]);
    const sent = { refundId: refundIdOf(entered), amount: 60_000, status: 'pending', refundedBefore: 0 };
    expect(await due()).toMatchObject({ kind: 'done', value: sent });
    await complete(refundIdOf(entered));
    // What is left of it, after the one that failed, is for a person.
    expect(await unfinishedOf(paymentId)).toEqual([]);
  });
});

it('and a cancel of the same order at once agree, without waiting for each other in a circle', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { orderId, paymentId, customerId } = await paidOrder();
    const refundId = refundIdOf(await begin(paymentId, 30_000));
    await Promise.all([
      complete(refundId),
      world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' }),
    ]);

    expect(await world.read(orderId)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refund_due',
      payments: [{ status: 'refund_due', refundedAmount: 30_000 }],
    });
    expect(await spent(customerId)).toEqual({ total_spent: 0, order_count: 0 });
  }
});
