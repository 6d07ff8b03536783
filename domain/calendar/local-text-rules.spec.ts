import { dayText, momentText } from './local-text-rules';

it.each([
  ['2027-03-01T00:00:00+07:00', '1 Mar 2027', '1 Mar 2027 00:00 +07:00'],
  ['2026-12-31T23:59:59.500-05:00', '31 Dec 2026', '31 Dec 2026 23:59 -05:00'],
  ['2026-02-28T17:00:00.000Z', '28 Feb 2026', '28 Feb 2026 17:00 UTC'],
])('%s is told where it is written', (instant, day, moment) => {
  expect([dayText(instant), momentText(instant)]).toEqual([day, moment]);
});
