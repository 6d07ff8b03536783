import { applyRate, PPM } from '../../money/money-rules';
import { roundHalfUp } from '../../money/ratio-rules';

/** What a tier makes of the list price of one unit. Amounts in minor units of the rule's currency. */
export type PriceReduction =
  | { readonly kind: 'percent'; readonly ratePpm: number }
  | { readonly kind: 'amount'; readonly amount: number }
  /** This is the price. */
  | { readonly kind: 'fixed'; readonly price: number };

/** From so many units of the product in one order on. */
export interface PriceTier {
  readonly minQuantity: number;
  readonly reduction: PriceReduction;
}

/** A pricing rule that is in force (S129). */
export interface PricingRule {
  readonly id: number;
  readonly name: string;
  /** Of its amounts; null: it has none, and holds for any. */
  readonly currency: string | null;
  /** Everything, where both lists are empty. Categories are folded for search. */
  readonly productIds: readonly number[];
  readonly categories: readonly string[];
  /** Segments of customers; everybody where empty. */
  readonly segments: readonly string[];
  /** In ascending order of quantity. */
  readonly tiers: readonly PriceTier[];
  readonly priority: number;
}

/** A product at its list price, and what is wanted of it. */
export interface PricedProduct {
  readonly id: number;
  /** Folded for search. */
  readonly category: string | null;
  /** Minor units for one. */
  readonly price: number;
  readonly currency: string;
}

export interface ProductPrice {
  /** Minor units for one, by the catalogue. */
  listPrice: number;
  /** What one costs. */
  price: number;
  /** The rule that made the price; null: none did. */
  rule: { id: number; name: string } | null;
}

/**
 * What one unit costs. Of the rules that hold for product, customer and quantity and make it cheaper, those of the lowest
 * priority number count, and of them the one with the lowest price; of equal prices the older rule. Rules are never
 * added up, and none makes a product dearer.
 * @param wanted.quantity units of the product in the whole order, on however many lines
 * @param wanted.segment of the customer; null: nobody is known
 */
export function priceOfProduct(
  product: PricedProduct,
  rules: readonly PricingRule[],
  wanted: { quantity: number; segment: string | null },
): ProductPrice {
  const offers = rules
    .filter((rule) => holdsFor(rule, product, wanted.segment))
    .flatMap((rule) => {
      const tier = rule.tiers.findLast(({ minQuantity }) => minQuantity <= wanted.quantity);

      return tier === undefined ? [] : [{ rule, price: reducedPrice(product.price, tier.reduction) }];
    })
    .filter(({ price }) => price < product.price)
    .sort(
      (left, right) =>
        left.rule.priority - right.rule.priority || left.price - right.price || left.rule.id - right.rule.id,
    );
  const best = offers[0];

  return {
    listPrice: product.price,
    price: best?.price ?? product.price,
    rule: best === undefined ? null : { id: best.rule.id, name: best.rule.name },
  };
}

function holdsFor(rule: PricingRule, product: PricedProduct, segment: string | null): boolean {
  const isForAll = rule.productIds.length + rule.categories.length === 0;
  const isNamed =
    rule.productIds.includes(product.id) || (product.category !== null && rule.categories.includes(product.category));

  return (
    (isForAll || isNamed) &&
    (rule.currency === null || rule.currency === product.currency) &&
    (rule.segments.length === 0 || (segment !== null && rule.segments.includes(segment)))
  );
}

/** Minor units for one; a percentage is rounded half up, once, and nothing falls below 0. */
export function reducedPrice(listPrice: number, reduction: PriceReduction): number {
  switch (reduction.kind) {
    case 'percent':
      return Number(roundHalfUp(applyRate(BigInt(listPrice), Number(PPM) - reduction.ratePpm)));
    case 'amount':
      return Math.max(0, listPrice - reduction.amount);
    case 'fixed':
      return reduction.price;
  }
}
