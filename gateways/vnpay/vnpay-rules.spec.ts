import fc from 'fast-check';
import {
  fromVnpayAmount,
  fromVnpayDate,
  toIpAddress,
  toOrderInfo,
  toVnpayAmount,
  toVnpayDate,
  vnpayDay,
} from './vnpay-rules';

describe('amounts', () => {
  test('are sent times 100 although VND has no minor unit', () => {
    expect(toVnpayAmount(10_000, 'VND')).toBe('1000000');
  });

  test('come back as they went out, in at most 12 digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (amount) => {
        const sent = toVnpayAmount(amount, 'VND');

        expect(sent).toMatch(/^\d{3,12}$/);
        expect(sent).toBe(`${amount}00`);
        expect(fromVnpayAmount(sent)).toBe(amount);
      }),
    );
  });

  test.each([0, -1, 10_000_000_000, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER])('%s VND is out of range', (amount) => {
    expect(() => toVnpayAmount(amount, 'VND')).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }));
  });

  test('another currency is refused', () => {
    expect(() => toVnpayAmount(100, 'USD')).toThrow(expect.objectContaining({ code: 'currency_mismatch' }));
  });

  test.each([undefined, '', '10050', '1e6', '-100', '1000000.0', ' 100', '1234567890123', '0x64'])(
    'a received amount %p is no whole number of VND',
    (text) => {
      expect(fromVnpayAmount(text)).toBeNull();
    },
  );
});

describe('dates', () => {
  test.each([
    ['2021-08-01T08:33:33Z', '20210801153333'],
    ['2025-12-31T16:59:59.999Z', '20251231235959'],
    ['2025-12-31T17:00:00Z', '20260101000000'],
    ['2024-02-28T17:00:00Z', '20240229000000'],
    ['2025-03-30T01:30:00Z', '20250330083000'],
    ['2025-10-26T00:00:00+07:00', '20251026000000'],
  ])('%s is %s in UTC+7', (instant, text) => {
    expect(toVnpayDate(instant)).toBe(text);
    expect(toVnpayDate(new Date(instant))).toBe(text);
  });

  test('every second of eighty centuries comes back, at one offset all year', () => {
    const second = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });

    fc.assert(
      fc.property(second, (seconds) => {
        const instant = new Date(seconds * 1000);
        const text = toVnpayDate(instant);

        expect(fromVnpayDate(text)).toBe(instant.toISOString());
        expect(Number(text.slice(8, 10))).toBe((instant.getUTCHours() + 7) % 24);
      }),
    );
  });

  test('the day turns at midnight of UTC+7', () => {
    expect(vnpayDay('2025-06-30T16:59:59Z')).toBe('20250630');
    expect(vnpayDay('2025-06-30T17:00:00Z')).toBe('20250701');
  });

  test.each([undefined, '', '20250431000000', '20250229120000', '20250101240000', '2025010112000', '2025-01-01'])(
    '%p is no date',
    (text) => {
      expect(fromVnpayDate(text)).toBeNull();
    },
  );
});

describe('order information', () => {
  test.each([
    ['Đơn hàng #1042: áo thun đỏ', 'Don hang 1042 ao thun do'],
    ['Gói “Pro” – tháng 11/2025', 'Goi Pro thang 11 2025'],
    ['😀', 'Thanh toan 7'],
    ['', 'Thanh toan 7'],
  ])('%p becomes %p', (text, plain) => {
    expect(toOrderInfo(text, 'Thanh toan 7')).toBe(plain);
  });

  test('is 1 to 255 letters, digits and spaces for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        expect(toOrderInfo(text, 'x')).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9 ]{0,253}[A-Za-z0-9])?$/);
      }),
    );
  });
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8::8a2e:370:7334', '2001:db8::8a2e:370:7334'],
  ['::1', '127.0.0.1'],
  ['unknown', '127.0.0.1'],
  ['203.0.113.9, 10.0.0.1', '127.0.0.1'],
  [null, '127.0.0.1'],
])('the customer address %p is sent as %p', (given, sent) => {
  expect(toIpAddress(given, '127.0.0.1')).toBe(sent);
});
