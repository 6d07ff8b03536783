import fc from 'fast-check';
import { createVnpayGateway } from './create-vnpay-gateway';
import { type VnpayConfig } from './vnpay-config';
import { hasValidSignature } from './vnpay-signature';

const config: VnpayConfig = {
  tmnCode: 'BMMSDEMO',
  hashSecret: 'secret-of-this-test',
  payUrl: 'https://pay.example/paymentv2/vpcpay.html',
  apiUrl: 'https://pay.example/api',
  returnUrl: 'https://shop.example/api/v1/payments/vnpay/return',
  referencePrefix: 'X7F3A',
};
const request = {
  paymentId: 42,
  amount: 55_000,
  currency: 'VND',
  description: 'Đơn hàng ORD-2026-000042',
  now: '2026-03-02T03:00:00.500Z',
  payBy: '2026-03-02T03:15:00.000Z',
  customerIp: '203.0.113.9',
  locale: 'vi',
} as const;
const paramsOf = (paymentUrl: string | null) => Object.fromEntries(new URL(paymentUrl ?? '').searchParams);

test('a payment address carries every parameter the protocol asks for, signed', () => {
  const { paymentUrl, reference, expiresAt } = createVnpayGateway(config).initiate(request);
  const { vnp_SecureHash, ...params } = paramsOf(paymentUrl);

  expect(params).toEqual({
    vnp_Version: '2.1.0',
    vnp_Command: 'pay',
    vnp_TmnCode: 'BMMSDEMO',
    vnp_Amount: '5500000',
    vnp_CurrCode: 'VND',
    vnp_TxnRef: 'X7F3A42',
    vnp_OrderInfo: 'Don hang ORD 2026 000042',
    vnp_OrderType: 'other',
    vnp_Locale: 'vn',
    vnp_ReturnUrl: 'https://shop.example/api/v1/payments/vnpay/return',
    vnp_IpAddr: '203.0.113.9',
    vnp_CreateDate: '20260302100000',
    vnp_ExpireDate: '20260302101400',
  });
  expect(hasValidSignature({ ...params, vnp_SecureHash: vnp_SecureHash ?? '' }, config.hashSecret)).toBe(true);
  expect({ reference, expiresAt }).toEqual({ reference: 'X7F3A42', expiresAt: '2026-03-02T03:14:00.000Z' });
});

test('the same request gives the same address', () => {
  const gateway = createVnpayGateway(config);

  expect(gateway.initiate(request)).toEqual(gateway.initiate(request));
});

test('the page closes after it opens and before the window ends, however long the window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_000, max: 400 * 86_400_000 }), fc.nat({ max: 3_600_000 }), (window, margin) => {
      const now = new Date('2026-03-02T03:00:00Z').getTime();
      const { expiresAt } = createVnpayGateway({ ...config, expiryMarginMs: margin }).initiate({
        ...request,
        now: new Date(now).toISOString(),
        payBy: new Date(now + window).toISOString(),
      });
      const closes = new Date(expiresAt ?? '').getTime();

      expect(closes).toBeGreaterThan(now);
      expect(closes).toBeLessThanOrEqual(now + window);
    }),
  );
});

test('a window that is over already gives a page that is closed', () => {
  const { expiresAt } = createVnpayGateway(config).initiate({ ...request, payBy: '2026-03-02T02:00:00.000Z' });

  expect(expiresAt).toBe('2026-03-02T02:00:00.000Z');
});

test('a link that nothing waits for lives a day', () => {
  const { expiresAt } = createVnpayGateway(config).initiate({ ...request, payBy: null });

  expect(expiresAt).toBe('2026-03-03T03:00:00.000Z');
});

test('an address for any description and any customer address is within the protocol’s lengths', () => {
  const gateway = createVnpayGateway(config);

  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.ipV6(), (description, customerIp) => {
      const params = paramsOf(gateway.initiate({ ...request, description, customerIp }).paymentUrl);

      expect(params.vnp_OrderInfo).toMatch(/^[A-Za-z0-9 ]{1,255}$/);
      expect(params.vnp_IpAddr).toMatch(/^[0-9a-fA-F.:]{7,45}$/);
    }),
  );
});

test.each([
  [{ currency: 'USD' }, 'currency_mismatch'],
  [{ amount: 0 }, 'amount_out_of_range'],
])('%p cannot be paid by VNPay', (changes, code) => {
  expect(() => createVnpayGateway(config).initiate({ ...request, ...changes })).toThrow(
    expect.objectContaining({ code, status: 422 }),
  );
});

test('cannot charge a token, because VNPay’s product pay cannot', () => {
  expect(createVnpayGateway(config).charge).toBeUndefined();
});
