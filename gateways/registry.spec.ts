import { type CardLedger } from './card/card-ledger';
import { paymentReference } from './payment-reference';
import { createGatewayRegistry } from './registry';

const vnpay = {
  tmnCode: 'BMMSDEMO',
  hashSecret: 'secret-of-this-test',
  payUrl: 'https://pay.example/',
  apiUrl: 'https://pay.example/api',
  returnUrl: 'https://shop.example/return',
};
const request = {
  paymentId: 7,
  amount: 10_000,
  currency: 'VND',
  description: 'Order 7',
  now: '2026-03-02T03:00:00Z',
  payBy: null,
  customerIp: null,
  locale: 'en',
} as const;
const unusedLedger = {} as CardLedger;

test('an installation offers what it was given, and cash always', () => {
  const all = createGatewayRegistry({ referencePrefix: 'A', vnpay, cardLedger: unusedLedger });
  const cashOnly = createGatewayRegistry({ referencePrefix: 'A', vnpay: null, cardLedger: null });

  expect([...all.keys()].sort()).toEqual(['card', 'cod', 'vnpay']);
  expect([...cashOnly.keys()]).toEqual(['cod']);
});

test('every method names a payment the same way, and only VNPay has a page to visit', () => {
  const gateways = [...createGatewayRegistry({ referencePrefix: 'A', vnpay, cardLedger: unusedLedger }).values()];

  expect(gateways.map((gateway) => gateway.initiate(request).reference)).toEqual(['A7', 'A7', 'A7']);
  expect(
    gateways.filter((gateway) => gateway.initiate(request).paymentUrl !== null).map(({ method }) => method),
  ).toEqual(['vnpay']);
});

test('only simulated gateways may be used on a test clock', () => {
  const gateways = [...createGatewayRegistry({ referencePrefix: 'A', vnpay, cardLedger: unusedLedger }).values()];

  expect(gateways.filter(({ isSimulated }) => !isSimulated).map(({ method }) => method)).toEqual(['vnpay']);
});

test.each(['', 'A', 'bmms', '8dc0f3a1b2p'])('%p may begin references', (prefix) => {
  expect(paymentReference(prefix, 12)).toBe(`${prefix}12`);
});

test.each(['A1', 'a-b', 'đ', 'x'.repeat(41), 'a b'])('%p may not begin references', (prefix) => {
  expect(() => paymentReference(prefix, 12)).toThrow('cannot begin payment references');
});
