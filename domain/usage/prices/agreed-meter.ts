import { z } from 'zod';

import { taxBehaviors } from '../../money/tax-behavior-types';
import type { PriceModel } from '../../billing/pricing/price-model-types';

/** A meter whose usage an item of a subscription bills, and what was agreed on for it: a snapshot (D20). */
export const AgreedMeter = z.object({
  meterId: z.int(),
  meterName: z.string(),
  priceId: z.int(),
  /** What the price is within: one of both. */
  planId: z.int().nullable(),
  addonId: z.int().nullable(),
  price: z.custom<PriceModel>(),
  /** Whether what it comes to holds the tax; exclusive when absent. */
  taxBehavior: z.enum(taxBehaviors).optional(),
});
export type AgreedMeter = z.output<typeof AgreedMeter>;
