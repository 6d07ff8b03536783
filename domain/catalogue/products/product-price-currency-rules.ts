import { AppError } from '../../errors';
import type { TaxBehavior } from '../../money/tax-behavior-types';

/** What a product costs in one currency; minor units of it. */
export interface CurrencyPrice {
  currency: string;
  price: number;
  /** Whether that holds the tax. Null or absent: as the product's own price does, and of that, as the company has it. */
  taxBehavior?: TaxBehavior | null | undefined;
}

/** Prices in other currencies that one product may hold. */
export const mostOtherPrices = 50;

/** What a product costs in a currency: its own price, or one that it holds besides; null without one. Nothing is converted. */
export function priceIn(
  product: CurrencyPrice & { prices: readonly CurrencyPrice[] },
  currency: string,
): CurrencyPrice | null {
  const { price, currency: own, taxBehavior } = product;
  const found = [{ currency: own, price, taxBehavior }, ...product.prices].find((one) => one.currency === currency);

  return found === undefined ? null : { ...found, taxBehavior: found.taxBehavior ?? taxBehavior };
}

/** The refusal of a product that has no price in a currency. */
export function noPriceIn(name: string, currency: string, field: string): AppError {
  return new AppError('price_not_in_currency', { detail: `${name} has no price in ${currency}.`, field });
}

/**
 * Sees that the prices beside a product's own are each in another currency.
 * @param own the product's currency
 * @throws AppError validation_failed at /prices/<index>/currency
 */
export function assertOtherCurrencies(prices: readonly CurrencyPrice[], own: string): void {
  for (const [index, { currency }] of prices.entries()) {
    const field = `/prices/${index}/currency`;

    if (currency === own) {
      throw new AppError('validation_failed', { field, detail: `The price in ${own} is the product's own.` });
    }

    if (prices.findIndex((one) => one.currency === currency) !== index) {
      throw new AppError('validation_failed', { field, detail: `There are two prices in ${currency}.` });
    }
  }
}

/** In the order in which they are shown. */
export function sortedPrices(prices: readonly CurrencyPrice[]): CurrencyPrice[] {
  return prices
    .map(({ currency, price, taxBehavior = null }) => ({ currency, price, taxBehavior }))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
