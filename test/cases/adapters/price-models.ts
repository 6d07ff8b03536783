import { z } from 'zod';
import { priceUsage } from '../../../domain/billing/pricing/price-model-rules';
import type { PriceModel, PriceTier } from '../../../domain/billing/pricing/price-model-types';
import { formatExactDecimal, parseDecimal } from '../../../domain/money/ratio-rules';
import { adapter } from '../case-adapter';
import { countIn, numbersIn, readPercent } from '../read-words';
import { count, money, percent, text } from './field-schemas';

/** [first unit, last unit or null, "U each + F flat"]. */
const tiers = z.array(z.tuple([z.number(), z.number().nullable(), text]));

const amountOf = (model: PriceModel, usage: { units: string; events?: number; runningSums?: string[] }) => ({
  amount: formatExactDecimal(
    priceUsage(model, {
      units: parseDecimal(usage.units),
      events: usage.events,
      runningSums: usage.runningSums?.map(parseDecimal),
    }).value,
  ),
});

const tiered = (model: 'graduated' | 'volume') =>
  adapter(z.object({ units: money, tiers }), ({ units, tiers: published }) =>
    amountOf(
      {
        model,
        tiers: published.map(([, last, words]): PriceTier => {
          const [unitPrice = '', flat = ''] = numbersIn(words);

          return { upTo: last === null ? null : String(last), unitPrice, flatAmount: countIn(flat) };
        }),
      },
      { units },
    ),
  );

const packages = adapter(
  z.object({ units: money, package_size: money, price: count, free_units: money }),
  ({ units, package_size: packageSize, price: packageAmount, free_units: freeUnits }) =>
    amountOf({ model: 'package', packageSize, packageAmount, freeUnits }, { units }),
);

const percentage = adapter(
  z.object({
    rate_percent: percent,
    fixed: money.optional(),
    total: money,
    events: count.optional(),
    free_amount: money.optional(),
    free_events: count.optional(),
    running_total: z.array(money).optional(),
  }),
  ({ rate_percent, fixed: eventPrice, total, events, free_amount, free_events: freeEvents, running_total }) =>
    amountOf(
      { model: 'percentage', ratePpm: readPercent(rate_percent), eventPrice, freeUnits: free_amount, freeEvents },
      { units: total, events, runningSums: running_total },
    ),
);

export const priceModelAdapters = {
  'price_model.graduated': tiered('graduated'),
  'price_model.volume': tiered('volume'),
  'price_model.package': packages,
  'price_model.percentage': percentage,
};
