import { z } from 'zod';

import { taxBehaviors } from '../money/tax-behavior-types';
import type { CurrencyPrice } from './currency-price-rules';

/** A price in another currency as it is read. */
export const CurrencyPriceRow = z.object({
  currency: z.string(),
  price: z.number().int(),
  taxBehavior: z.enum(taxBehaviors).nullable().optional(),
} satisfies Record<keyof CurrencyPrice, z.ZodType>);
