import { z } from 'zod';
import { priceChargeLines } from '../../../domain/billing/pricing/line-pricing-rules';
import { currencyDigits, unitOf } from '../../../domain/money/currency-rules';
import { prorate } from '../../../domain/billing/pricing/proration-rules';
import { formatDecimal, parseDecimal } from '../../../domain/money/ratio-rules';
import { splitByLargestRemainder } from '../../../domain/money/split-rules';
import { toNetworkUnits } from '../../../gateways/card/card-network-rules';
import { adapter } from '../case-adapter';
import { countIn, readMoney, readPercent, writeMoney } from '../read-words';
import { cents, money, percent, text } from './field-schemas';

const currencyPrecision = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => {
  const digits = currency.startsWith('custom') ? countIn(currency) : currencyDigits(currency);

  return { rounded: formatDecimal(parseDecimal(amount), digits) };
});

/** What a card's gateway hands on for an amount. */
const toSmallestUnit = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => ({
  minor: toNetworkUnits(prorate(unitOf(currencyDigits(currency)), parseDecimal(amount)), currency),
}));

/** Every price is a line; the discount of the document is one of the two, as its setting says. */
const perLineDrift = adapter(z.object({ prices: z.array(money), percent }), (inputs) => {
  const charges = inputs.prices.map((price) => ({ amount: readMoney(price), taxRatePpm: 0 }));
  const discount = { kind: 'percent', ratePpm: readPercent(inputs.percent) } as const;
  const byLine = priceChargeLines(charges, { discount, discountBasis: 'by_line' });

  return {
    per_line: byLine.lines.map((line) => writeMoney(line.discount)),
    sum: writeMoney(byLine.discount),
    on_total: writeMoney(priceChargeLines(charges, { discount, discountBasis: 'on_total' }).discount),
  };
});

const splitSumKept = adapter(z.object({ weights: z.array(cents), amount: cents }), ({ weights, amount }) => ({
  shares: splitByLargestRemainder(amount, weights),
}));

export const moneyAdapters = {
  'rounding.currency_precision': currencyPrecision,
  'money.to_smallest_unit': toSmallestUnit,
  'discount.split_over_lines_sum_kept': splitSumKept,
  'discount.per_line_rounding_drift': perLineDrift,
};
