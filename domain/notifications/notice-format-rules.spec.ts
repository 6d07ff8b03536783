import { formatAmount, formatDay } from './notice-format-rules';

it.each([
  [328_900, 'VND', 'vi-VN', '328.900 ₫'],
  [328_900, 'VND', 'en-US', '₫328,900'],
  [1_999, 'USD', 'en-US', '$19.99'],
  [0, 'VND', 'vi-VN', '0 ₫'],
  [500, 'JPY', 'en-GB', 'JP¥500'],
  [1_234, 'KWD', 'en-US', 'KWD 1.234'],
])('%d of %s in %s is written %s', (amount, currency, locale, written) => {
  expect(formatAmount(amount, currency, locale)).toBe(written);
});

it.each([
  ['2025-10-25T17:00:00Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '26/10/2025'],
  ['2025-10-25T16:59:59Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '25/10/2025'],
  ['2025-10-25T17:00:00Z', 'en-GB', 'UTC', '25 October 2025'],
  ['2025-10-25T17:00:00Z', 'en-US', 'Asia/Ho_Chi_Minh', 'October 26, 2025'],
  ['2025-11-02T00:00:00+07:00', 'vi', 'Asia/Ho_Chi_Minh', '02/11/2025'],
])('%s in %s and %s is the day %s', (instant, locale, timeZone, day) => {
  expect(formatDay(instant, locale, timeZone)).toBe(day);
});
