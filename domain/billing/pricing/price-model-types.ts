/**
 * How a number of units becomes an amount: what a price says besides its currency. Prices of units are decimal texts in
 * minor units ('0.5' is half a cent of USD), because one unit often costs less than one; whole amounts are minor units.
 */
export const priceModels = ['flat', 'per_unit', 'package', 'graduated', 'volume', 'percentage'] as const;

interface PriceTerms {
  /** Units that cost nothing; of `flat`, those up to which the amount is not due. Decimal text, none when absent. */
  readonly freeUnits?: string | undefined;
  /** The least that a period costs, in minor units, also when nothing was used. */
  readonly minimumAmount?: number | undefined;
}

/** A tier holds everything above the tier before it, up to its own last unit. */
export interface PriceTier {
  /** Decimal text; null in the last tier, and only there. */
  readonly upTo: string | null;
  readonly unitPrice: string;
  /** Due once the tier is reached, the first one's always; minor units, 0 when absent. */
  readonly flatAmount?: number | undefined;
}

export interface FlatPrice extends PriceTerms {
  readonly model: 'flat';
  readonly amount: number;
}

export interface UnitPrice extends PriceTerms {
  readonly model: 'per_unit';
  readonly unitPrice: string;
}

/** Begun packages count whole. */
export interface PackagePrice extends PriceTerms {
  readonly model: 'package';
  readonly packageSize: string;
  readonly packageAmount: number;
}

/** Graduated: each tier's units at its own price. Volume: all units at the price of the tier that their number falls into. */
export interface TieredPrice extends PriceTerms {
  readonly model: 'graduated' | 'volume';
  readonly tiers: readonly PriceTier[];
}

/** Of usage that is money in minor units. `freeUnits` is the amount that is free. */
export interface PercentagePrice extends PriceTerms {
  readonly model: 'percentage';
  readonly ratePpm: number;
  /** Decimal text in minor units for each event, '0' when absent. */
  readonly eventPrice?: string | undefined;
  /** So many of the first events, as far as their running sum is within `freeUnits`, cost no `eventPrice`. */
  readonly freeEvents?: number | undefined;
}

export type PriceModel = FlatPrice | UnitPrice | PackagePrice | TieredPrice | PercentagePrice;
