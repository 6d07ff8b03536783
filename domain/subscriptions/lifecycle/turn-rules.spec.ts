import fc from 'fast-check';

import { takesTurns, turnAt } from './turn-rules';

const instant = Date.parse('2026-03-01T00:00:00Z');

test('the first is woken at its deadline, ten thousand within some minutes, and never two at a time', () => {
  expect(turnAt(instant, 0)).toBe(instant);
  expect(turnAt(instant, 10_000) - instant).toBe(400_000);
  fc.assert(
    fc.property(fc.nat(1_000_000), (ahead) =>
      expect(turnAt(instant, ahead + 1)).toBeGreaterThan(turnAt(instant, ahead)),
    ),
  );
});

test('only ends of periods and invoices ahead of them take turns: what was agreed with one customer does not wait', () => {
  expect((['period_end', 'renewal_invoice'] as const).every(takesTurns)).toBe(true);
  expect((['trial_end', 'dunning_attempt', 'ask_provider', 'term_end', 'start'] as const).some(takesTurns)).toBe(false);
});
