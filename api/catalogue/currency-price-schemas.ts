import { z } from 'zod';

import { mostOtherPrices } from '../../domain/catalogue/currency-price-rules';
import { amount, currency, taxBehavior } from '../http/pipeline/fields';

/** Prices beside its own, as they are asked for. */
export const currencyPrices = z
  .array(z.strictObject({ currency, price: amount, taxBehavior: taxBehavior.default(null) }))
  .max(mostOtherPrices)
  .describe('What it costs in other currencies, minor units of each; nothing is converted.')
  .meta({ example: [{ currency: 'USD', price: 299 }] });

/** The same of an add-on: with what it costs once besides. */
export const addonPrices = z
  .array(
    z.strictObject({ currency, price: amount, setupFee: amount.default(0), taxBehavior: taxBehavior.default(null) }),
  )
  .max(mostOtherPrices)
  .describe('What it costs in other currencies, minor units of each, with its setup fee in each; nothing is converted.')
  .meta({ example: [{ currency: 'USD', price: 299, setupFee: 0 }] });

/** Those as they are shown. */
export const AddonPricesSchema = z
  .array(z.strictObject({ currency: z.string(), price: z.int(), setupFee: z.int(), taxBehavior }))
  .describe('In other currencies.');

/** The same of products as they are shown. */
export const CurrencyPricesSchema = z
  .array(z.strictObject({ currency: z.string(), price: z.int(), taxBehavior }))
  .describe('In other currencies.');
