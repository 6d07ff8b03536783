import { request } from 'node:http';
import { signedUrl, type VnpayParams } from '../../../gateways/vnpay/vnpay-signature';
import { HASH_SECRET, startShop, type Shop } from './start-shop';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

/** The address of a payment with some parameters changed, signed again. */
function resign(paymentUrl: string | null, changes: Record<string, string>): string {
  const url = new URL(paymentUrl ?? '');
  const { vnp_SecureHash: _hash, ...params } = Object.fromEntries(url.searchParams);

  return signedUrl(`${url.origin}${url.pathname}`, { ...params, ...changes } as VnpayParams, HASH_SECRET);
}

const open = (url: string | null) => fetch(url ?? '', { redirect: 'manual' });
const press = (page: string, action?: string) => {
  const path = /action="([^"]+)"/.exec(page)?.[1] ?? '';

  return fetch(`${shop.sandbox.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(action === undefined ? {} : { action }),
  });
};
const errorCode = async (response: Response) => /data-error-code="(\d\d)"/.exec(await response.text())?.[1];

describe('a payment address', () => {
  test('opens a page with amount, order and the time left', async () => {
    const { paymentUrl } = shop.place(1_250_000);
    const response = await open(paymentUrl);
    const page = (await response.text()).replaceAll('\u00a0', ' ');

    expect(response.status).toBe(200);
    expect(page).toContain('1.250.000 ₫');
    expect(page).toContain('Don hang 1');
    expect(page).toContain('<html lang="vi">');
    expect(page).toContain('>14:00</time>');
    for (const action of ['pay', 'decline', 'cancel', 'wrong_amount', 'duplicate_ipn', 'late_failure', 'ipn_lost']) {
      expect(page).toContain(`value="${action}"`);
    }
  });

  test('opens in English for the locale en, and changes language by a link', async () => {
    const { paymentUrl } = shop.place(10_000, { locale: 'en' });
    const page = await (await open(paymentUrl)).text();
    const link = /<a href="([^"]+)">Tiếng Việt</.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';

    expect(page).toContain('<html lang="en">');
    expect(await (await open(`${shop.sandbox.url}${link}`)).text()).toContain('<html lang="vi">');
  });

  test('admits no script or style but its own', async () => {
    const response = await open(shop.place(10_000).paymentUrl);
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];

    expect(policy).toContain("default-src 'none'");
    expect(await response.text()).toContain(`<script nonce="${nonce}">`);
  });

  test('shows what the merchant sends as text, not as markup', async () => {
    const url = resign(shop.place(10_000).paymentUrl, { vnp_OrderInfo: '<b onclick="x()">a & b</b>' });
    const page = await (await open(url)).text();

    expect(page).toContain('&lt;b onclick=&quot;x()&quot;&gt;a &amp; b&lt;/b&gt;');
    expect(page).not.toContain('<b onclick');
  });

  test('may carry parameters of others', async () => {
    const { paymentUrl } = shop.place(10_000);

    expect((await open(`${paymentUrl}&utm_source=mail`)).status).toBe(200);
  });
});

describe('a payment address is refused', () => {
  test('when any signed character was changed (70)', async () => {
    const response = await open(shop.place(10_000).paymentUrl?.replace('1000000', '1000100') ?? '');

    expect(response.status).toBe(400);
    expect(await errorCode(response)).toBe('70');
  });

  test.each([
    ['72', 'an unknown terminal', { vnp_TmnCode: 'SOMEBODY' }],
    ['03', 'another version', { vnp_Version: '2.0.1' }],
    ['03', 'another currency', { vnp_CurrCode: 'USD' }],
    ['03', 'an amount with a fraction', { vnp_Amount: '1000.5' }],
    ['03', 'an amount of 13 digits', { vnp_Amount: '1234567890123' }],
    ['03', 'order information with accents', { vnp_OrderInfo: 'Đơn hàng' }],
    ['03', 'no expiry', { vnp_ExpireDate: '' }],
    ['03', 'an expiry before the creation', { vnp_ExpireDate: '20260302095959' }],
    ['03', 'a date that does not exist', { vnp_CreateDate: '20260230100000' }],
    ['03', 'no address of the customer', { vnp_IpAddr: '' }],
    ['03', 'a return address without a host', { vnp_ReturnUrl: '/return' }],
    ['03', 'no order type', { vnp_OrderType: '' }],
    ['15', 'an expiry in the past', { vnp_CreateDate: '20260302090000', vnp_ExpireDate: '20260302095959' }],
  ])('with code %s for %s', async (code, _name, changes) => {
    const response = await open(resign(shop.place(10_000).paymentUrl, changes as Record<string, string>));

    expect(response.status).toBe(400);
    expect(await errorCode(response)).toBe(code);
  });

  test('when it names a hash type, which belongs to an older version (03)', async () => {
    const response = await open(`${shop.place(10_000).paymentUrl}&vnp_SecureHashType=HMACSHA512`);

    expect(await errorCode(response)).toBe('03');
  });

  test('when its reference stands for another payment of the day (94)', async () => {
    const { paymentUrl } = shop.place(10_000);
    await open(paymentUrl);

    expect(await errorCode(await open(resign(paymentUrl, { vnp_Amount: '2000000' })))).toBe('94');
    expect((await open(paymentUrl)).status).toBe(200);
  });

  test('when it comes under a name that is not this machine’s', async () => {
    const { paymentUrl } = shop.place(10_000);
    const status = await new Promise((resolve, reject) => {
      const call = request(paymentUrl ?? '', { headers: { host: 'rebound.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject).end();
    });

    expect(status).toBe(421);
  });
});

describe('a button', () => {
  test('pays, notifies the shop, and sends the browser back with a signed result', async () => {
    const { paymentUrl, reference } = shop.place(50_000);
    const response = await press(await (await open(paymentUrl)).text(), 'pay');
    const back = new URL(response.headers.get('location') ?? '');

    expect(response.status).toBe(303);
    expect(`${back.origin}${back.pathname}`).toBe(shop.config.returnUrl);
    expect(shop.gateway.readReturn?.(Object.fromEntries(back.searchParams))).toEqual({
      isAuthentic: true,
      reference,
      outcome: 'success',
      needsReview: false,
      failureReason: null,
    });
    expect(shop.recorded.filter((entry) => entry.reference === reference)).toMatchObject([
      { outcome: 'success', amount: 50_000, needsReview: false, paidAt: '2026-03-02T03:00:00.000Z' },
    ]);
  });

  test.each([
    ['decline', 'vnpay_51'],
    ['cancel', 'vnpay_24'],
    ['suspect', 'vnpay_07'],
  ])('%s sends the browser back with a failure', async (action, failureReason) => {
    const { paymentUrl, reference } = shop.place(50_000);
    const response = await press(await (await open(paymentUrl)).text(), action);
    const back = new URL(response.headers.get('location') ?? '');

    expect(shop.gateway.readReturn?.(Object.fromEntries(back.searchParams))).toMatchObject({
      outcome: 'failed',
      needsReview: action === 'suspect',
      failureReason,
    });
    expect(shop.recorded.filter((entry) => entry.reference === reference)).toMatchObject([
      { outcome: 'failed', failureReason, needsReview: action === 'suspect' },
    ]);
  });

  test('pressed twice, or after another, changes nothing any more', async () => {
    const { paymentUrl, reference } = shop.place(50_000);
    const page = await (await open(paymentUrl)).text();
    const [first, second] = await Promise.all([press(page, 'pay'), press(page, 'pay')]);
    const third = await press(page, 'cancel');
    const reopened = await open(paymentUrl);

    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(third.headers.get('location')).toBe(first.headers.get('location'));
    expect(reopened.headers.get('location')).toBe(first.headers.get('location'));
    expect(shop.recorded.filter((entry) => entry.reference === reference)).toHaveLength(1);
  });

  test('that does not exist is refused', async () => {
    const page = await (await open(shop.place(50_000).paymentUrl)).text();

    expect((await press(page, 'steal')).status).toBe(422);
  });

  test('left unpressed until the time is up, the page sends itself and the payment has expired', async () => {
    const { paymentUrl, reference } = shop.place(50_000);
    const page = await (await open(paymentUrl)).text();
    await press(page);

    expect(shop.recorded.filter((entry) => entry.reference === reference)).toMatchObject([
      { outcome: 'failed', failureReason: 'vnpay_11', transactionId: null },
    ]);
  });
});

test('a return that was tampered with is not authentic', async () => {
  const { paymentUrl } = shop.place(50_000);
  const response = await press(await (await open(paymentUrl)).text(), 'cancel');
  const back = Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);

  expect(shop.gateway.readReturn?.({ ...back, vnp_ResponseCode: '00', vnp_TransactionStatus: '00' })).toEqual({
    isAuthentic: false,
  });
});

test('the front page lists payments with the answers of the shop', async () => {
  const { paymentUrl, reference } = shop.place(70_000);
  await press(await (await open(paymentUrl)).text(), 'pay');
  const page = (await (await open(`${shop.sandbox.url}/`)).text()).replaceAll('\u00a0', ' ');

  expect(page).toContain(`<td>${reference}</td><td>70.000 ₫</td><td>pay</td><td>00</td>`);
});
