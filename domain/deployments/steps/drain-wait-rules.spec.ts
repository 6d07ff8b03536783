import { drainEndsAt, untilNextLook } from './drain-wait-rules';

const closed = new Date('2026-01-01T00:00:00Z');

it.each([
  [{ drain: 'wait', drainMinutes: 90, doorClosedAt: closed }, '2026-01-01T01:30:00.000Z'],
  [{ drain: 'wait', drainMinutes: 90, doorClosedAt: null }, undefined],
  [{ drain: 'finish', drainMinutes: null, doorClosedAt: closed }, undefined],
] as const)('%j is waited for until %s', (row, until) => {
  expect(drainEndsAt(row)?.toISOString()).toBe(until);
});

it.each([
  ['quick at first', 1, null, 1_000],
  ['quick for a while', 12, 3_600_000, 1_000],
  ['then less often', 14, 3_600_000, 4_000],
  ['in the end seldom', 100, 3_600_000, 30_000],
  ['at the deadline where that comes first', 100, 17_000, 17_000],
  ['at once again by a clock that is behind', 100, 0, 1_000],
])('looks %s', (_how, looks, leftMs, wait) => {
  expect(untilNextLook(looks, leftMs)).toBe(wait);
});
