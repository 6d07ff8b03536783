/** Units of one product. `available` is quantity − reserved; an order can take no more than that. */
export interface StockLevel {
  available: number;
  reorderLevel: number;
}

/** Stock is low when what is available has come down to the reorder level; at level 0 that means: sold out. */
export function isLowStock(level: StockLevel): boolean {
  return level.available <= level.reorderLevel;
}

/**
 * Whether a change is the one that `inventory.low_stock` tells of: once per crossing of the reorder level by what is
 * available, from either side (stock sinks, or the level is raised). Stock that was low before stays silent until it
 * has risen above the level again.
 * @param before null when the product had no stock record yet
 */
export function crossesReorderLevel(before: StockLevel | null, after: StockLevel): boolean {
  return isLowStock(after) && (before === null || !isLowStock(before));
}
