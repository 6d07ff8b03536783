import {
  addRatios,
  compareRatios,
  divideRatios,
  multiplyRatios,
  type Ratio,
  ratio,
  roundUp,
  subtractRatios,
  ZERO,
} from './ratio-rules';

/**
 * What metered units cost. Units and amounts stay exact fractions in the unit of the prices given; the fee is rounded
 * once, when it becomes a line of an invoice.
 */

export interface PriceTier {
  /** Last unit of the tier, null for the tier without an end. A tier holds all that lies above the tier before it. */
  readonly upTo: Ratio | null;
  readonly unitPrice: Ratio;
  /** Due as soon as the tier is reached; the first one's with no unit at all. */
  readonly flatPrice: Ratio;
}

/** Each tier's units at its own price, plus the flat part of every tier reached. */
export function graduatedPrice(units: Ratio, tiers: readonly PriceTier[]): Ratio {
  return tiers.reduce((total, tier, index) => {
    const below = index === 0 ? ZERO : (tiers[index - 1]?.upTo ?? ZERO);
    const isReached = index === 0 || compareRatios(units, below) > 0;
    if (!isReached) {
      return total;
    }

    const inTier = subtractRatios(smaller(units, tier.upTo), below);

    return addRatios(total, addRatios(multiplyRatios(inTier, tier.unitPrice), tier.flatPrice));
  }, ZERO);
}

/** All units at the price of the tier that the total falls into, plus that tier's flat part. */
export function volumePrice(units: Ratio, tiers: readonly PriceTier[]): Ratio {
  const tier = tiers.find(({ upTo }) => upTo === null || compareRatios(units, upTo) <= 0);
  if (!tier) {
    throw new RangeError('The last tier has an end, and the units lie beyond it.');
  }

  return addRatios(multiplyRatios(units, tier.unitPrice), tier.flatPrice);
}

/** Whole packages of what is above the free units, each at one price. */
export function packagePrice(units: Ratio, size: Ratio, price: Ratio, freeUnits: Ratio): Ratio {
  const packages = roundUp(divideRatios(subtractRatios(units, freeUnits), size));

  return packages <= 0n ? ZERO : multiplyRatios(ratio(packages), price);
}

export interface PercentagePricing {
  /** parts per million of the amount */
  readonly ratePpm: number;
  /** fixed fee of each event that is not free */
  readonly fixedPerEvent: Ratio;
  /** null when nothing is free */
  readonly free: { readonly events: number; readonly amount: Ratio } | null;
}

/**
 * A share of what passed through plus a fee for each event. Free are as many of the first events as still fit into the
 * free amount.
 *
 * @param runningTotals sums after the first, second, … event; those of the events that may be free are enough
 */
export function percentagePrice(
  total: Ratio,
  events: number,
  runningTotals: readonly Ratio[],
  { ratePpm, fixedPerEvent, free }: PercentagePricing,
): Ratio {
  const freeAmount = free?.amount ?? ZERO;
  const freeEvents = runningTotals
    .slice(0, free?.events ?? 0)
    .filter((sum) => compareRatios(sum, freeAmount) <= 0).length;
  const charged = subtractRatios(total, smaller(total, freeAmount));

  return addRatios(
    multiplyRatios(charged, ratio(ratePpm, 1_000_000)),
    multiplyRatios(ratio(Math.max(events - freeEvents, 0)), fixedPerEvent),
  );
}

function smaller(left: Ratio, right: Ratio | null): Ratio {
  return right === null || compareRatios(left, right) <= 0 ? left : right;
}
