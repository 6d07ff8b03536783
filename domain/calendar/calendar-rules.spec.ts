import fc from 'fast-check';
import {
  addDays,
  addMonths,
  calendarMonthsBetween,
  daysBetween,
  daysInMonth,
  dayOfWeek,
  fromDayNumber,
  parseLocalDate,
  toDayNumber,
  toLocalDate,
} from './calendar-rules';

const dayNumbers = fc.integer({ min: toDayNumber('0050-01-01'), max: toDayNumber('9900-12-31') });
const dates = dayNumbers.map(fromDayNumber);

describe('dates', () => {
  it.each(['2023-02-29', '2023-13-01', '2023-00-10', '2023-04-31', '2023-1-01', '2023-01-01T00:00:00Z', ''])(
    'refuses %j',
    (text) => {
      expect(() => parseLocalDate(text)).toThrow(RangeError);
    },
  );

  it('agrees with the host’s own Gregorian calendar', () => {
    fc.assert(
      fc.property(dayNumbers, (dayNumber) => {
        const instant = new Date(dayNumber * 86_400_000);
        expect(fromDayNumber(dayNumber)).toBe(instant.toISOString().slice(0, 10));
        expect(dayOfWeek(fromDayNumber(dayNumber))).toBe(instant.getUTCDay() || 7);
      }),
    );
  });

  it('counts days there and back', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -3000, max: 3000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
        expect(fromDayNumber(toDayNumber(date))).toBe(date);
      }),
    );
  });

  it('compares as text in the order of the calendar', () => {
    fc.assert(
      fc.property(dates, dates, (left, right) => {
        expect(left < right).toBe(daysBetween(left, right) > 0);
      }),
    );
  });
});

describe('months', () => {
  it.each([
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2023-03-31', -1, '2023-02-28'],
    ['2023-01-15', -13, '2021-12-15'],
  ])('%s plus %d months is %s', (from, months, expected) => {
    expect(addMonths(from, months)).toBe(expected);
  });

  it('land in the month asked for, on the day or on the last day there is', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -24, max: 600 }), fc.integer({ min: 1, max: 31 }), (date, months, day) => {
        const result = parseLocalDate(addMonths(date, months, day));
        expect(calendarMonthsBetween(date, toLocalDate(result))).toBe(months);
        expect(result.day).toBe(Math.min(day, daysInMonth(result.year, result.month)));
      }),
    );
  });
});
