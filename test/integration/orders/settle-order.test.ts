import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { updateSettings } from '../../../domain/companies/update-settings';
import { settleOrder } from '../../../domain/orders/settle-order';
import { openOrderWorld, type OrderWorld, type Placed } from './order-world';

let world: OrderWorld;
let product: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct({ price: 50_000, stock: 1_000 });
});

afterAll(() => world?.close());

const buy = (of = world, quantity = 1, productId = product): Promise<Placed> =>
  of.place({ items: [{ productId, quantity }] });
const settle = ({ orderId, payment }: Placed, of = world) =>
  of.steps.settleOrder({ companyId: of.company.id, orderId, paymentId: payment.paymentId });
const numbersOf = async (companyId: number): Promise<string[]> => {
  const rows = await world.query<{ invoice_number: string }>(
    'SELECT invoice_number FROM finance.invoices WHERE company_id = $1 AND invoice_number IS NOT NULL ORDER BY 1',
    [companyId],
  );

  return rows.map((row) => row.invoice_number);
};
const series = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, nth) => `${prefix}${String(nth + 1).padStart(6, '0')}`);

describe('a payment that is taken in', () => {
  it('pays and numbers the invoice, confirms the order, deducts the stock and counts for the customer', async () => {
    const other = await world.another();
    const item = await other.addProduct({ price: 50_000, stock: 10 });
    const placed = await buy(other, 2, item);

    expect(await other.pay(placed)).toEqual({ kind: 'completed' });
    expect(await other.read(placed.orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      paymentDueAt: null,
      confirmedAt: expect.any(String),
      invoice: { status: 'paid', invoiceNumber: 'INV-000001', paidAmount: 110_000, dueAmount: 0 },
      payments: [{ status: 'success', paidAmount: 110_000, transactionId: `T${placed.payment.paymentId}` }],
    });
    expect(await other.stock(item)).toEqual({ quantity: 8, reserved: 0, available: 8 });
    const movements = await world.query(
      "SELECT type, quantity_delta, order_id FROM ordering.inventory_movements WHERE product_id = $1 AND type = 'SALE'",
      [item],
    );
    expect(movements).toEqual([{ type: 'SALE', quantity_delta: -2, order_id: placed.orderId }]);
    expect(
      await world.query('SELECT total_spent, order_count FROM customer.customers WHERE id = $1', [other.customerId]),
    ).toEqual([{ total_spent: 110_000, order_count: 1 }]);
    expect(await other.events(`order/${placed.orderId}`)).toEqual([
      'order.created',
      'inventory.reserved',
      'invoice.created',
      'payment.initiated',
      'payment.success',
      'inventory.deducted',
      'invoice.updated',
      'order.confirmed',
      'order.completed',
    ]);
    expect(
      await world.query("SELECT payload FROM platform.events WHERE subject = $1 AND type = 'inventory.deducted'", [
        `order/${placed.orderId}`,
      ]),
    ).toEqual([{ payload: { orderId: placed.orderId, productId: item, quantity: 2 } }]);
  });

  it('says in its event which number the invoice got', async () => {
    const placed = await buy();
    await world.pay(placed);
    const [event] = await world.query<{ payload: { invoiceNumber: string } }>(
      "SELECT payload FROM platform.events WHERE subject = $1 AND type = 'invoice.updated'",
      [`order/${placed.orderId}`],
    );

    expect(event?.payload.invoiceNumber).toBe((await world.read(placed.orderId)).invoice?.invoiceNumber);
  });

  it('counts once, whatever repeats: twenty at once and twenty after one another', async () => {
    const placed = await buy();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        world.enter(placed.payment.paymentId, 'success', { provider: `p${nth % 4}` }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome?.inboxId != null)).toHaveLength(4);

    const settlements = await Promise.all(Array.from({ length: 20 }, () => settle(placed)));
    expect(new Set(settlements.map(({ kind }) => kind))).toEqual(new Set(['completed']));
    const before = await world.rowCounts();
    await Promise.all(Array.from({ length: 20 }, () => settle(placed)));

    expect(await world.rowCounts()).toEqual(before);
    const types = await world.events(`order/${placed.orderId}`);
    expect(types.filter((type) => type === 'order.completed')).toHaveLength(1);
    expect(types.filter((type) => type === 'payment.success')).toHaveLength(1);
    const sales = await world.query(
      "SELECT 1 FROM ordering.inventory_movements WHERE order_id = $1 AND type = 'SALE'",
      [placed.orderId],
    );
    expect(sales).toHaveLength(1);
  });

  it('is nothing to an order while it is under way', async () => {
    const placed = await buy();

    expect(await settle(placed)).toEqual({ kind: 'unchanged' });
    expect(await world.read(placed.orderId)).toMatchObject({ status: 'pending', paymentStatus: 'pending' });
  });

  it('is refused by an order that it is not of', async () => {
    const [one, two] = [await buy(), await buy()];
    const { paymentId } = two.payment;

    expect(
      await world.steps.settleOrder({ companyId: world.company.id, orderId: one.orderId, paymentId }),
    ).toMatchObject({
      kind: 'refused',
      error: { code: 'not_found' },
    });
  });

  it('goes back when it is not the amount that was asked for, and the order waits on', async () => {
    const placed = await buy();
    await world.enter(placed.payment.paymentId, 'success', { paidAmount: 27_500 });

    expect(await settle(placed)).toEqual({ kind: 'refund_due', paymentId: placed.payment.paymentId });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'pending',
      invoice: { status: 'draft', paidAmount: 0 },
      payments: [{ status: 'refund_due', paidAmount: 27_500 }],
    });
    await world.refund(placed.payment.paymentId, null);
    const again = await world.payAgain(placed.orderId);
    expect(await world.pay({ orderId: placed.orderId, payment: { paymentId: again } })).toEqual({ kind: 'completed' });
  });
});

describe('a payment that failed', () => {
  it('leaves the order pending with its stock, and a later success completes it', async () => {
    const item = await world.addProduct({ stock: 5 });
    const placed = await buy(world, 2, item);
    await world.enter(placed.payment.paymentId, 'failed');

    expect(await settle(placed)).toEqual({ kind: 'failed' });
    expect(await settle(placed)).toEqual({ kind: 'unchanged' });
    expect(await world.read(placed.orderId)).toMatchObject({
      status: 'pending',
      paymentStatus: 'failed',
      invoice: { status: 'draft' },
      payments: [{ status: 'failed', failureReason: 'vnpay_24' }],
    });
    expect(await world.stock(item)).toEqual({ quantity: 5, reserved: 2, available: 3 });

    expect(await world.pay(placed)).toEqual({ kind: 'completed' });
    expect((await world.read(placed.orderId)).payments).toMatchObject([{ status: 'success', failureReason: null }]);
  });

  it('after a success is kept in the inbox and changes nothing', async () => {
    const placed = await buy();
    await world.pay(placed);
    await world.enter(placed.payment.paymentId, 'failed');

    expect(await settle(placed)).toEqual({ kind: 'completed' });
    expect(await world.read(placed.orderId)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    const inbox = await world.query<{ outcome: string }>(
      `SELECT e.outcome FROM finance.provider_events e JOIN finance.payments p ON p.reference = e.reference
        WHERE p.id = $1 ORDER BY e.id`,
      [placed.payment.paymentId],
    );
    expect(inbox.map(({ outcome }) => outcome)).toEqual(['success', 'failed']);
    expect(await world.events(`order/${placed.orderId}`)).not.toContain('payment.failed');
  });
});

describe('invoice numbers', () => {
  it('have no gap after fifty settlements at once, ten of them rolled back', async () => {
    const other = await world.another();
    const item = await other.addProduct({ stock: 100 });
    const placed: Placed[] = [];
    for (let nth = 0; nth < 50; nth += 1) {
      placed.push(await buy(other, 1, item));
    }
    await Promise.all(placed.map(({ payment }) => other.enter(payment.paymentId, 'success')));
    const outcomes = await Promise.allSettled(
      placed.map(({ orderId, payment }, nth) =>
        other.database.withTenantSql(other.company.id, async (tx) => {
          await settleOrder(tx, { orderId, paymentId: payment.paymentId, now: other.now });

          if (nth % 5 === 0) {
            throw new Error('undone');
          }
        }),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(await numbersOf(other.company.id)).toEqual(series('INV-', 40));
    for (const order of placed.filter((_, nth) => nth % 5 === 0)) {
      expect(await settle(order, other)).toEqual({ kind: 'completed' });
    }
    expect(await numbersOf(other.company.id)).toEqual(series('INV-', 50));
    expect(await other.stock(item)).toEqual({ quantity: 50, reserved: 0, available: 50 });
  });

  it('are given at payment only: orders that are never paid leave no hole', async () => {
    const other = await world.another();
    const item = await other.addProduct();
    const [first, unpaid, last] = [await buy(other, 1, item), await buy(other, 1, item), await buy(other, 1, item)];
    await other.pay(last);
    await other.steps.cancelOrder({
      companyId: other.company.id,
      orderId: unpaid.orderId,
      reason: 'x',
      cause: 'window',
    });
    await other.pay(first);

    expect((await other.read(last.orderId)).invoice?.invoiceNumber).toBe('INV-000001');
    expect((await other.read(first.orderId)).invoice?.invoiceNumber).toBe('INV-000002');
    expect((await other.read(unpaid.orderId)).invoice).toMatchObject({ invoiceNumber: null, status: 'void' });
  });

  it('run in a series of their own for each customer where the company says so', async () => {
    const other = await world.another({ invoiceNumbering: 'customer', invoiceNumberPrefix: 'HD-' });
    const item = await other.addProduct();
    const second = await other.company.addCustomer();
    const of = async (customerId: number) => {
      const placed = await other.place({ customerId, items: [{ productId: item, quantity: 1 }] });
      await other.pay(placed);

      return (await other.read(placed.orderId)).invoice?.invoiceNumber;
    };

    expect([await of(other.customerId), await of(second), await of(other.customerId), await of(second)]).toEqual([
      `HD-${String(other.customerId).padStart(3, '0')}-001`,
      `HD-${String(second).padStart(3, '0')}-001`,
      `HD-${String(other.customerId).padStart(3, '0')}-002`,
      `HD-${String(second).padStart(3, '0')}-002`,
    ]);
  });

  it('go on without a gap, with the month in the company’s zone, when the company changes how they are numbered', async () => {
    const other = await world.another({ invoiceNumbering: 'customer' });
    const item = await other.addProduct();
    await other.pay(await other.place({ items: [{ productId: item, quantity: 1 }] }));
    await world.database.withTenant(other.company.id, (tx) =>
      updateSettings(tx, { changes: { invoiceNumbering: 'month' }, now: new Date() }),
    );
    const placed = await other.place({ items: [{ productId: item, quantity: 1 }] });
    await other.pay(placed);

    expect((await other.read(placed.orderId)).invoice?.invoiceNumber).toMatch(/^INV-20\d{4}-002$/);
  });
});

describe('a final invoice', () => {
  it('says for ever who sold to whom at which rate, whatever changes later', async () => {
    const other = await world.another({ sellerName: 'Công ty Sách', sellerTaxCode: '0101234567' });
    const placed = await other.place({ items: [{ productId: await other.addProduct(), quantity: 1 }] });
    await other.pay(placed);
    const [invoice] = await world.query<{ snapshot: unknown }>(
      'SELECT snapshot FROM finance.invoices WHERE order_id = $1',
      [placed.orderId],
    );

    expect(invoice?.snapshot).toEqual({
      seller: { name: 'Công ty Sách', address: null, taxCode: '0101234567' },
      buyer: {
        customerId: other.customerId,
        name: `Customer ${other.customerId}`,
        email: expect.stringContaining(`customer-${other.customerId}@`),
        taxStatus: 'taxable',
        taxExemptReason: null,
        taxCode: null,
        legalName: null,
        billingAddress: null,
        country: null,
      },
      tax: { ratePpm: 100_000, discountTiming: 'after_tax' },
      locale: 'vi-VN',
      timeZone: 'Asia/Ho_Chi_Minh',
      templateVersion: 1,
    });
  });

  it.each([
    'UPDATE finance.invoices SET total_amount = total_amount + 1 WHERE id = $1',
    "UPDATE finance.invoices SET invoice_number = 'INV-999999' WHERE id = $1",
    "UPDATE finance.invoices SET snapshot = '{}' WHERE id = $1",
    'UPDATE finance.invoices SET finalised_at = NULL, invoice_number = NULL WHERE id = $1',
    "UPDATE finance.invoices SET due_date = now() + interval '1 day' WHERE id = $1",
    'UPDATE finance.invoice_lines SET tax = 0 WHERE invoice_id = $1',
    'DELETE FROM finance.invoice_lines WHERE invoice_id = $1',
    'DELETE FROM finance.invoices WHERE id = $1',
    "UPDATE finance.invoices SET status = 'draft' WHERE id = $1",
    'INSERT INTO finance.invoice_lines (company_id, invoice_id, line_no, description, quantity, unit_amount, subtotal, discount, tax_rate_ppm, tax) SELECT company_id, id, 99, $$x$$, 1, 0, 0, 0, 0, 0 FROM finance.invoices WHERE id = $1',
  ])('cannot be changed, even by its owner: %s', async (statement) => {
    const placed = await buy();
    await world.pay(placed);
    const invoice = (await world.read(placed.orderId)).invoice!;

    await expect(world.query(statement, [invoice.id])).rejects.toThrow(/is final|invoice_final_never_draft/);
    expect((await world.read(placed.orderId)).invoice).toEqual(invoice);
  });

  it('cannot be moved under another one by its lines', async () => {
    const [one, two] = [await buy(), await buy()];
    await world.pay(one);
    const [final, draft] = [(await world.read(one.orderId)).invoice!, (await world.read(two.orderId)).invoice!];

    await expect(
      world.query('UPDATE finance.invoice_lines SET invoice_id = $2, line_no = 50 WHERE invoice_id = $1', [
        draft.id,
        final.id,
      ]),
    ).rejects.toThrow(/is final/);
    await expect(
      world.query('UPDATE finance.invoice_lines SET invoice_id = $2, line_no = 50 WHERE invoice_id = $1', [
        final.id,
        draft.id,
      ]),
    ).rejects.toThrow(/is final/);
  });

  it('was a draft before, which could still change', async () => {
    const placed = await buy();
    const invoice = (await world.read(placed.orderId)).invoice!;

    await world.query("UPDATE finance.invoices SET notes = 'gift' WHERE id = $1", [invoice.id]);
    await world.query("UPDATE finance.invoice_lines SET description = 'gift' WHERE invoice_id = $1", [invoice.id]);
    expect(await world.query('SELECT notes FROM finance.invoices WHERE id = $1', [invoice.id])).toEqual([
      { notes: 'gift' },
    ]);
  });

  it('exists at most once for an order', async () => {
    const placed = await buy();
    const id = await reserveId(world.database, 'order');

    await expect(
      world.query(
        `INSERT INTO finance.invoices (id, company_id, billing_account_id, customer_id, invoice_type, status, order_id, subtotal, tax, discount,
           total_amount, due_amount, currency, created_at, updated_at)
         SELECT $2, company_id, billing_account_id, customer_id, invoice_type, 'draft', order_id, 0, 0, 0, 0, 0, currency, now(), now()
           FROM finance.invoices WHERE order_id = $1`,
        [placed.orderId, id + 5_000_000],
      ),
    ).rejects.toThrow(/invoices_one_per_order/);
  });
});
