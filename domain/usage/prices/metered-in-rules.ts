import { AppError } from '../../errors';
import type { AgreedMeter } from './agreed-meter';

/**
 * What a plan or an add-on meters of who has it in one currency. What it meters in any currency that it is sold in has to have
 * a price in each, as else its usage would be free by oversight.
 * @param priced what it meters, by currency
 * @param sold what is sold: its name, the currency wanted, all that it has a price in, the field of the request that names it
 * @throws AppError price_not_in_currency
 */
export function meteredIn(
  priced: readonly (AgreedMeter & { currency: string })[],
  {
    name,
    currency,
    currencies,
    field,
  }: { name: string; currency: string; currencies: readonly string[]; field: string },
): AgreedMeter[] {
  const metered = priced.filter((one) => one.currency === currency);
  const unpriced = priced.find(
    (one) => currencies.includes(one.currency) && !metered.some(({ meterId }) => meterId === one.meterId),
  );

  if (unpriced !== undefined) {
    throw new AppError('price_not_in_currency', {
      field,
      detail: `Usage of ${unpriced.meterName} within ${name} has no price in ${currency}.`,
    });
  }

  return metered.map(({ currency: _currency, ...meter }) => meter);
}
