import fc from 'fast-check';

import { formatInstant, formatOptionalInstant, zoneInstants } from './instant';

describe('formatInstant', () => {
  it.each([
    ['2025-10-25T17:00:00Z', 'Asia/Ho_Chi_Minh', '2025-10-26T00:00:00+07:00'],
    ['2025-10-25T17:00:00.042Z', 'Asia/Ho_Chi_Minh', '2025-10-26T00:00:00.042+07:00'],
    ['2026-01-15T12:00:00Z', 'America/New_York', '2026-01-15T07:00:00-05:00'],
    ['2026-07-15T12:00:00Z', 'America/New_York', '2026-07-15T08:00:00-04:00'],
    ['2026-01-15T12:00:00Z', 'Asia/Kathmandu', '2026-01-15T17:45:00+05:45'],
    ['2026-01-15T12:00:00Z', 'America/St_Johns', '2026-01-15T08:30:00-03:30'],
    ['2026-01-15T12:00:00Z', 'UTC', '2026-01-15T12:00:00+00:00'],
  ])('writes %s in %s as %s', (instant, timeZone, text) => {
    expect(formatInstant(new Date(instant), timeZone)).toBe(text);
  });

  it('uses Asia/Ho_Chi_Minh where no zone is given', () => {
    expect(formatInstant(new Date('2025-10-25T17:00:00Z'))).toBe('2025-10-26T00:00:00+07:00');
  });

  it('passes an empty column on', () => {
    expect(formatOptionalInstant(null, 'UTC')).toBeNull();
  });

  it('refuses a zone that does not exist and a date that is none', () => {
    expect(() => formatInstant(new Date(0), 'Mars/Olympus')).toThrow(RangeError);
    expect(() => formatInstant(new Date(Number.NaN), 'UTC')).toThrow(RangeError);
  });

  it('names the same instant in every zone', () => {
    const zones = fc.constantFrom('Asia/Ho_Chi_Minh', 'Europe/Amsterdam', 'America/Sao_Paulo', 'Australia/Lord_Howe');
    const dates = fc.date({ min: new Date('1850-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });

    fc.assert(
      fc.property(dates, zones, (date, zone) => {
        expect(new Date(formatInstant(date, zone)).getTime()).toBe(date.getTime());
      }),
    );
  });
});

describe('instants within JSON', () => {
  const zone = 'Asia/Ho_Chi_Minh';

  it('are told with the offset of the zone, whatever they were written with', () => {
    expect(
      zoneInstants(
        {
          at: '2025-10-25T17:00:00.000Z',
          list: [{ at: '2025-10-25T17:00:00+00:00' }, '2025-10-25T12:00:00.5-05:00'],
          n: 1,
        },
        zone,
      ),
    ).toEqual({
      at: '2025-10-26T00:00:00+07:00',
      list: [{ at: '2025-10-26T00:00:00+07:00' }, '2025-10-26T00:00:00.500+07:00'],
      n: 1,
    });
  });

  it.each([
    '2025-10-26',
    '2025-10-25T17:00:00',
    '2025-99-25T17:00:00Z',
    'said "2025-10-25T17:00:00Z"',
    'at 2025-10-25T17:00:00Z',
  ])('are not: %s', (text) => {
    expect(zoneInstants({ text, [text]: null }, zone)).toEqual({ text, [text]: null });
  });

  it('are told inside of sentences where that is asked for', () => {
    const detail = 'The clock stands at 2025-10-25T17:00:00.000Z already.';

    expect(zoneInstants({ detail }, zone, { alsoInside: true })).toEqual({
      detail: 'The clock stands at 2025-10-26T00:00:00+07:00 already.',
    });
  });

  it('leave nothing as nothing', () => {
    expect([zoneInstants(null, zone), zoneInstants(undefined, zone)]).toEqual([null, null]);
  });
});
