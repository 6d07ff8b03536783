import { z } from 'zod';
import { rateFromPercent } from '../../../domain/billing/money-rules';
import {
  graduatedPrice,
  packagePrice,
  percentagePrice,
  type PriceTier,
  volumePrice,
} from '../../../domain/billing/price-model-rules';
import { formatExactDecimal, parseDecimal, type Ratio } from '../../../domain/billing/ratio-rules';
import { adapter } from '../case-adapter';
import { numbersIn } from '../read-words';
import { percent } from './field-schemas';

const decimal = z.union([z.number(), z.string()]).transform((value) => parseDecimal(String(value)));
const tier = z.tuple([z.number(), z.number().nullable(), z.string()]).transform(([, last, words]): PriceTier => {
  const [unitPrice = '', flatPrice = '0'] = numbersIn(words);

  return {
    upTo: last === null ? null : parseDecimal(String(last)),
    unitPrice: parseDecimal(unitPrice),
    flatPrice: parseDecimal(flatPrice),
  };
});
const tiered = z.object({ units: decimal, tiers: z.array(tier) });

const graduated = adapter(tiered, ({ units, tiers }) => amountOf(graduatedPrice(units, tiers)));

const volume = adapter(tiered, ({ units, tiers }) => amountOf(volumePrice(units, tiers)));

const packages = adapter(
  z.object({ units: decimal, package_size: decimal, price: decimal, free_units: decimal }),
  ({ units, package_size, price, free_units }) => amountOf(packagePrice(units, package_size, price, free_units)),
);

const percentage = adapter(
  z.object({
    rate_percent: percent,
    fixed: decimal.optional(),
    total: decimal,
    events: z.number().int().optional(),
    free_amount: decimal.optional(),
    free_events: z.number().int().optional(),
    running_total: z.array(decimal).optional(),
    free: z.literal('none').optional(),
  }),
  (inputs) => {
    const { free_amount = NOTHING, free_events = 0 } = inputs;
    const pricing = {
      ratePpm: rateFromPercent(inputs.rate_percent),
      fixedPerEvent: inputs.fixed ?? NOTHING,
      free: inputs.free === 'none' ? null : { events: free_events, amount: free_amount },
    };

    return amountOf(percentagePrice(inputs.total, inputs.events ?? 0, inputs.running_total ?? [], pricing));
  },
);

const NOTHING = parseDecimal('0');

function amountOf(amount: Ratio): { amount: string } {
  return { amount: formatExactDecimal(amount) };
}

export const priceModelAdapters = {
  'price_model.graduated': graduated,
  'price_model.volume': volume,
  'price_model.package': packages,
  'price_model.percentage': percentage,
};
