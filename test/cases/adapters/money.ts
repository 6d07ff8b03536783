import { z } from 'zod';
import { currencyDigits, unitOf } from '../../../domain/money/currency-rules';
import { prorate } from '../../../domain/billing/pricing/proration-rules';
import { formatDecimal, parseDecimal } from '../../../domain/money/ratio-rules';
import { splitByLargestRemainder } from '../../../domain/money/split-rules';
import { toNetworkUnits } from '../../../gateways/card/card-network-rules';
import { adapter } from '../case-adapter';
import { countIn } from '../read-words';
import { cents, money, text } from './field-schemas';

const currencyPrecision = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => {
  const digits = currency.startsWith('custom') ? countIn(currency) : currencyDigits(currency);

  return { rounded: formatDecimal(parseDecimal(amount), digits) };
});

/** What a card's gateway hands on for an amount. */
const toSmallestUnit = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => ({
  minor: toNetworkUnits(prorate(unitOf(currencyDigits(currency)), parseDecimal(amount)), currency),
}));

const splitSumKept = adapter(z.object({ weights: z.array(cents), amount: cents }), ({ weights, amount }) => ({
  shares: splitByLargestRemainder(amount, weights),
}));

export const moneyAdapters = {
  'rounding.currency_precision': currencyPrecision,
  'money.to_smallest_unit': toSmallestUnit,
  'discount.split_over_lines_sum_kept': splitSumKept,
};
