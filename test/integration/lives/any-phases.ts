import fc from 'fast-check';

import type { LifeCommand } from './life';

/** What is agreed on for periods to come: a ramp, or nothing any more. */
export const anyPhases: fc.Arbitrary<LifeCommand> = fc
  .uniqueArray(
    fc.record({
      after: fc.integer({ min: 1, max: 4 }),
      price: fc.constantFrom<(number | null)[]>(50_000, 120_000, 333_333, null),
      seats: fc.constantFrom<(number | null)[]>(null, null, 1, 2),
    }),
    { maxLength: 3, selector: ({ after }) => after },
  )
  .map((phases) => ({
    do: 'phases' as const,
    phases: phases
      .filter(({ price, seats }) => price !== null || seats !== null)
      .sort((one, other) => one.after - other.after),
  }));
