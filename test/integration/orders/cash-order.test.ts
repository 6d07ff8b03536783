import { openOrderWorld, type OrderWorld, unpack } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

const scope = () => ({ companyId: world.company.id });
const placeCash = async (stock = 10) => {
  const product = await world.addProduct({ price: 50_000, stock });
  const placed = await world.place({ items: [{ productId: product, quantity: 2 }], paymentMethod: 'cod' });

  return { ...placed, product };
};
const ship = async (orderId: number) =>
  unpack(await world.steps.shipOrder({ ...scope(), orderId, carrier: 'GHN', trackingNumber: 'GHN-1' }));
const deliver = async (orderId: number) => unpack(await world.steps.deliverOrder({ ...scope(), orderId }));
const totals = async () =>
  (await world.query('SELECT total_spent, order_count FROM customer.customers WHERE id = $1', [world.customerId]))[0];

describe('cash on delivery', () => {
  it('is confirmed at once with a numbered open invoice and no window', async () => {
    const placed = await placeCash();

    expect(placed).toMatchObject({ status: 'confirmed', payBy: null, payment: { method: 'cod', status: 'initiated' } });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'pending',
      paymentDueAt: null,
      invoice: { status: 'open', invoiceNumber: expect.stringMatching(/^INV-/), dueAmount: 110_000, paidAmount: 0 },
      payments: [{ status: 'initiated', paymentUrl: null, expiresAt: null }],
    });
    expect(await world.events(`order/${placed.orderId}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'invoice.updated',
      'order.confirmed',
    ]);
    expect(await world.stock(placed.product)).toEqual({ quantity: 10, reserved: 2, available: 8 });
  });

  it('leaves the stock when it is shipped, and is paid when it is delivered, each once', async () => {
    const placed = await placeCash();
    const before = await totals();
    await ship(placed.orderId);
    await ship(placed.orderId);

    expect(await world.stock(placed.product)).toEqual({ quantity: 8, reserved: 0, available: 8 });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'shipped',
      paymentStatus: 'pending',
      carrier: 'GHN',
      trackingNumber: 'GHN-1',
    });
    expect(await totals()).toEqual(before);

    const { invoiceNumber } = (await world.read(placed.orderId)).invoice!;
    await deliver(placed.orderId);
    await deliver(placed.orderId);
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'delivered',
      paymentStatus: 'paid',
      invoice: { status: 'paid', invoiceNumber, dueAmount: 0, paidAmount: 110_000 },
      payments: [{ status: 'success', paidAmount: 110_000 }],
    });
    expect(await world.stock(placed.product)).toEqual({ quantity: 8, reserved: 0, available: 8 });
    expect(await totals()).toEqual({
      total_spent: before!['total_spent'] + 110_000,
      order_count: before!['order_count'] + 1,
    });
    expect((await world.events(`order/${placed.orderId}`)).slice(6)).toEqual([
      'inventory.deducted',
      'order.shipped',
      'order.delivered',
      'payment.success',
      'invoice.updated',
      'order.completed',
    ]);
  });

  it('said to have failed is paid all the same when it is handed over', async () => {
    const placed = await placeCash();
    await world.enter(placed.payment.paymentId, 'failed', { provider: 'test' });
    const settled = { ...scope(), orderId: placed.orderId, paymentId: placed.payment.paymentId };
    expect(await world.steps.settleOrder(settled)).toEqual({ kind: 'unchanged' });
    await ship(placed.orderId);
    await deliver(placed.orderId);

    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'delivered',
      paymentStatus: 'paid',
      invoice: { status: 'paid' },
      payments: [{ status: 'success', failureReason: null }],
    });
  });

  it('cancelled before it is shipped gives its stock back and voids its invoice, which keeps its number', async () => {
    const placed = await placeCash();
    const { invoiceNumber } = (await world.read(placed.orderId)).invoice!;
    const before = await totals();

    expect(
      await world.steps.cancelOrder({ ...scope(), orderId: placed.orderId, reason: 'x', cause: 'request' }),
    ).toEqual({ kind: 'cancelled', refunds: [] });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'cancelled',
      invoice: { status: 'void', invoiceNumber, dueAmount: 0 },
      payments: [{ status: 'cancelled' }],
    });
    expect(await world.stock(placed.product)).toEqual({ quantity: 10, reserved: 0, available: 10 });
    expect(await totals()).toEqual(before);
  });

  it('cannot be chosen to pay again', async () => {
    const product = await world.addProduct();
    const { orderId } = await world.place({ items: [{ productId: product, quantity: 1 }] });

    await expect(world.payAgain(orderId, { paymentMethod: 'cod' })).rejects.toThrow('payment_method_unavailable');
    await expect(world.payAgain((await placeCash()).orderId)).rejects.toThrow('order_state');
  });

  it('that was paid is given back by hand: the refund is entered and done', async () => {
    const placed = await placeCash();
    await ship(placed.orderId);
    await deliver(placed.orderId);
    await world.refund(placed.payment.paymentId, 10_000);

    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'delivered',
      paymentStatus: 'partially_refunded',
      payments: [{ status: 'partially_refunded', refundedAmount: 10_000 }],
    });
  });
});

describe('the way of an order', () => {
  const refusal = async (step: Promise<{ kind: string; error?: { code: string } }>) => (await step).error?.code;
  const cancel = (orderId: number) =>
    world.steps.cancelOrder({ ...scope(), orderId, reason: 'x', cause: 'request' }) as Promise<{ kind: string }>;

  it('is not shipped before it is confirmed, and not delivered before it is shipped', async () => {
    const { orderId } = await world.place({ items: [{ productId: await world.addProduct(), quantity: 1 }] });
    const before = await world.rowCounts();
    const shipment = { ...scope(), orderId, carrier: null, trackingNumber: null };

    expect(await refusal(world.steps.shipOrder(shipment))).toBe('order_state');
    expect(await refusal(world.steps.deliverOrder({ ...scope(), orderId }))).toBe('order_state');
    expect(await world.rowCounts()).toEqual(before);
  });

  it('is not cancelled once it is shipped', async () => {
    const placed = await placeCash();
    await ship(placed.orderId);

    expect(await refusal(cancel(placed.orderId))).toBe('order_state');
    await deliver(placed.orderId);
    expect(await refusal(cancel(placed.orderId))).toBe('order_state');
    expect(await world.read(placed.orderId)).toMatchObject({ status: 'delivered' });
  });

  it('paid in advance leaves the stock at payment, and not again when it is shipped', async () => {
    const product = await world.addProduct({ stock: 10 });
    const placed = await world.place({ items: [{ productId: product, quantity: 3 }] });
    await world.pay(placed);
    await ship(placed.orderId);
    await deliver(placed.orderId);

    expect(await world.stock(product)).toEqual({ quantity: 7, reserved: 0, available: 7 });
    expect((await world.events(`order/${placed.orderId}`)).slice(-3)).toEqual([
      'order.completed',
      'order.shipped',
      'order.delivered',
    ]);
  });

  it('ends after a cancel: nothing is shipped, delivered or paid', async () => {
    const product = await world.addProduct();
    const { orderId } = await world.place({ items: [{ productId: product, quantity: 1 }] });
    await cancel(orderId);

    expect(await refusal(world.steps.shipOrder({ ...scope(), orderId, carrier: null, trackingNumber: null }))).toBe(
      'order_state',
    );
    expect(await refusal(world.steps.deliverOrder({ ...scope(), orderId }))).toBe('order_state');
    await expect(world.payAgain(orderId)).rejects.toThrow('order_state');
  });
});
