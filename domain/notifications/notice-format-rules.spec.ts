import { formatDay } from './notice-format-rules';

it.each([
  ['2025-10-25T17:00:00Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '26/10/2025'],
  ['2025-10-25T16:59:59Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '25/10/2025'],
  ['2025-10-25T17:00:00Z', 'en-GB', 'UTC', '25 October 2025'],
  ['2025-10-25T17:00:00Z', 'en-US', 'Asia/Ho_Chi_Minh', 'October 26, 2025'],
  ['2025-11-02T00:00:00+07:00', 'vi', 'Asia/Ho_Chi_Minh', '02/11/2025'],
])('%s in %s and %s is the day %s', (instant, locale, timeZone, day) => {
  expect(formatDay(instant, locale, timeZone)).toBe(day);
});
