import { AppError } from '../errors';
import type { EventType } from '../events/event-types';
import { crossesReorderLevel } from './low-stock-rules';

/** Units of one product, as the row has them. */
export interface Stock {
  quantity: number;
  reserved: number;
  reorderLevel: number;
}

export interface StockEvent {
  type: Extract<EventType, 'inventory.updated' | 'inventory.low_stock'>;
  payload: Record<string, unknown>;
}

/** Far below what the column holds, so that goods which come back from cancelled orders always find room. */
export const mostUnits = 1_000_000_000;

/**
 * Stock after a person's change. Orders hold `reserved` units, so the quantity cannot fall below them.
 * @param change.field the input at fault if there is one
 * @throws AppError stock_below_reserved, with what is there; validation_failed above what can be counted
 */
export function changeStock(
  before: Stock,
  change: { quantity: number; reorderLevel?: number | undefined; field: string },
): Stock {
  const { quantity, reorderLevel = before.reorderLevel, field } = change;

  if (quantity < before.reserved) {
    throw new AppError('stock_below_reserved', {
      field,
      detail:
        before.reserved === 0
          ? `There are ${before.quantity} units; fewer than none cannot be left.`
          : `Of ${before.quantity} units, ${before.reserved} are held for orders; ${quantity} would be left.`,
      params: {
        quantity: before.quantity,
        reserved: before.reserved,
        available: before.quantity - before.reserved,
      },
    });
  }

  if (quantity > mostUnits) {
    throw new AppError('validation_failed', { field, detail: `There can be at most ${mostUnits} units.` });
  }

  return { quantity, reserved: before.reserved, reorderLevel };
}

/**
 * What a change is told as: always `inventory.updated`, and `inventory.low_stock` when it is the one that crosses.
 * @param change.before null for the first stock record of a product
 */
export function stockEvents(change: {
  product: { productId: number; sku: string };
  before: Stock | null;
  after: Stock;
  reason: string | null;
}): StockEvent[] {
  const { product, before, after, reason } = change;
  const level = (stock: Stock) => ({
    available: stock.quantity - stock.reserved,
    reorderLevel: stock.reorderLevel,
  });
  const state = { ...product, quantity: after.quantity, reserved: after.reserved, ...level(after) };
  const updated: StockEvent = {
    type: 'inventory.updated',
    payload: { ...state, quantityDelta: after.quantity - (before?.quantity ?? 0), reason },
  };

  return crossesReorderLevel(before && level(before), level(after))
    ? [updated, { type: 'inventory.low_stock', payload: state }]
    : [updated];
}
