import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { type InvoiceRow, viewInvoice } from '../../../domain/billing/invoices/invoice-view';
import { readInvoice } from '../../../domain/billing/invoices/list-invoices';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { type CustomerChanges, updateCustomer } from '../../../domain/customers/update-customer';
import { viewOrder } from '../../../domain/orders/order-view';
import { openOrderWorld, type OrderWish, type OrderWorld } from './order-world';

let world: OrderWorld;
let product: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct({ price: 99_999 });
});
afterAll(() => world?.close());

const change = (changes: CustomerChanges) =>
  world.database.withTenant(world.company.id, (tx) =>
    updateCustomer(tx, { id: world.customerId, changes, now: world.now }),
  );
const buy = (wish: OrderWish = {}) => world.place({ items: [{ productId: product, quantity: 1 }], ...wish });
const viewOf = async (orderId: number) => viewOrder(await world.read(orderId));
const invoiceOf = async (orderId: number) => {
  const invoiceId = (await viewOf(orderId)).invoiceId as number;
  const row = await world.database.withTenant(world.company.id, (tx) => readInvoice(tx, { invoiceId }));

  return viewInvoice(row as InvoiceRow);
};

describe('an order of a buyer who is not charged tax', () => {
  it('has none, of the company’s rate and of tax rates alike, and its refund gives none back', async () => {
    await change({ taxStatus: 'exempt', taxExemptReason: 'Diplomatic mission' });
    const plain = await viewOf((await buy()).orderId);
    const rate = { code: 'VAT', name: 'GTGT', ratePpm: 80_000, id: await reserveId(world.database, 'taxRate') };
    await world.database.withTenant(world.company.id, (tx) => createTaxRate(tx, { taxRate: rate, now: world.now }));
    const placed = await buy();
    const rated = await viewOf(placed.orderId);

    expect(plain).toMatchObject({ tax: 0, totalAmount: 99_999, taxes: [] });
    expect(rated).toMatchObject({ tax: 0, totalAmount: 99_999, taxes: [] });
    await world.pay(placed);
    await world.refund(placed.payment.paymentId, null);
    expect(
      await world.query(
        `SELECT n.tax, n.total_amount FROM finance.credit_notes n JOIN finance.invoices i ON i.id = n.invoice_id
          WHERE i.order_id = $1`,
        [placed.orderId],
      ),
    ).toEqual([{ tax: 0, total_amount: -99_999 }]);
  });

  it('has an invoice that keeps what it says of the buyer, and says why nothing was charged', async () => {
    await change({
      taxStatus: 'reverse_charge',
      taxCode: 'DE136695976',
      country: 'DE',
      legalName: 'Lan GmbH',
      billingAddress: 'Unter den Linden 1, Berlin',
    });
    const placed = await buy();
    expect(await invoiceOf(placed.orderId)).toMatchObject({ status: 'draft', buyer: null, taxNote: null });
    await world.pay(placed);
    const issued = await invoiceOf(placed.orderId);
    await change({ taxStatus: 'taxable', taxCode: '0100109106', country: null, legalName: null, name: 'Lan again' });

    expect(issued).toMatchObject({
      tax: 0,
      taxes: [],
      taxNote: 'reverse_charge',
      buyer: {
        customerId: world.customerId,
        name: `Customer ${world.customerId}`,
        legalName: 'Lan GmbH',
        taxCode: 'DE136695976',
        billingAddress: 'Unter den Linden 1, Berlin',
        country: 'DE',
        taxStatus: 'reverse_charge',
        taxExemptReason: null,
      },
    });
    expect(await invoiceOf(placed.orderId)).toEqual(issued);
    expect((await viewOf((await buy()).orderId)).tax).toBe(8_000);
  });

  it('says how it was taxed when it was placed, whatever the buyer is when it is paid', async () => {
    await change({ taxStatus: 'exempt', taxExemptReason: 'A school' });
    const untaxed = await buy({ billingAddress: '1 Hàng Bài, Hà Nội' });
    await change({ taxStatus: 'taxable' });
    const taxed = await buy();
    await change({ taxStatus: 'reverse_charge', billingAddress: '2 Hàng Bài, Hà Nội' });
    await world.pay(untaxed);
    await world.pay(taxed);

    expect(await invoiceOf(untaxed.orderId)).toMatchObject({
      tax: 0,
      taxNote: null,
      buyer: { taxStatus: 'exempt', taxExemptReason: 'A school', billingAddress: '1 Hàng Bài, Hà Nội' },
    });
    expect(await invoiceOf(taxed.orderId)).toMatchObject({
      tax: 8_000,
      taxNote: null,
      buyer: { taxStatus: 'taxable', taxExemptReason: null, billingAddress: '2 Hàng Bài, Hà Nội' },
    });
  });
});
