import { openShop, orderOf, problemOf } from './orders-test-shop';

it('a buyer names their tax code and address, the company says that they are not taxed, and the invoice keeps both', async () => {
  const shop = await openShop();
  const buyer = await shop.addBuyer();
  const path = `/customers/${buyer.customerId}`;
  const own = { taxCode: '0100109106-001', legalName: 'Tập đoàn Viễn Thông', billingAddress: '1 Trần Hữu Dực, Hà Nội' };

  expect(await buyer.api.patch(path, own)).toMatchObject({ status: 200, body: { ...own, taxStatus: 'taxable' } });
  expect(problemOf(await buyer.api.patch(path, { taxStatus: 'exempt' }))).toBe('403 forbidden /taxStatus');
  expect(problemOf(await buyer.api.patch(path, { taxExemptReason: 'Me' }))).toBe('403 forbidden /taxExemptReason');
  expect(problemOf(await buyer.api.patch(path, { taxCode: '0100109107' }))).toBe('422 validation_failed /taxCode');
  expect(problemOf(await shop.staff.patch(path, { taxStatus: 'untaxed' }))).toBe('422 validation_failed /taxStatus');
  expect(problemOf(await shop.staff.patch(path, { country: 'Germany' }))).toBe('422 validation_failed /country');
  expect(problemOf(await shop.staff.patch(path, { taxExemptReason: 'A school' }))).toBe(
    '422 validation_failed /taxExemptReason',
  );
  expect((await shop.staff.patch(path, { taxStatus: 'reverse_charge' })).body).toMatchObject(own);

  const product = await shop.addProduct({ price: 50_000 });
  const { body: order } = await buyer.api.post('/orders', orderOf(product, { paymentMethod: 'cod' }));
  await buyer.api.patch(path, { legalName: null, taxCode: null });
  const { body: invoice } = await buyer.api.get(`/invoices/${order.invoiceId}`);

  expect(order).toMatchObject({ subtotal: 50_000, tax: 0, totalAmount: 50_000, taxes: [] });
  expect(invoice).toMatchObject({
    status: 'open',
    tax: 0,
    taxes: [],
    taxNote: 'reverse_charge',
    buyer: { ...own, customerId: buyer.customerId, taxStatus: 'reverse_charge', taxExemptReason: null, country: null },
  });
});
