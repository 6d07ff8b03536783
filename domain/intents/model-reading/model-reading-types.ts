import { z } from 'zod';

import { businessModels, intentCycles, MAX_SENTENCE_LENGTH } from '../intent-types';

const words = z
  .string()
  .min(1)
  .max(MAX_SENTENCE_LENGTH)
  .describe('The words of the sentence that say it, copied character by character.');
const said = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, words });
const name = z.strictObject({ words }).describe('Its name as it stands in the sentence.');

/** In whole units of the currency: 9.99 for $9.99, 199000 for 199k. */
const amount = z.strictObject({
  value: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,4})?$/)
    .describe('In whole units of the currency, digits and a decimal point only: 9.99 for $9.99, 199000 for 199k đồng.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .describe('ISO 4217; null where the sentence names none.'),
  words,
});

/** A few of each: a sentence of 1,000 characters holds no more. */
const few = 20;

/**
 * What a language model answers about a sentence: each value with the words that it comes from, which rules read again (D32).
 * There is no place in it for services, replicas or environment.
 */
export const modelReading = z.strictObject({
  isClear: z
    .boolean()
    .describe(
      'false: a question, an order to machines or data, nonsense, several meanings, or a price or period is missing.',
    ),
  businessModel: said(z.enum(businessModels)).nullable(),
  plans: z
    .array(
      z.strictObject({
        name: name.nullable(),
        price: amount,
        billingCycle: said(z.enum(intentCycles)),
        trialDays: said(z.int().min(0).max(730)).nullable(),
        perSeat: z.strictObject({ words }).nullable().describe('Where the price is for each seat or user.'),
      }),
    )
    .max(few),
  addons: z
    .array(z.strictObject({ name, price: amount, billingPeriod: said(z.enum([...intentCycles, 'onetime'])) }))
    .max(few),
  promotions: z
    .array(
      z.strictObject({
        code: z.strictObject({ words }).nullable(),
        percentOff: said(z.number().gt(0).max(100)).nullable(),
        amountOff: amount.nullable(),
        months: said(z.int().min(1).max(120)).nullable().describe('For how many months; null: not said.'),
      }),
    )
    .max(few),
  taxPercent: said(z.number().min(0).max(100)).nullable(),
});

export type ModelReading = z.output<typeof modelReading>;
export type ModelAmount = z.output<typeof amount>;
