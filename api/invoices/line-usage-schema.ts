import { z } from 'zod';

import { decimal } from '../http/pipeline/fields';

/** Members of what was measured of a meter, and what it comes to. */
export const lineUsageMembers = {
  meter: z.string(),
  meterId: z.int(),
  priceId: z.int(),
  model: z.string(),
  quantity: decimal.describe('Of the whole period.'),
  prepaidQuantity: decimal
    .optional()
    .describe('What top-ups cover of it: it was paid for ahead and is not priced here. Absent where none does.'),
  events: z.int(),
  amount: z
    .int()
    .describe('What the usage of the whole period costs but for what is prepaid, as its price has it, in minor units.'),
  billedBefore: z.int().describe('What earlier lines have billed of it.'),
  isLate: z.boolean().describe('Usage that came when its period was billed already.'),
  isEarly: z
    .boolean()
    .optional()
    .describe('true: billed while its period runs, because what was used came to a threshold. Absent of all others.'),
  charges: z.array(
    z.strictObject({
      kind: z.string(),
      quantity: decimal,
      unitPrice: decimal.describe('Minor units; of a rate, its share.'),
      flatAmount: decimal,
      exactAmount: decimal,
    }),
  ),
};

/** What a line of usage was made from. */
export const LineUsageSchema = z
  .strictObject(lineUsageMembers)
  .describe('Of a line of usage: what was used in its period, and how it is priced; null of others.')
  .meta({ id: 'LineUsage' });
