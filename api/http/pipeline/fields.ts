import { z } from 'zod';

import { currencyCode } from '../../../domain/companies/setting-types';
import { line } from '../../../domain/field-schema';
import { taxBehaviors } from '../../../domain/money/tax-behavior-types';

export {
  daysUntilDue,
  instant,
  line,
  localDay,
  paragraph,
  plannedInstant,
  promotionCode,
} from '../../../domain/field-schema';

/** Parameters and body members that many resources share. */

/** A row's id in a path or query. */
export const idParameter = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** `/resource/:id`. */
export const idParams = z.strictObject({ id: idParameter });

/** Words to search for. */
export const searchParameter = line(200).describe('Words that must all occur; case and diacritics do not matter.');

/** The number of a document, as people read it off; case does not matter. */
export const numberParameter = line(60).describe('The number as it is printed; capitals do not matter.');

/** Minor units of the currency beside it, 0 or more. */
export const amount = z.int().min(0);

/** The same in a query. */
export const amountParameter = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const currency = currencyCode.meta({ example: 'VND' });

/** What tax rates are found by: a name of the company's own for things that are taxed alike. */
export const taxCategory = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'takes small letters, digits and _, at most 32, and begins with a letter')
  .describe('Of what is sold: tax rates of this category are charged. standard where not given.')
  .meta({ example: 'standard' });

/** Of a price that a request sets. */
export const taxBehavior = z
  .enum(taxBehaviors)
  .nullable()
  .describe(
    'inclusive: the price holds its tax. exclusive: tax is added. null, or not given: as the company has it (setting taxBehavior).',
  );

/** The same of what was agreed on. */
export const agreedTaxBehavior = z
  .enum(taxBehaviors)
  .describe('inclusive: the price holds its tax. exclusive: tax is added to it.');

/** What a document or one of its lines holds of each tax; minor units, negative on credit notes. */
export const taxLines = z
  .array(
    z.strictObject({
      code: z.string().nullable().describe("Of the tax rate; null for the company's own (setting taxRatePpm)."),
      name: z.string().nullable(),
      ratePpm: z.int(),
      base: z.int().describe('What it is taken on, minor units.'),
      amount: z.int(),
    }),
  )
  .describe('By tax and rate; the amounts sum to `tax`.');

/** An exact number in an answer, as text. */
export const decimal = z.string().meta({ example: '12.5' });

/** Names that programs use: feature codes and add-on keys. */
export const codeName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'takes small letters, digits, . _ and -, at most 64')
  .meta({ example: 'ai_assistant' });
