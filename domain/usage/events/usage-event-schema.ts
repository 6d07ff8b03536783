import { z } from 'zod';

import { plannedInstant, rowId } from '../../field-schema';

/** Of an event, and what meters and filters name. */
export const propertyName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'takes letters, digits, _ . and -, at most 64, beginning with a letter')
  .meta({ example: 'bytes' });

/** What an event is called, and a meter's code by default. */
const eventName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'takes small letters, digits, . _ and -, at most 64')
  .meta({ example: 'api_calls' });

/** Numbers arrive as binary ones, so what must be exact beyond 15 digits comes as text. */
const scalar = z.union([z.string().max(500), z.number(), z.boolean()], {
  error: 'takes text, a number, true or false',
});

export const UsageEvent = z.strictObject({
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'takes 1 to 255 visible ASCII characters')
    .describe('Your own, unique in the company: what is sent again under it counts once.')
    .meta({ example: 'req_8f2a1c' }),
  event: eventName.describe(
    'Which meters count it: their `eventName`, which is their code where nothing else was said.',
  ),
  customerId: rowId,
  timestamp: plannedInstant.describe('When it was used; at most five minutes ahead. Kept to the millisecond.'),
  value: z
    .union([z.number(), z.string().max(30)], { error: 'takes a number, or its decimal text' })
    .optional()
    .describe('How much: short for `properties.value`.'),
  properties: z
    .record(propertyName, scalar)
    .refine((given) => Object.keys(given).length <= 50, 'takes at most 50 properties')
    .optional()
    .describe('What meters read and filter by.'),
});
export type UsageEvent = z.output<typeof UsageEvent>;

/** Most events of a batch. */
export const mostEvents = 1_000;
