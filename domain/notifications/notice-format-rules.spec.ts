import { BILLING_PERIODS } from '../calendar/billing-period-rules';
import { formatCycle, formatDay, formatLastDay, formatTime } from './notice-format-rules';

it.each([
  ['2025-10-25T17:00:00Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '26/10/2025'],
  ['2025-10-25T16:59:59Z', 'vi-VN', 'Asia/Ho_Chi_Minh', '25/10/2025'],
  ['2025-10-25T17:00:00Z', 'en-GB', 'UTC', '25 October 2025'],
  ['2025-10-25T17:00:00Z', 'en-US', 'Asia/Ho_Chi_Minh', 'October 26, 2025'],
  ['2025-11-02T00:00:00+07:00', 'vi', 'Asia/Ho_Chi_Minh', '02/11/2025'],
])('%s in %s and %s is the day %s', (instant, locale, timeZone, day) => {
  expect(formatDay(instant, locale, timeZone)).toBe(day);
});

it('tells the last day of what ends at midnight, and the very day of what ends within it', () => {
  expect(formatLastDay('2025-10-25T17:00:00Z', 'vi-VN', 'Asia/Ho_Chi_Minh')).toBe('25/10/2025');
  expect(formatLastDay('2025-10-25T17:00:01Z', 'vi-VN', 'Asia/Ho_Chi_Minh')).toBe('26/10/2025');
});

it('writes the time of a day', () => {
  expect(formatTime('2025-10-25T17:05:00Z', 'vi-VN', 'Asia/Ho_Chi_Minh')).toBe('00:05 ngày 26/10/2025');
  expect(formatTime('2025-10-25T17:05:00Z', 'en-GB', 'UTC')).toBe('17:05 on 25 October 2025');
});

it('says how often each period is paid', () => {
  const {
    daily,
    weekly,
    biweekly,
    thirty_days: thirty,
    monthly,
    quarterly,
    yearly,
    eighteen_months: eighteen,
    biennial,
  } = BILLING_PERIODS;
  const periods = [daily, weekly, biweekly, thirty, monthly, quarterly, yearly, eighteen, biennial];

  expect(periods.map((period) => formatCycle(period, 'vi-VN')).join(', ')).toBe(
    'mỗi ngày, mỗi tuần, mỗi 2 tuần, mỗi 30 ngày, mỗi tháng, mỗi 3 tháng, mỗi năm, mỗi 18 tháng, mỗi 2 năm',
  );
  expect(periods.map((period) => formatCycle(period, 'en-GB')).join(', ')).toBe(
    'per day, per week, every 2 weeks, every 30 days, per month, every 3 months, per year, every 18 months, every 2 years',
  );
});
