import { priceOfProduct, type PricedProduct, type PricingRule } from '../catalogue/pricing-rules/product-price-rules';
import { type CurrencyPrice, priceIn } from '../catalogue/currency-price-rules';
import { unitsByProduct } from './order-line-rules';

/** The rule that made a price, as an order keeps it. */
export interface AppliedPrice {
  /** Minor units for one, by the catalogue; `price` is what one costs. */
  listPrice: number;
  pricingRule: { id: number; name: string } | null;
}

/**
 * Products at the prices of one order, in its currency where they have a price in it: tiers by quantity count the units of a product on all lines together.
 * @param order.segment of the customer
 */
export function pricedProducts<Product extends PricedProduct & { prices: readonly CurrencyPrice[] }>(
  products: readonly Product[],
  order: {
    items: readonly { productId: number; quantity: number }[];
    rules: readonly PricingRule[];
    segment: string;
    currency: string;
  },
): (Product & AppliedPrice)[] {
  const units = new Map(unitsByProduct(order.items).map(({ productId, quantity }) => [productId, quantity]));

  return products.map((listed) => {
    const product = { ...listed, ...priceIn(listed, order.currency) };
    const wanted = { quantity: units.get(product.id) ?? 0, segment: order.segment };
    const { listPrice, price, rule } = priceOfProduct(product, order.rules, wanted);

    return { ...product, price, listPrice, pricingRule: rule };
  });
}
