import { z } from 'zod';

import { codeName } from '../http/pipeline/fields';

/** Of a feature: there; so many; no limit. */
export const grantValue = z
  .union([z.literal(true), z.int().min(0).max(1_000_000_000), z.literal('unlimited')])
  .describe('true of a boolean feature; else a number, of a metered one for each period of the plan, or "unlimited".');

export const featureGrants = z
  .array(
    z.strictObject({
      feature: codeName,
      value: grantValue,
      perUnit: z.boolean().default(false).describe('A number for each seat, or for each add-on bought.'),
    }),
  )
  .max(200)
  .describe('Features with how much of each; `features` alone will do for boolean ones.');
