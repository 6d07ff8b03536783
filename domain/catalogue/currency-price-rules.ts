import { AppError } from '../errors';
import type { TaxBehavior } from '../money/tax-behavior-types';

/** What something sold costs in one currency; minor units of it. */
export interface CurrencyPrice {
  currency: string;
  price: number;
  /** Whether that holds the tax. Null or absent: as its own price does, and of that, as the company has it. */
  taxBehavior?: TaxBehavior | null | undefined;
}

/** Prices in other currencies that one thing sold may hold. */
export const mostOtherPrices = 50;

/** All that something costs: its own price, and those that it holds besides, which hold the tax as its own where they say nothing. */
export function allPrices<Price extends CurrencyPrice>(own: Price, others: readonly Price[]): Price[] {
  return [own, ...others.map((one) => ({ ...one, taxBehavior: one.taxBehavior ?? own.taxBehavior }))];
}

/** Of all that something costs, the price in a currency; null without one. Nothing is converted. */
export function priceAmong<Price extends CurrencyPrice>(
  own: Price,
  others: readonly Price[],
  currency: string,
): Price | null {
  return allPrices(own, others).find((one) => one.currency === currency) ?? null;
}

/** What a product or an add-on costs in a currency: its own price, or one besides; null without one. Nothing is converted. */
export function priceIn(
  sold: CurrencyPrice & { prices: readonly CurrencyPrice[] },
  currency: string,
): CurrencyPrice | null {
  const { price, currency: own, taxBehavior } = sold;

  return priceAmong({ currency: own, price, taxBehavior }, sold.prices, currency);
}

/** The refusal of what has no price in a currency. */
export function noPriceIn(name: string, currency: string, field: string): AppError {
  return new AppError('price_not_in_currency', { detail: `${name} has no price in ${currency}.`, field });
}

/**
 * Sees that the prices beside its own are each in another currency.
 * @param own the currency of that
 * @throws AppError validation_failed at /prices/<index>/currency
 */
export function assertOtherCurrencies(prices: readonly CurrencyPrice[], own: string): void {
  for (const [index, { currency }] of prices.entries()) {
    const field = `/prices/${index}/currency`;

    if (currency === own) {
      throw new AppError('validation_failed', { field, detail: `The price in ${own} is \`price\`, its own.` });
    }

    if (prices.findIndex((one) => one.currency === currency) !== index) {
      throw new AppError('validation_failed', { field, detail: `There are two prices in ${currency}.` });
    }
  }
}

/** In the order in which they are shown. */
export function sortedPrices<Price extends CurrencyPrice>(prices: readonly Price[]): Price[] {
  return prices
    .map((one) => ({ ...one, taxBehavior: one.taxBehavior ?? null }))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
