import { type CurrencyPrice, priceAmong, sortedPrices } from '../currency-price-rules';

/** What an add-on costs in one currency, with what it costs once besides. Minor units. */
export interface AddonPrice extends CurrencyPrice {
  /** Absent: none. */
  setupFee?: number | undefined;
}

/** What an add-on costs in a currency: its own price, or one besides; null without one. Nothing is converted. */
export function addonPriceIn(
  addon: AddonPrice & { prices: readonly AddonPrice[] },
  currency: string,
): AddonPrice | null {
  const { price, currency: own, taxBehavior, setupFee } = addon;

  return priceAmong<AddonPrice>({ price, currency: own, taxBehavior, setupFee }, addon.prices, currency);
}

/** In the order in which they are shown, each with its fee. */
export function sortedAddonPrices(prices: readonly AddonPrice[]): AddonPrice[] {
  return sortedPrices(prices.map((one) => ({ ...one, setupFee: one.setupFee ?? 0 })));
}
