import fc from 'fast-check';

import { takesTurns, turnAt } from './turn-rules';

const instant = Date.parse('2026-03-01T00:00:00Z');

test('who comes alone is woken at the deadline, many evenly within as long as they take', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1_000 }), (subscriptionId, perSecond) => {
      expect(turnAt(instant, { subscriptionId, together: 1, perSecond })).toBe(instant);
      const offset = turnAt(instant, { subscriptionId, together: 500, perSecond }) - instant;

      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThan((500 * 1_000) / perSecond);
    }),
  );
});

test('no second has many more than the others, wherever their ids begin', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (first) => {
      const seconds = new Map<number, number>();

      for (let id = first; id < first + 1_000; id += 1) {
        const second = Math.floor(
          (turnAt(instant, { subscriptionId: id, together: 1_000, perSecond: 25 }) - instant) / 1_000,
        );
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }

      expect(seconds.size).toBe(40);
      expect(Math.max(...seconds.values())).toBeLessThanOrEqual(28);
    }),
    { numRuns: 50 },
  );
});

test('only ends of periods and invoices ahead of them take turns: what was agreed with one customer does not wait', () => {
  expect((['period_end', 'renewal_invoice'] as const).every(takesTurns)).toBe(true);
  expect((['trial_end', 'dunning_attempt', 'ask_provider', 'term_end', 'start'] as const).some(takesTurns)).toBe(false);
});
