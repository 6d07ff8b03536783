import { randomUUID } from 'node:crypto';

import { createSignedLinks } from '../../../domain/notifications/signed-links';
import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, type TestShop, until } from '../orders/orders-test-shop';
import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';
import { createVnpayCaller } from './vnpay-test-caller';

const { url, jwtSecret } = testSystem();
const links = createSignedLinks({ secret: jwtSecret, publicUrl: url });
const vnpay = createVnpayCaller(testSystem());
let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
  await shop.company.api.put('/company/settings', { shopUrl: 'https://shop.example/' });
});

const open = async (link: string) => {
  const answer = await fetch(link);

  return { status: answer.status, html: await answer.text(), headers: answer.headers };
};

const press = async (link: string, attempt: string = randomUUID(), paymentMethod = 'vnpay') => {
  const answer = await fetch(link, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ attempt, paymentMethod }),
  });

  return { status: answer.status, leadsTo: answer.headers.get('Location'), html: await answer.text() };
};

const paymentsOf = (invoiceId: number) =>
  testSystem().query<{ id: string; status: string; reference: string; payment_url: string }>(
    'SELECT id, status, reference, payment_url FROM finance.payments WHERE invoice_id = $1 ORDER BY id',
    [invoiceId],
  );

const place = async (fields: Record<string, unknown> = {}) => {
  const productId = await shop.addProduct();
  const buyer = await shop.addBuyer();
  const { status, body: order } = await buyer.api.post(
    '/orders',
    orderOf(productId, { paymentMethod: 'vnpay', ...fields }, 2),
  );
  expect(status).toBe(201);

  return { order, buyer, link: links.linkTo('pay', [shop.company.id, order.invoiceId]) };
};

describe('the page to pay at', () => {
  it('says what there is to pay, to whom, for what and by when, and looking changes nothing', async () => {
    const { order, link } = await place();
    const { status, html, headers } = await open(link);
    await open(link);

    expect(status).toBe(200);
    expect(html).toContain('<html lang="vi">');
    for (const part of [
      order.orderNumber,
      '110.000 ₫',
      'Áo dài × 2',
      'Thanh toán qua VNPay',
      'https://shop.example/',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).toMatch(/trước \d\d:\d\d ngày \d\d\/\d\d\/\d{4}/);
    expect(html).not.toContain(order.shippingAddress);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(await paymentsOf(order.invoiceId)).toHaveLength(1);
  });

  it('makes a fresh payment when its button is pressed, one for a double click, and ends with the invoice', async () => {
    const { order, link, buyer } = await place();
    const attempt = /name="attempt" value="([^"]+)"/.exec((await open(link)).html)?.[1];
    const [first, second] = await Promise.all([press(link, attempt), press(link, attempt)]);
    const payments = await paymentsOf(order.invoiceId);

    expect(payments.map(({ status }) => status)).toEqual(['superseded', 'initiated']);
    expect([first, second]).toMatchObject([1, 2].map(() => ({ status: 303, leadsTo: payments[1]?.payment_url })));

    await vnpay.pay(payments[1]?.payment_url ?? '');
    const paid = await until(
      () => open(link),
      ({ html }) => html.includes('Khoản này đã được thanh toán'),
    );
    expect(paid.html).not.toContain('<form');
    expect((await buyer.api.get(`/orders/${order.id}`)).body).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
    });
    expect(await press(link)).toMatchObject({ status: 303, leadsTo: link });
    expect(await paymentsOf(order.invoiceId)).toHaveLength(2);
  });

  it('says of a cancelled order that there is nothing to pay', async () => {
    const { order, link, buyer } = await place();
    await buyer.api.post(`/orders/${order.id}/cancel`, { reason: 'changed my mind' });

    expect((await open(link)).html).toContain('Không cần thanh toán');
    expect((await press(link)).leadsTo).toBe(link);
    expect(await paymentsOf(order.invoiceId)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('says of cash on delivery that it is paid on delivery', async () => {
    const { link } = await place({ paymentMethod: 'cod' });

    expect((await open(link)).html).toContain('Thanh toán khi nhận hàng');
  });

  it('is not there for tokens that we did not write, of another invoice or another use', async () => {
    const { order, link } = await place();
    const forged = link.replace(`.${order.invoiceId}.`, `.${order.invoiceId + 1}.`);
    const other = links
      .linkTo('reset-password', [shop.company.id, order.invoiceId])
      .replace('/account/password/', '/pay/');

    for (const address of [forged, other, `${url}/pay/nonsense`, links.linkTo('pay', [shop.company.id, 999_999_999])]) {
      expect(await open(address)).toMatchObject({
        status: 404,
        html: expect.stringContaining('This link does not work'),
      });
      expect(await press(address)).toMatchObject({ status: 404, leadsTo: null });
    }
    expect(await paymentsOf(order.invoiceId)).toHaveLength(1);
  });

  it('refuses a way to pay that has no page, and tells people in words', async () => {
    const { order, link } = await place();

    for (const method of ['card', 'cod', 'stripe', 'nonsense']) {
      expect(await press(link, randomUUID(), method)).toMatchObject({
        status: 422,
        html: expect.stringContaining('Chưa bắt đầu thanh toán được'),
      });
    }
    expect(await paymentsOf(order.invoiceId)).toHaveLength(1);
  });
});

it('an invoice of a subscription is paid at its page, in the language of the account', async () => {
  const subscriptions = await openSubscriptionShop();
  const planId = await subscriptions.addPlan({ name: 'Lotus', price: 100_000 });
  const { body: customer } = await subscriptions.admin.post('/customers', {
    name: 'Ann',
    email: `${randomUUID()}@shop.test`,
    billingAccount: { locale: 'en-GB' },
  });
  const { id } = await subscriptions.subscribe({ customerId: customer.id, planId, paymentMethod: 'vnpay' });
  const [invoice] = await subscriptions.invoicesOf(id);
  const link = links.linkTo('pay', [subscriptions.company.id, invoice.id]);
  const { html } = await open(link);

  for (const part of ['<html lang="en">', invoice.invoiceNumber, '₫110,000', 'Lotus', 'Pay with VNPay']) {
    expect(html).toContain(part);
  }
  // It is due so many days after this very moment, not at the end of a day.
  expect(html).toMatch(/before \d?\d:\d\d on \d?\d [A-Z][a-z]+ 20\d\d/);
  const { leadsTo } = await press(link);
  await vnpay.pay(leadsTo ?? '');
  await until(
    () => open(link),
    (page) => page.html.includes('This has been paid'),
  );
  expect(await subscriptions.read(id)).toMatchObject({ status: 'active', activatedAt: expect.any(String) });
});
