import { z } from 'zod';

/** What a sentence may be at most, in characters (D32). */
export const MAX_SENTENCE_LENGTH = 1000;

export const businessModels = ['retail', 'subscription', 'freemium', 'multi'] as const;
export const intentCycles = ['monthly', 'yearly'] as const;

const amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const currency = z.string().regex(/^[A-Z]{3}$/);

/** A plan that is asked for. Price in minor units of its currency; null: nothing was said of it. */
export const intentPlan = z.strictObject({
  name: z.string().nullable(),
  price: amount,
  currency,
  billingCycle: z.enum(intentCycles),
  trialDays: z.int().min(0).nullable(),
  /** `seat`: the price is for each seat. */
  unit: z.enum(['seat']).nullable(),
});

/** An add-on that is asked for. Price in minor units; the key is what its name makes of it (`storage`, `ai-assistant`). */
export const intentAddon = z.strictObject({
  key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string().nullable(),
  price: amount,
  currency,
  billingPeriod: z.enum([...intentCycles, 'onetime']),
});

/** A promotion that is asked for: exactly one of percentOff (0–100, two decimals) and amountOff (minor units). */
export const intentPromotion = z.strictObject({
  code: z.string().nullable(),
  percentOff: z.number().gt(0).max(100).nullable(),
  amountOff: amount.nullable(),
  currency: currency.nullable(),
  /** For how many billing periods; null: forever, or for orders. */
  periods: z.int().min(1).nullable(),
});

/** What has to be asked before anything is planned. `about` names the part of the intent, `span` the words it is about. */
export const intentQuestion = z.strictObject({
  code: z.string(),
  about: z.string(),
  span: z.string().nullable(),
  vi: z.string(),
  en: z.string(),
});

/**
 * What an owner's sentence asks for (D32). What is null or an empty list was not spoken of, and does not change. With
 * questions nothing is planned: they are never guessed away.
 */
export const intent = z.strictObject({
  businessModel: z.enum(businessModels).nullable(),
  plans: z.array(intentPlan),
  addons: z.array(intentAddon),
  promotions: z.array(intentPromotion),
  /** A fraction: 0.1 is 10 %. */
  taxRate: z.number().min(0).max(1).nullable(),
  source: z.enum(['rules', 'gemini']),
  /** 0–1. */
  confidence: z.number().min(0).max(1),
  questions: z.array(intentQuestion),
});

export type Intent = z.output<typeof intent>;
export type IntentPlan = z.output<typeof intentPlan>;
export type IntentAddon = z.output<typeof intentAddon>;
export type IntentPromotion = z.output<typeof intentPromotion>;
export type IntentQuestion = z.output<typeof intentQuestion>;
export type BusinessModel = (typeof businessModels)[number];
