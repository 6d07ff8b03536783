import { fromVnpayDate } from '../../../gateways/vnpay/vnpay-rules';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

const invoiceOf = async (orderId: number) => {
  const [invoice] = await world.query('SELECT * FROM finance.invoices WHERE order_id = $1', [orderId]);
  const lines = await world.query('SELECT * FROM finance.invoice_lines WHERE invoice_id = $1 ORDER BY line_no', [
    invoice?.['id'],
  ]);

  return { ...invoice, lines };
};

describe('an order that is placed', () => {
  it('costs 55,000 for 50,000 of goods at 10 % tax, with stock held and one draft invoice', async () => {
    const product = await world.addProduct({ price: 50_000, stock: 10 });
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }] });
    const order = await world.read(placed.orderId);

    expect(placed).toMatchObject({ status: 'pending', payBy: '2026-05-04T10:15:00+07:00', payment: { attempt: 1 } });
    expect(order).toMatchObject({
      orderNumber: 'ORD-000001',
      status: 'pending',
      paymentStatus: 'pending',
      subtotal: 50_000,
      tax: 5_000,
      discount: 0,
      totalAmount: 55_000,
      currency: 'VND',
      items: [{ lineNo: 1, productId: product, quantity: 1, price: 50_000, subtotal: 50_000, tax: 5_000 }],
      payments: [{ id: placed.payment.paymentId, status: 'initiated', method: 'vnpay', amount: 55_000, paidAmount: 0 }],
      invoice: { status: 'draft', invoiceNumber: null, totalAmount: 55_000, dueAmount: 55_000, paidAmount: 0 },
    });
    expect(await world.stock(product)).toEqual({ quantity: 10, reserved: 1, available: 9 });
    expect(await invoiceOf(placed.orderId)).toMatchObject({
      invoice_type: 'onetime',
      customer_id: world.customerId,
      order_number: order.orderNumber,
      metadata: { billingMode: 'onetime', businessModel: 'retail', addonCharges: [], nextBillingDate: null },
      lines: [{ product_id: product, quantity: 1, unit_amount: 50_000, tax_rate_ppm: 100_000, tax: 5_000 }],
    });
  });

  it('tells what happened in the order of the retail flow, each product once', async () => {
    const [first, second] = [await world.addProduct(), await world.addProduct()];
    const { orderId } = await world.place({
      items: [
        { productId: second, quantity: 1 },
        { productId: first, quantity: 2 },
      ],
    });

    expect(await world.events(`order/${orderId}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
    ]);
    const reserved = await world.query<{ payload: unknown }>(
      "SELECT payload FROM platform.events WHERE subject = $1 AND type = 'inventory.reserved' ORDER BY subject_seq",
      [`order/${orderId}`],
    );
    expect(reserved.map(({ payload }) => payload)).toEqual([
      { orderId, productId: first, quantity: 2 },
      { orderId, productId: second, quantity: 1 },
    ]);
  });

  it('rounds tax once over all lines and spreads it, so that lines and totals agree', async () => {
    const [a, b, c] = [
      await world.addProduct({ price: 333 }),
      await world.addProduct({ price: 335 }),
      await world.addProduct({ price: 337 }),
    ];
    const { orderId } = await world.place({
      items: [
        { productId: a, quantity: 1 },
        { productId: b, quantity: 1 },
        { productId: c, quantity: 1 },
      ],
    });
    const order = await world.read(orderId);

    // 10 % of 1,005 is 100.5: 101, where line by line it would be 33 + 34 + 34.
    expect(order).toMatchObject({ subtotal: 1_005, tax: 101, totalAmount: 1_106 });
    expect(order.items.reduce((sum, { tax }) => sum + tax, 0)).toBe(101);
    const { lines } = await invoiceOf(orderId);
    expect(lines.map((line) => [line['subtotal'], line['tax']])).toEqual(
      order.items.map(({ subtotal, tax }) => [subtotal, tax]),
    );
  });

  it('adds up the lines of one product before it asks for stock', async () => {
    const product = await world.addProduct({ price: 1_000, stock: 5 });
    const items = [
      { productId: product, quantity: 3 },
      { productId: product, quantity: 2 },
    ];
    const { orderId } = await world.place({ items });

    expect(await world.stock(product)).toEqual({ quantity: 5, reserved: 5, available: 0 });
    expect((await world.read(orderId)).items).toHaveLength(2);
    const reservations = await world.query(
      'SELECT quantity, status FROM ordering.inventory_reservations WHERE order_id = $1',
      [orderId],
    );
    expect(reservations).toEqual([{ quantity: 5, status: 'held' }]);
  });

  it('gets an address to pay at, which closes a margin before the order stops waiting', async () => {
    const product = await world.addProduct();
    const { orderId, payBy } = await world.place({ items: [{ productId: product, quantity: 1 }] });
    const [payment] = (await world.read(orderId)).payments;
    const query = new URL(payment?.paymentUrl ?? '').searchParams;

    expect(query.get('vnp_Amount')).toBe('5500000');
    expect(query.get('vnp_TxnRef')).toMatch(new RegExp(`${payment?.id}$`));
    expect(query.get('vnp_OrderInfo')).toContain(String(orderId));
    expect(Date.parse(payBy ?? '') - Date.parse(fromVnpayDate(query.get('vnp_ExpireDate') ?? '') ?? '')).toBe(60_000);
    expect(Date.parse(payment?.expiresAt ?? '')).toBe(Date.parse('2026-05-04T03:14:00.000Z'));
  });

  it('closes its page with the order where the window is no longer than the margin', async () => {
    const brief = await world.another({ orderPaymentWindowMinutes: 1 });
    const product = await brief.addProduct();
    const { orderId } = await brief.place({ items: [{ productId: product, quantity: 1 }] });
    const order = await brief.read(orderId);

    expect(Date.parse(order.paymentDueAt ?? '')).toBe(Date.parse('2026-05-04T03:01:00.000Z'));
    expect(Date.parse(order.payments[0]?.expiresAt ?? '')).toBe(Date.parse('2026-05-04T03:01:00.000Z'));
  });

  it('uses the tax rate and window of its company', async () => {
    const other = await world.another({ taxRatePpm: 80_000, orderPaymentWindowMinutes: 30 });
    const product = await other.addProduct({ price: 100_000 });
    const placed = await other.place({ items: [{ productId: product, quantity: 2 }] });

    expect(placed.payBy).toBe('2026-05-04T10:30:00+07:00');
    expect(await other.read(placed.orderId)).toMatchObject({ subtotal: 200_000, tax: 16_000, totalAmount: 216_000 });
  });

  it('repeated with the same id returns what stands and writes nothing', async () => {
    const product = await world.addProduct({ stock: 3 });
    const wish = { items: [{ productId: product, quantity: 2 }] };
    const first = await world.place(wish);
    const before = await world.rowCounts();
    const second = await world.place({ ...wish, orderId: first.orderId });

    expect(second).toEqual(first);
    expect(await world.rowCounts()).toEqual(before);
    expect(await world.stock(product)).toMatchObject({ reserved: 2 });
    await world.pay(first);
    expect(await world.place({ ...wish, orderId: first.orderId })).toMatchObject({
      status: 'confirmed',
      payment: { paymentId: first.payment.paymentId, status: 'success' },
    });
  });

  it('placed twenty times at once under one id is there once', async () => {
    const product = await world.addProduct({ stock: 100 });
    const wish = { orderId: 900_001, items: [{ productId: product, quantity: 1 }] };
    // As attempts that were given up and go on beside the next: those that race past the look for an earlier order meet its
    // key, and look again.
    const placed = await Promise.all(Array.from({ length: 20 }, () => world.place(wish)));

    expect(new Set(placed.map(({ payment }) => payment.paymentId)).size).toBe(1);
    expect(await world.place(wish)).toEqual(placed[0]);
    expect(await world.stock(product)).toMatchObject({ reserved: 1 });
    expect(await world.query('SELECT id FROM finance.invoices WHERE order_id = 900001')).toHaveLength(1);
  });

  it('with nothing to pay asks for no cash, though it was to be paid on delivery', async () => {
    const product = await world.addProduct({ price: 0, stock: 4 });
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }], paymentMethod: 'cod' });
    const of = { companyId: world.company.id, orderId: placed.orderId };
    await world.steps.settleOrder({ ...of, paymentId: placed.payment.paymentId });
    await world.steps.shipOrder({ ...of, carrier: null, trackingNumber: null });

    expect(
      await world.query(
        `SELECT kind, data -> 'isCashOnDelivery' AS cash FROM platform.notices WHERE subject = $1 ORDER BY id`,
        [`order/${placed.orderId}`],
      ),
    ).toEqual([
      { kind: 'order_confirmed', cash: false },
      { kind: 'order_shipped', cash: false },
    ]);
  });

  it('with nothing to pay is completed without asking any provider, and cancelled without a refund', async () => {
    const product = await world.addProduct({ price: 0, stock: 4 });
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }] });

    expect(placed).toMatchObject({ status: 'pending', payBy: null, payment: { status: 'success' } });
    expect(
      await world.steps.settleOrder({
        companyId: world.company.id,
        orderId: placed.orderId,
        paymentId: placed.payment.paymentId,
      }),
    ).toEqual({ kind: 'completed' });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      totalAmount: 0,
      invoice: { status: 'paid', invoiceNumber: expect.stringMatching(/^INV-\d{6}$/) },
      payments: [{ paymentUrl: null, status: 'success', amount: 0 }],
    });
    expect((await world.events(`order/${placed.orderId}`)).slice(-5)).toEqual([
      'payment.success',
      'inventory.deducted',
      'invoice.updated',
      'order.confirmed',
      'order.completed',
    ]);

    const cancelled = await world.steps.cancelOrder({
      companyId: world.company.id,
      orderId: placed.orderId,
      reason: 'test',
      cause: 'request',
    });
    expect(cancelled).toEqual({ kind: 'cancelled', refunds: [] });
    expect(await world.read(placed.orderId)).toMatchObject({ status: 'cancelled', paymentStatus: 'cancelled' });
    expect(await world.stock(product)).toEqual({ quantity: 4, reserved: 0, available: 4 });
  });
});

describe('low stock', () => {
  const lowStock = async (product: number) =>
    (await world.events(`inventory/${product}`)).filter((type) => type === 'inventory.low_stock').length;

  it('is told once when orders cross the reorder level, and again after it rose above it', async () => {
    const product = await world.addProduct({ stock: 10, reorderLevel: 7 });
    const buy = (quantity: number) => world.place({ items: [{ productId: product, quantity }] });
    await buy(2);
    expect(await lowStock(product)).toBe(0);
    const crossing = await buy(1);
    expect(await lowStock(product)).toBe(1);
    await buy(1);
    expect(await lowStock(product)).toBe(1);

    const { orderId } = crossing;
    await world.steps.cancelOrder({ companyId: world.company.id, orderId, reason: 'x', cause: 'request' });
    expect(await lowStock(product)).toBe(1);
    await world.pay(await buy(1));
    expect(await lowStock(product)).toBe(1);
  });

  it('is told once when thirty orders cross it together', async () => {
    const product = await world.addProduct({ stock: 40, reorderLevel: 20 });
    await Promise.all(Array.from({ length: 30 }, () => world.place({ items: [{ productId: product, quantity: 1 }] })));

    expect(await world.stock(product)).toEqual({ quantity: 40, reserved: 30, available: 10 });
    expect(await lowStock(product)).toBe(1);
  });
});
