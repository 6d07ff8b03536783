import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

const cancel = (orderId: number, cause: 'request' | 'window' = 'request') =>
  world.steps.cancelOrder({ companyId: world.company.id, orderId, reason: 'đổi ý', cause });
const settle = (orderId: number, paymentId: number) =>
  world.steps.settleOrder({ companyId: world.company.id, orderId, paymentId });
const placeFor = async (customerId = world.customerId) => {
  const product = await world.addProduct({ price: 50_000, stock: 10 });
  const placed = await world.place({ customerId, items: [{ productId: product, quantity: 2 }] });

  return { ...placed, product, paymentId: placed.payment.paymentId };
};
const totals = async (customerId: number) =>
  (await world.query('SELECT total_spent, order_count FROM customer.customers WHERE id = $1', [customerId]))[0];

describe('a cancel before payment', () => {
  it('releases the stock, voids the invoice without a number, and cancels the payment', async () => {
    const { orderId, product } = await placeFor();

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [] });
    expect(await world.read(orderId)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'cancelled',
      cancelReason: 'đổi ý',
      paymentDueAt: null,
      invoice: { status: 'void', invoiceNumber: null, dueAmount: 0 },
      payments: [{ status: 'cancelled' }],
    });
    expect(await world.stock(product)).toEqual({ quantity: 10, reserved: 0, available: 10 });
    expect((await world.events(`order/${orderId}`)).slice(4)).toEqual([
      'inventory.released',
      'invoice.updated',
      'order.cancelled',
    ]);
    expect(
      await world.query("SELECT 1 FROM ordering.inventory_movements WHERE order_id = $1 AND type = 'RETURN'", [
        orderId,
      ]),
    ).toEqual([]);
  });

  it('counts once, whatever repeats', async () => {
    const { orderId, product } = await placeFor();
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(orderId)));

    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['cancelled']));
    expect(await world.stock(product)).toEqual({ quantity: 10, reserved: 0, available: 10 });
    expect((await world.events(`order/${orderId}`)).filter((type) => type === 'order.cancelled')).toHaveLength(1);
  });

  it('is the same at the end of the window, by another cause', async () => {
    const { orderId } = await placeFor();

    expect(await cancel(orderId, 'window')).toEqual({ kind: 'cancelled', refunds: [] });
    const [event] = await world.query<{ payload: unknown }>(
      "SELECT payload FROM platform.events WHERE subject = $1 AND type = 'order.cancelled'",
      [`order/${orderId}`],
    );
    expect(event?.payload).toMatchObject({ cause: 'window', reason: 'đổi ý', customerId: world.customerId });
  });
});

describe('a cancel after payment', () => {
  it('puts the stock back, marks the money to go back, and takes the order from what the customer bought', async () => {
    const customer = await world.company.addCustomer();
    const { orderId, product, paymentId, ...placed } = await placeFor(customer);
    await world.pay({ orderId, ...placed });
    expect(await totals(customer)).toEqual({ total_spent: 110_000, order_count: 1 });

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [paymentId] });
    expect(await world.read(orderId)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refund_due',
      invoice: { status: 'void', paidAmount: 0 },
      payments: [{ status: 'refund_due', paidAmount: 110_000 }],
    });
    expect(await totals(customer)).toEqual({ total_spent: 0, order_count: 0 });
    expect(await world.stock(product)).toEqual({ quantity: 10, reserved: 0, available: 10 });
    const ledger = await world.query<{ type: string; quantity_delta: number }>(
      'SELECT type, quantity_delta FROM ordering.inventory_movements WHERE product_id = $1 ORDER BY id',
      [product],
    );
    expect(ledger).toEqual([
      { type: 'SET', quantity_delta: 10 },
      { type: 'SALE', quantity_delta: -2 },
      { type: 'RETURN', quantity_delta: 2 },
    ]);
    expect((await world.events(`order/${orderId}`)).slice(-5)).toEqual([
      'credit_note.created',
      'invoice.updated',
      'inventory.released',
      'payment.refund_due',
      'order.cancelled',
    ]);

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [paymentId] });
    await world.refund(paymentId, null);
    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'refunded', payments: [{ status: 'refunded' }] });
    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [] });
    expect(await totals(customer)).toEqual({ total_spent: 0, order_count: 0 });
  });

  it('gives back what is left where a part was given back before', async () => {
    const customer = await world.company.addCustomer();
    const { orderId, paymentId, ...placed } = await placeFor(customer);
    await world.pay({ orderId, ...placed });
    await world.refund(paymentId, 30_000);
    expect(await totals(customer)).toEqual({ total_spent: 80_000, order_count: 1 });

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [paymentId] });
    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'refund_due' });
    expect(await totals(customer)).toEqual({ total_spent: 0, order_count: 0 });
    await world.refund(paymentId, null);
    expect(await world.read(orderId)).toMatchObject({
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded', refundedAmount: 110_000 }],
    });
  });

  it('gives nothing back where all was given back before', async () => {
    const customer = await world.company.addCustomer();
    const { orderId, paymentId, ...placed } = await placeFor(customer);
    await world.pay({ orderId, ...placed });
    await world.refund(paymentId, null);

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [] });
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
    expect(await totals(customer)).toEqual({ total_spent: 0, order_count: 0 });
  });

  it('that the order has not heard of yet gives the money back, and the order stays cancelled', async () => {
    const { orderId, paymentId } = await placeFor();
    await world.enter(paymentId, 'success');

    expect(await cancel(orderId)).toEqual({ kind: 'cancelled', refunds: [paymentId] });
    expect(await settle(orderId, paymentId)).toEqual({ kind: 'refund_due', paymentId });
    expect(await world.read(orderId)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refund_due',
      invoice: { status: 'void', paidAmount: 0 },
    });
  });

  it('at the end of the window loses to money that came first', async () => {
    const { orderId, paymentId } = await placeFor();
    await world.enter(paymentId, 'success');

    expect(await cancel(orderId, 'window')).toEqual({ kind: 'paid_first', paymentId });
    expect(await settle(orderId, paymentId)).toEqual({ kind: 'completed' });
    expect(await cancel(orderId, 'window')).toEqual({ kind: 'paid_first', paymentId });
    await world.refund(paymentId, 10_000);
    expect(await cancel(orderId, 'window')).toEqual({ kind: 'paid_first', paymentId });
    expect(await settle(orderId, paymentId)).toEqual({ kind: 'completed' });
    expect(await world.read(orderId)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  });
});

it('at the end of the window is not held up by money of another amount, which goes back', async () => {
  const { orderId, paymentId } = await placeFor();
  await world.enter(paymentId, 'success', { paidAmount: 1_000 });

  expect(await cancel(orderId, 'window')).toEqual({ kind: 'cancelled', refunds: [paymentId] });
  expect(await world.read(orderId)).toMatchObject({
    status: 'cancelled',
    paymentStatus: 'refund_due',
    invoice: { status: 'void' },
    payments: [{ status: 'refund_due', paidAmount: 1_000 }],
  });
});

describe('money for a cancelled order', () => {
  it('is taken in, shown, and goes back', async () => {
    const { orderId, paymentId } = await placeFor();
    await cancel(orderId);
    await world.enter(paymentId, 'success');

    expect(await settle(orderId, paymentId)).toEqual({ kind: 'refund_due', paymentId });
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', paymentStatus: 'refund_due' });
    expect((await world.events(`order/${orderId}`)).slice(-2)).toEqual(['payment.success', 'payment.refund_due']);
    await world.refund(paymentId, null);
    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'refunded', invoice: { status: 'void' } });
  });

  it('that had failed before goes back too', async () => {
    const { orderId, paymentId } = await placeFor();
    await world.enter(paymentId, 'failed');
    await settle(orderId, paymentId);
    await cancel(orderId);
    await world.enter(paymentId, 'success');

    expect(await settle(orderId, paymentId)).toEqual({ kind: 'refund_due', paymentId });
    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'refund_due', invoice: { status: 'void' } });
  });
});

it('is decided between twenty payments, cancels and window ends at once, one way or the other', async () => {
  const product = await world.addProduct({ stock: 100 });

  for (let round = 0; round < 6; round += 1) {
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }] });
    const { paymentId } = placed.payment;
    await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        nth % 3 === 0 ? world.pay(placed) : nth % 3 === 1 ? cancel(placed.orderId) : cancel(placed.orderId, 'window'),
      ),
    );
    const order = await world.read(placed.orderId);
    const settlement = await settle(placed.orderId, paymentId);

    if (order.status === 'cancelled') {
      expect(order.payments[0]?.status).toBe('refund_due');
      expect(settlement).toEqual({ kind: 'refund_due', paymentId });
    } else {
      expect(order).toMatchObject({ status: 'confirmed', paymentStatus: 'paid', invoice: { status: 'paid' } });
    }
  }
  const [sums] = await world.query(
    `SELECT (SELECT sum(quantity_delta)::int FROM ordering.inventory_movements WHERE product_id = $1) AS ledger,
            (SELECT quantity FROM ordering.inventory WHERE product_id = $1) AS quantity,
            (SELECT reserved FROM ordering.inventory WHERE product_id = $1) AS reserved`,
    [product],
  );
  expect(sums).toEqual({ ledger: sums!['quantity'], quantity: sums!['quantity'], reserved: 0 });
});
