import { z } from 'zod';
import { currencyDigits, toCardNetworkUnits } from '../../../domain/billing/money-rules';
import { formatDecimal, parseDecimal } from '../../../domain/billing/ratio-rules';
import { splitByLargestRemainder } from '../../../domain/billing/split-rules';
import { adapter } from '../case-adapter';
import { countIn } from '../read-words';
import { cents, money, text } from './field-schemas';

const currencyPrecision = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => {
  const digits = currency.startsWith('custom') ? countIn(currency) : currencyDigits(currency);

  return { rounded: formatDecimal(parseDecimal(amount), digits) };
});

const toSmallestUnit = adapter(z.object({ currency: text, amount: money }), ({ currency, amount }) => ({
  minor: toCardNetworkUnits(amount, currency),
}));

const splitSumKept = adapter(z.object({ weights: z.array(cents), amount: cents }), ({ weights, amount }) => ({
  shares: splitByLargestRemainder(amount, weights),
}));

export const moneyAdapters = {
  'rounding.currency_precision': currencyPrecision,
  'money.to_smallest_unit': toSmallestUnit,
  'discount.split_over_lines_sum_kept': splitSumKept,
};
