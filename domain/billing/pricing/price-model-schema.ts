import { z } from 'zod';

import { compareRatios, parseDecimal } from '../../money/ratio-rules';
import type { PriceModel } from './price-model-types';

const decimal = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,12})?$/, 'takes a decimal number as text, 0 or more, such as 0.25')
  .meta({ example: '0.25' });
const positive = decimal.refine((text) => /[1-9]/.test(text), 'takes more than 0');
const minorUnits = z.int().min(0);

const terms = {
  freeUnits: decimal.optional().describe('Units that cost nothing. Of flat: up to which the amount is not due.'),
  minimumAmount: minorUnits.optional().describe('The least that a period costs, also when nothing was used.'),
};

const tier = z.strictObject({
  upTo: positive.nullable().describe('The last unit of the tier, which begins above the one before; null in the last.'),
  unitPrice: decimal.describe('Minor units of the currency.'),
  flatAmount: minorUnits.optional().describe('Due once the tier is reached, the first one’s always.'),
});

const tiers = z
  .array(tier)
  .min(1)
  .max(50)
  .superRefine((given, context) => {
    const last = given.length - 1;

    for (const [index, { upTo }] of given.entries()) {
      const before = given[index - 1]?.upTo ?? null;
      const message =
        (upTo === null) !== (index === last)
          ? 'takes null in the last tier, and only there'
          : upTo !== null && before !== null && compareRatios(parseDecimal(before), parseDecimal(upTo)) >= 0
            ? 'takes more than the tier before'
            : null;

      if (message !== null) {
        context.addIssue({ code: 'custom', path: [index, 'upTo'], message });
      }
    }
  });

/** What a price says besides its currency, as it is asked for and stored. */
export const priceModelSchema = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('flat'), amount: minorUnits, ...terms }),
  z.strictObject({ model: z.literal('per_unit'), unitPrice: decimal, ...terms }),
  z.strictObject({
    model: z.literal('package'),
    packageSize: positive,
    packageAmount: minorUnits.describe('Of each package that was begun.'),
    ...terms,
  }),
  z.strictObject({ model: z.literal('graduated').describe('Each tier’s units at its own price.'), tiers, ...terms }),
  z.strictObject({
    model: z.literal('volume').describe('All units at the price of the tier that their number falls into.'),
    tiers,
    ...terms,
  }),
  z.strictObject({
    model: z.literal('percentage').describe('Of usage that is money, in minor units.'),
    ratePpm: z.int().min(0).max(1_000_000).describe('Parts per million: 1.3 % is 13,000.'),
    eventPrice: decimal.optional().describe('Minor units for each event.'),
    freeEvents: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('So many of the first events cost no eventPrice, as far as their running sum is within freeUnits.'),
    ...terms,
  }),
]) satisfies z.ZodType<PriceModel>;
