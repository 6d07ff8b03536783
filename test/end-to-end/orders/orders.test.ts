import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, problemOf, type TestShop, until } from './orders-test-shop';

const system = testSystem();
let shop: TestShop;
let buyer: Awaited<ReturnType<TestShop['addBuyer']>>;

beforeAll(async () => {
  shop = await openShop();
  buyer = await shop.addBuyer();
});

const stockOf = async (productId: number) => (await shop.staff.get(`/inventory/${productId}`)).body;
const invoiceOf = async (invoiceId: number) => (await shop.staff.get(`/invoices/${invoiceId}`)).body;

describe('orders and invoices', () => {
  it('are found by number and by date', async () => {
    const productId = await shop.addProduct();
    const { body: order } = await buyer.api.post('/orders', orderOf(productId));
    await shop.company.visitor.post(`/payments/${order.paymentId}/test/success`);
    const { invoiceNumber } = await invoiceOf(order.invoiceId);
    const today = String(order.createdAt).slice(0, 10);
    const idsOf = async (path: string) =>
      (await shop.staff.get(path)).body.data.map(({ id }: { id: number }) => id) as number[];

    expect(await idsOf(`/orders?number=${order.orderNumber.toLowerCase()}`)).toEqual([order.id]);
    expect(await idsOf(`/invoices?number=${invoiceNumber}`)).toEqual([order.invoiceId]);
    expect(await idsOf(`/orders?from=${today}&to=${today}`)).toContain(order.id);
    expect(await idsOf(`/invoices?from=${order.createdAt}`)).toContain(order.invoiceId);
    expect(await idsOf('/orders?to=2020-01-01')).toEqual([]);
    expect(await idsOf('/invoices?to=2020-01-01')).toEqual([]);
    expect(problemOf(await shop.staff.get('/orders?from=yesterday'))).toBe('422 validation_failed from');
    expect(problemOf(await shop.staff.get('/invoices?from=2026-02-30'))).toBe('422 validation_failed from');
    expect(problemOf(await shop.staff.get('/invoices?from=2026-05-04&to=2026-05-03'))).toBe('422 validation_failed to');
  });
});

describe('a retail order', () => {
  it('is priced, taxed and held by the server, with one draft invoice and one payment to make', async () => {
    const productId = await shop.addProduct();
    const placed = await buyer.api.post('/orders', orderOf(productId, { billingAddress: '1 Lê Lợi, Huế' }));

    expect(placed).toMatchObject({
      status: 201,
      body: {
        customerId: buyer.customerId,
        businessModel: 'retail',
        status: 'pending',
        paymentStatus: 'pending',
        subtotal: 50_000,
        tax: 5_000,
        discount: 0,
        totalAmount: 55_000,
        currency: 'VND',
        shippingAddress: '12 Tràng Tiền, Hà Nội',
        billingAddress: '1 Lê Lợi, Huế',
        items: [{ lineNo: 1, productId, name: 'Áo dài', quantity: 1, price: 50_000, subtotal: 50_000, tax: 5_000 }],
        invoice: { invoiceNumber: null, status: 'draft', totalAmount: 55_000, dueAmount: 55_000, paidAmount: 0 },
        payments: [{ attempt: 1, method: 'vnpay', status: 'initiated', amount: 55_000 }],
        paymentDueAt: expect.stringMatching(/\+07:00$/),
      },
    });
    expect(placed.headers.get('location')).toBe(`/api/v1/orders/${placed.body.id}`);
    expect(placed.body.paymentUrl).toBe(placed.body.payments[0].paymentUrl);
    expect(placed.body.paymentUrl).toMatch(/^http/);
    expect((await buyer.api.get(`/orders/${placed.body.id}`)).body).toEqual(placed.body);
    expect(await stockOf(productId)).toMatchObject({ quantity: 100, reserved: 1, available: 99 });
  });

  it('tells its story from placing to delivery by the documented events, in order', async () => {
    const shirt = await shop.addProduct();
    const hat = await shop.addProduct({ price: 20_000 });
    const items = [
      { productId: shirt, quantity: 2, price: 50_000 },
      { productId: hat, quantity: 1 },
    ];
    const { body: order } = await buyer.api.post('/orders', orderOf(shirt, { items }));
    const paid = await shop.company.visitor.post(`/payments/${order.paymentId}/test/success`);

    expect(paid).toMatchObject({ status: 200, body: { status: 'success', paidAmount: 132_000 } });
    expect((await buyer.api.get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      paymentUrl: null,
      paymentDueAt: null,
      invoice: { status: 'paid', invoiceNumber: expect.stringMatching(/^INV-/), dueAmount: 0, paidAmount: 132_000 },
    });
    expect(await stockOf(shirt)).toMatchObject({ quantity: 98, reserved: 0 });
    expect(await stockOf(hat)).toMatchObject({ quantity: 99, reserved: 0 });

    const shipped = await shop.staff.post(`/orders/${order.id}/ship`, { carrier: 'GHN', trackingNumber: 'GHN-1' });
    expect(shipped).toMatchObject({
      status: 200,
      body: { status: 'shipped', carrier: 'GHN', trackingNumber: 'GHN-1', shippedAt: expect.any(String) },
    });
    expect(await shop.staff.post(`/orders/${order.id}/deliver`, {})).toMatchObject({
      status: 200,
      body: { status: 'delivered', paymentStatus: 'paid', deliveredAt: expect.any(String) },
    });
    expect(await shop.eventsOf(`order/${order.id}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'payment.success',
      'inventory.deducted',
      'inventory.deducted',
      'invoice.updated',
      'order.confirmed',
      'order.completed',
      'order.shipped',
      'order.delivered',
    ]);

    const { data } = (await shop.company.api.get(`/events?subject=order/${order.id}&type=INVENTORY_RESERVED`)).body;
    expect(data.map((event: { payload: object }) => event.payload)).toEqual(
      expect.arrayContaining([
        { orderId: order.id, productId: shirt, quantity: 2 },
        { orderId: order.id, productId: hat, quantity: 1 },
      ]),
    );
  });

  it('takes the documented paths without a version', async () => {
    const productId = await shop.addProduct();
    const placed = await buyer.api.post('//api/orders', orderOf(productId));
    expect(placed).toMatchObject({ status: 201, body: { totalAmount: 55_000 } });

    const paid = await shop.company.visitor.post(`//payments/${placed.body.paymentId}/test/success`);
    expect(paid).toMatchObject({ status: 200, body: { status: 'success' } });
    expect((await buyer.api.get(`//api/orders/${placed.body.id}`)).body.status).toBe('confirmed');
    expect((await buyer.api.get(`//payments/${placed.body.paymentId}`)).body.status).toBe('success');
  });

  it('counts in what its customer has bought', async () => {
    const other = await shop.addBuyer();
    const { body: order } = await other.api.post('/orders', orderOf(await shop.addProduct()));
    await other.api.post('/orders', orderOf(await shop.addProduct()));
    await shop.company.visitor.post(`/payments/${order.paymentId}/test/success`);
    const [bought] = await system.query<{ total_spent: string; order_count: number }>(
      'SELECT total_spent, order_count FROM customer.customers WHERE id = $1',
      [other.customerId],
    );

    expect({ ...bought, total_spent: Number(bought?.total_spent) }).toEqual({ total_spent: 55_000, order_count: 1 });
  });

  it('of nothing to pay is paid at once', async () => {
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct({ price: 0 })));
    const settled = await until(
      async () => (await buyer.api.get(`/orders/${order.id}`)).body,
      ({ paymentStatus }) => paymentStatus === 'paid',
    );

    expect(settled).toMatchObject({
      status: 'confirmed',
      totalAmount: 0,
      paymentUrl: null,
      invoice: { status: 'paid' },
    });
  });
});

describe('an order that is refused', () => {
  it('names what is wrong, and leaves nothing behind', async () => {
    const productId = await shop.addProduct({ stock: 3 });
    const enough = await shop.addProduct();
    const archived = await shop.addProduct();
    await shop.manager.delete(`/products/${archived}`);
    const dollars = await shop.addProduct({ currency: 'USD' });
    const other = await shop.addBuyer();
    const place = (fields: object, id = productId) => other.api.post('/orders', orderOf(id, { ...fields }));
    const mixed = {
      items: [
        { productId: enough, quantity: 1 },
        { productId, quantity: 2 },
        { productId, quantity: 2 },
      ],
    };

    expect(await place(mixed)).toMatchObject({
      status: 409,
      body: { code: 'out_of_stock', lines: [{ productId, name: 'Áo dài', requested: 4, available: 3 }] },
    });
    expect(await place({ items: [{ productId, quantity: 1, price: 49_000 }] })).toMatchObject({
      status: 409,
      body: {
        code: 'price_mismatch',
        field: '/items/0/price',
        detail: expect.stringContaining('Áo dài'),
        lines: [{ productId, sentPrice: 49_000, price: 50_000 }],
      },
    });
    expect(problemOf(await place({}, archived))).toBe('409 product_archived /items/0/productId');
    expect(problemOf(await place({}, dollars))).toBe('422 price_not_in_currency /items/0/productId');
    expect(problemOf(await place({}, 999_999_999))).toBe('422 product_not_found /items/0/productId');
    for (const promotionCode of ['none-such', 'SUMMER10', 'Summer10']) {
      expect(problemOf(await place({ promotionCode }))).toBe('422 promotion_not_found /promotionCode');
    }
    expect(problemOf(await place({ paymentMethod: 'stripe' }))).toBe('422 payment_method_unavailable /paymentMethod');
    expect(problemOf(await place({ paymentMethod: 'card' }))).toBe('422 payment_token_required /paymentToken');
    expect(problemOf(await place({ items: [] }))).toBe('422 validation_failed /items');
    expect(problemOf(await place({ items: [{ productId, quantity: 0 }] }))).toBe(
      '422 validation_failed /items/0/quantity',
    );
    expect(problemOf(await place({ totalAmount: 1 }))).toBe('422 validation_failed /totalAmount');

    expect((await other.api.get('/orders')).body.data).toEqual([]);
    expect((await other.api.get('/payments')).body.data).toEqual([]);
    expect((await other.api.get('/invoices')).body.data).toEqual([]);
    expect(await stockOf(productId)).toMatchObject({ quantity: 3, reserved: 0 });
    expect(await stockOf(enough)).toMatchObject({ quantity: 100, reserved: 0 });
  });
});

describe('who may do what with an order', () => {
  it('customers see and touch their own only', async () => {
    const stranger = await shop.addBuyer();
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct()));

    expect(problemOf(await stranger.api.get(`/orders/${order.id}`))).toBe('404 not_found');
    expect(problemOf(await stranger.api.post(`/orders/${order.id}/pay`, {}))).toBe('404 not_found');
    expect(problemOf(await stranger.api.post(`/orders/${order.id}/cancel`, {}))).toBe('404 not_found');
    expect(problemOf(await stranger.api.get(`/payments/${order.paymentId}`))).toBe('404 not_found');
    expect(problemOf(await stranger.api.get(`/invoices/${order.invoiceId}`))).toBe('404 not_found');
    expect(problemOf(await stranger.api.get(`/orders/customer/${buyer.customerId}`))).toBe('404 not_found');
    for (const list of ['orders', 'payments', 'invoices', 'subscriptions', 'credit-notes']) {
      const path = `/${list}?customerId=`;
      expect(problemOf(await stranger.api.get(`${path}${buyer.customerId}`))).toBe('403 forbidden customerId');
      expect(await stranger.api.get(`${path}${stranger.customerId}`)).toMatchObject({
        status: 200,
        body: { data: [] },
      });
    }
    expect(problemOf(await stranger.api.get(`/subscriptions/customer/${buyer.customerId}`))).toBe('404 not_found');
    expect((await stranger.api.get(`/payments?orderId=${order.id}`)).body.data).toEqual([]);
    expect((await buyer.api.get(`/orders/customer/${buyer.customerId}?limit=1`)).body.data).toMatchObject([
      { id: order.id },
    ]);
    expect(
      problemOf(
        await stranger.api.post('/orders', orderOf(order.items[0].productId, { customerId: buyer.customerId })),
      ),
    ).toBe('403 forbidden /customerId');
  });

  it('employees order for a customer they name, and move the goods; managers give money back', async () => {
    const productId = await shop.addProduct();
    expect(problemOf(await shop.staff.post('/orders', orderOf(productId)))).toBe('422 customer_required /customerId');
    expect(problemOf(await shop.staff.post('/orders', orderOf(productId, { customerId: 999_999_999 })))).toBe(
      '422 customer_not_found /customerId',
    );

    const placed = await shop.staff.post('/orders', orderOf(productId, { customerId: buyer.customerId }));
    expect(placed).toMatchObject({ status: 201, body: { customerId: buyer.customerId } });
    const { id, paymentId } = placed.body;

    for (const path of [`/orders/${id}/ship`, `/orders/${id}/deliver`, `/payments/${paymentId}/refund`]) {
      expect(problemOf(await buyer.api.post(path, {}))).toBe('403 forbidden');
      expect(problemOf(await shop.company.visitor.post(path, {}))).toBe('401 unauthenticated');
    }
    expect(problemOf(await shop.staff.post(`/payments/${paymentId}/refund`, {}))).toBe('403 forbidden');
    expect(problemOf(await shop.company.visitor.post('/orders', orderOf(productId)))).toBe('401 unauthenticated');
    expect(problemOf(await shop.company.visitor.get('/orders'))).toBe('401 unauthenticated');
  });

  it('another company knows nothing of it', async () => {
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct()));
    const other = await openShop();

    expect(problemOf(await other.company.api.get(`/orders/${order.id}`))).toBe('404 not_found');
    expect(problemOf(await other.company.api.post(`/orders/${order.id}/cancel`, {}))).toBe('404 not_found');
    expect(problemOf(await other.company.api.post(`/payments/${order.paymentId}/refund`, {}))).toBe('404 not_found');
    expect(problemOf(await other.company.visitor.post(`/payments/${order.paymentId}/test/success`))).toBe(
      '404 not_found',
    );
    expect((await other.company.api.get('/orders')).body.data).toEqual([]);
    expect((await shop.staff.get(`/orders/${order.id}`)).body.status).toBe('pending');
  });
});

describe('cash on delivery', () => {
  it('is confirmed and invoiced at once, and paid when it is delivered', async () => {
    const productId = await shop.addProduct();
    const placed = await buyer.api.post('/orders', orderOf(productId, { paymentMethod: 'cod' }));

    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'confirmed', paymentStatus: 'pending', paymentUrl: null, paymentDueAt: null },
    });
    expect(await invoiceOf(placed.body.invoiceId)).toMatchObject({
      status: 'open',
      invoiceNumber: expect.stringMatching(/^INV-/),
    });
    await shop.staff.post(`/orders/${placed.body.id}/ship`, {});
    expect(await shop.staff.post(`/orders/${placed.body.id}/deliver`, {})).toMatchObject({
      status: 200,
      body: { status: 'delivered', paymentStatus: 'paid', invoice: { status: 'paid', dueAmount: 0 } },
    });
    expect(await stockOf(productId)).toMatchObject({ quantity: 99, reserved: 0 });
    expect(await shop.eventsOf(`order/${placed.body.id}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'invoice.updated',
      'order.confirmed',
      'inventory.deducted',
      'order.shipped',
      'order.delivered',
      'payment.success',
      'invoice.updated',
      'order.completed',
    ]);
  });
});

describe('a cancel', () => {
  it('asked for twenty times at once happens once; whoever comes as the order ends is told so', async () => {
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct()));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0 ? buyer.api.post(`/orders/${order.id}/cancel`, {}) : buyer.api.post(`/orders/${order.id}/pay`, {}),
      ),
    );

    expect(answers.filter(({ status }) => status !== 200 && status !== 409).map(problemOf)).toEqual([]);
    expect((await shop.eventsOf(`order/${order.id}`)).filter((type) => type === 'order.cancelled')).toHaveLength(1);
  });

  it('before payment gives the stock back, and ends invoice, payment and order', async () => {
    const productId = await shop.addProduct();
    const { body: order } = await buyer.api.post('/orders', orderOf(productId));

    expect(await buyer.api.post(`/orders/${order.id}/cancel`, { reason: 'đổi ý' })).toMatchObject({
      status: 200,
      body: {
        status: 'cancelled',
        paymentStatus: 'cancelled',
        cancelReason: 'đổi ý',
        paymentUrl: null,
        invoice: { status: 'void', invoiceNumber: null, dueAmount: 0 },
        payments: [{ status: 'cancelled' }],
      },
    });
    expect(await stockOf(productId)).toMatchObject({ quantity: 100, reserved: 0 });
    expect(await shop.eventsOf(`order/${order.id}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'inventory.released',
      'invoice.updated',
      'order.cancelled',
    ]);

    for (const [name, client] of [
      ['pay', buyer.api],
      ['ship', shop.staff],
      ['cancel', buyer.api],
    ] as const) {
      expect(await client.post(`/orders/${order.id}/${name}`, {})).toMatchObject({
        status: 409,
        body: { code: 'order_state', status: 409 },
      });
    }
  });

  it('after payment gives the money back and takes the goods back', async () => {
    const productId = await shop.addProduct();
    const { body: order } = await buyer.api.post('/orders', orderOf(productId));
    await shop.company.visitor.post(`/payments/${order.paymentId}/test/success`);
    expect(await stockOf(productId)).toMatchObject({ quantity: 99 });

    expect((await buyer.api.post(`/orders/${order.id}/cancel`, {})).body.status).toBe('cancelled');
    const refunded = await until(
      async () => (await buyer.api.get(`/orders/${order.id}`)).body,
      ({ paymentStatus }) => paymentStatus === 'refunded',
    );
    expect(refunded).toMatchObject({
      paymentStatus: 'refunded',
      payments: [{ status: 'refunded', paidAmount: 55_000, refundedAmount: 55_000 }],
    });
    expect((await shop.staff.get(`/payments/${order.paymentId}`)).body.refunds).toMatchObject([
      { amount: 55_000, status: 'succeeded' },
    ]);
    expect(await stockOf(productId)).toMatchObject({ quantity: 100, reserved: 0 });
    expect((await shop.eventsOf(`order/${order.id}`)).slice(-4)).toEqual([
      'inventory.released',
      'payment.refund_due',
      'order.cancelled',
      'payment.refunded',
    ]);
  });

  it('is too late for a shipped order, as shipping is too early for an unpaid one', async () => {
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct()));
    expect(problemOf(await shop.staff.post(`/orders/${order.id}/ship`, {}))).toBe('409 order_state');

    await shop.company.visitor.post(`/payments/${order.paymentId}/test/success`);
    expect(problemOf(await shop.staff.post(`/orders/${order.id}/deliver`, {}))).toBe('409 order_state');
    await shop.staff.post(`/orders/${order.id}/ship`, {});
    expect(problemOf(await buyer.api.post(`/orders/${order.id}/cancel`, {}))).toBe('409 order_state');
    expect((await buyer.api.get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'shipped',
      paymentStatus: 'paid',
    });
  });
});
