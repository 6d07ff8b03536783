import { z } from 'zod';

/** What a top-up holds: a snapshot of its add-on (D20). */
export const PrepaidUnits = z.object({
  meterId: z.int(),
  /** Of the meter, in each. */
  units: z.int(),
  /** Days of 24 hours from its payment on; null: it does not expire. */
  expiresAfterDays: z.int().nullable(),
});
export type PrepaidUnits = z.output<typeof PrepaidUnits>;
