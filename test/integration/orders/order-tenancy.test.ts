import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { listOrders, readOrder } from '../../../domain/orders/read-orders';
import { findPaymentByReference } from '../../../domain/payments/find-payment';
import { listPayments, readPaymentRow } from '../../../domain/payments/list-payments';
import { openOrderWorld, type OrderWorld, type Placed } from './order-world';

let mine: OrderWorld;
let theirs: OrderWorld;
let placed: Placed;

beforeAll(async () => {
  mine = await openOrderWorld();
  theirs = await mine.another();
  placed = await mine.place({ items: [{ productId: await mine.addProduct(), quantity: 1 }] });
});

afterAll(() => mine?.close());

const scope = () => ({ companyId: theirs.company.id, orderId: placed.orderId });
const everything = () =>
  mine.query(
    `SELECT (SELECT jsonb_agg(o ORDER BY id) FROM ordering.orders o) AS orders, (SELECT jsonb_agg(p ORDER BY id) FROM finance.payments p) AS payments,
            (SELECT jsonb_agg(i ORDER BY id) FROM finance.invoices i) AS invoices, (SELECT jsonb_agg(s ORDER BY product_id) FROM ordering.inventory s) AS stock,
            (SELECT count(*) FROM platform.events) AS events`,
  );

describe('to another company an order', () => {
  it.each<[string, () => Promise<{ kind: string }>]>([
    ['settle', () => theirs.steps.settleOrder({ ...scope(), paymentId: placed.payment.paymentId })],
    ['cancel', () => theirs.steps.cancelOrder({ ...scope(), reason: 'x', cause: 'request' })],
    ['end its window', () => theirs.steps.cancelOrder({ ...scope(), reason: 'x', cause: 'window' })],
    ['ship', () => theirs.steps.shipOrder({ ...scope(), carrier: null, trackingNumber: null })],
    ['deliver', () => theirs.steps.deliverOrder(scope())],
    [
      'pay again',
      async () =>
        theirs.steps.startPayment({
          ...scope(),
          paymentId: await reserveId(theirs.database, 'payment'),
          paymentMethod: null,
          paymentToken: null,
          customerIp: null,
          locale: 'vi',
        }),
    ],
    [
      'refund',
      () =>
        theirs.steps.beginRefund({
          companyId: theirs.company.id,
          paymentId: placed.payment.paymentId,
          refundId: 1,
          amount: 1,
          reason: 'x',
        }),
    ],
  ])('is not there to %s, and stays as it is', async (_name, step) => {
    const before = await everything();

    expect(await step()).toMatchObject({ kind: 'refused', error: { code: 'not_found' } });
    expect(await everything()).toEqual(before);
  });

  it('is not there to be read or listed, nor are its payments', async () => {
    const { orderId, payment } = placed;
    const seen = await theirs.database.withTenantSql(theirs.company.id, async (tx) => ({
      order: await readOrder(tx, { orderId }),
      payment: await readPaymentRow(tx, { paymentId: payment.paymentId }),
      orders: await listOrders(tx, { before: null, limit: 10 }),
      payments: await listPayments(tx, { before: null, limit: 10 }),
    }));

    expect(seen).toEqual({ order: null, payment: null, orders: [], payments: [] });
  });

  it('is not placed over, although its id is taken', async () => {
    const before = await everything();
    const productId = await theirs.addProduct();
    await expect(theirs.tryPlace({ orderId: placed.orderId, items: [{ productId, quantity: 1 }] })).rejects.toThrow();

    expect((await everything())[0]!['orders']).toEqual(before[0]!['orders']);
    expect(await theirs.stock(productId)).toMatchObject({ reserved: 0 });
  });

  it('is not moved by a callback: its outcome is entered for the company that owns the reference', async () => {
    const before = await everything();
    const [payment] = (await mine.read(placed.orderId)).payments;
    const [row] = await mine.query<{ reference: string }>('SELECT reference FROM finance.payments WHERE id = $1', [
      payment!.id,
    ]);

    expect(await findPaymentByReference(mine.database, row!.reference)).toEqual({
      companyId: mine.company.id,
      paymentId: payment!.id,
    });
    expect(await theirs.enter(payment!.id, 'success')).toBeNull();
    expect(await everything()).toEqual(before);
    expect(await mine.query('SELECT 1 FROM finance.provider_events')).toEqual([]);
  });
});

it('two companies with interleaved orders number their invoices and hold their stock apart', async () => {
  const worlds = [mine, await mine.another(), await mine.another()];
  const products = await Promise.all(worlds.map((world) => world.addProduct({ stock: 20 })));
  await Promise.all(
    Array.from({ length: 30 }, async (_, nth) => {
      const world = worlds[nth % 3]!;
      await world.pay(await world.place({ items: [{ productId: products[nth % 3]!, quantity: 1 }] }));
    }),
  );

  for (const [nth, world] of worlds.entries()) {
    expect(await world.stock(products[nth]!)).toEqual({ quantity: 10, reserved: 0, available: 10 });
    const numbers = await mine.query<{ invoice_number: string }>(
      'SELECT invoice_number FROM finance.invoices WHERE company_id = $1 AND invoice_number IS NOT NULL ORDER BY 1',
      [world.company.id],
    );
    expect(numbers.map((row) => Number(row.invoice_number.slice(4)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
});
