import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';
import { openShop, orderOf, problemOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

const vat = (fields: object = {}) => ({ code: 'VAT', name: 'Thuế GTGT', ratePpm: 80_000, ...fields });

describe('/tax-rates', () => {
  it('are made, read, ended and archived by managers, and read by employees only', async () => {
    const created = await shop.manager.post('/tax-rates', vat({ taxCategory: 'books', validUntil: '2026-12-31' }));
    const path = `/tax-rates/${created.body.id}`;

    expect(created).toMatchObject({
      status: 201,
      body: { code: 'VAT', ratePpm: 80_000, taxCategory: 'books', validFrom: null, validUntil: '2026-12-31' },
    });
    expect((await shop.staff.get('/tax-rates?taxCategory=books&validOn=2026-12-31')).body.data).toEqual([created.body]);
    expect((await shop.staff.get('/tax-rates?taxCategory=books&validOn=2027-01-01')).body.data).toEqual([]);
    expect(await shop.manager.patch(path, { validUntil: null, name: 'GTGT' })).toMatchObject({
      status: 200,
      body: { name: 'GTGT', validUntil: null },
    });
    expect(problemOf(await shop.manager.post('/tax-rates', vat({ taxCategory: 'books' })))).toBe(
      '409 tax_rate_overlaps /validFrom',
    );
    expect((await shop.manager.delete(path)).status).toBe(204);
    expect((await shop.manager.get(path)).body.status).toBe('archived');

    const buyer = await shop.addBuyer();
    expect(problemOf(await shop.company.visitor.get(path))).toBe('401 unauthenticated');
    expect(problemOf(await buyer.api.get('/tax-rates'))).toBe('403 forbidden');
    expect(problemOf(await shop.staff.post('/tax-rates', vat()))).toBe('403 forbidden');
  });

  it.each([
    [{ ratePpm: 1_000_001 }, '/ratePpm'],
    [{ ratePpm: 0.08 }, '/ratePpm'],
    [{ code: 'vat' }, '/code'],
    [{ taxCategory: 'Sách' }, '/taxCategory'],
    [{ validFrom: '2027-02-29' }, '/validFrom'],
    [{ validFrom: '2027-01-01', validUntil: '2026-12-31' }, '/validUntil'],
  ])('refuse %j by the name of the field', async (fields, field) => {
    const { status, body } = await shop.manager.post('/tax-rates', vat(fields));

    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.field ?? body.errors?.[0]?.field).toBe(field);
  });
});

it('an order and its invoice tell each tax, and a company without tax rates has its own rate', async () => {
  const buyer = await shop.addBuyer();
  const plain = await shop.addProduct({ price: 50_000 });
  const { body: untouched } = await buyer.api.post('/orders', orderOf(plain));
  expect(untouched).toMatchObject({
    tax: 5_000,
    taxes: [{ code: null, name: null, ratePpm: 100_000, base: 50_000, amount: 5_000 }],
  });

  await shop.manager.post('/tax-rates', vat({ taxCategory: 'luxury', ratePpm: 100_000 }));
  await shop.manager.post('/tax-rates', vat({ taxCategory: 'luxury', code: 'SCT', name: 'TTĐB', ratePpm: 300_000 }));
  expect((await shop.manager.patch(`/products/${plain}`, { taxCategory: 'luxury' })).body.taxCategory).toBe('luxury');
  const { body: order } = await buyer.api.post('/orders', orderOf(plain, {}, 2));
  const taxes = [
    { code: 'SCT', name: 'TTĐB', ratePpm: 300_000, base: 100_000, amount: 30_000 },
    { code: 'VAT', name: 'Thuế GTGT', ratePpm: 100_000, base: 100_000, amount: 10_000 },
  ];
  const { body: invoice } = await buyer.api.get(`/invoices/${order.invoiceId}`);

  expect(order).toMatchObject({ subtotal: 100_000, tax: 40_000, totalAmount: 140_000, taxes });
  expect(invoice).toMatchObject({ tax: 40_000, taxes, lines: [{ taxRatePpm: 400_000, tax: 40_000, taxes }] });
});

it('a subscription is taxed by the day on which each invoice is issued', async () => {
  const other = await openSubscriptionShop();
  await other.admin.post('/tax-rates', vat({ validUntil: '2026-12-31' }));
  await other.admin.post('/tax-rates', vat({ ratePpm: 100_000, validFrom: '2027-01-01' }));
  const clock = await other.addClock('2026-12-15T00:00:00+07:00');
  const customerId = await other.addCustomer(clock);
  const planId = await other.addPlan({ price: 100_000 });
  const { id } = await other.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  await other.advance(clock, '2027-01-20T00:00:00+07:00');

  expect((await other.invoicesOf(id)).map(({ tax, taxes }) => [tax, taxes[0].code, taxes[0].ratePpm])).toEqual([
    [8_000, 'VAT', 80_000],
    [10_000, 'VAT', 100_000],
  ]);
});
