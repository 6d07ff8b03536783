import fc from 'fast-check';

import { AppError } from '../errors';
import { changeStock, stockEvents, type Stock } from './stock-change-rules';

const product = { productId: 7, sku: 'AO-1' };
const stock = (quantity: number, reserved = 0, reorderLevel = 0): Stock => ({ quantity, reserved, reorderLevel });

describe('change of stock', () => {
  it('keeps what orders hold', () => {
    expect(changeStock(stock(10, 3, 2), { quantity: 3, field: '/quantity' })).toEqual(stock(3, 3, 2));
    expect(() => changeStock(stock(10, 3), { quantity: 2, field: '/quantity' })).toThrow(
      expect.objectContaining({
        code: 'stock_below_reserved',
        field: '/quantity',
        params: { quantity: 10, reserved: 3, available: 7 },
      }),
    );
  });

  it('refuses more units than can be counted', () => {
    expect(() => changeStock(stock(1_000_000_000), { quantity: 1_000_000_001, field: '/delta' })).toThrow(
      expect.objectContaining({ code: 'validation_failed', field: '/delta' }),
    );
  });

  it('never leaves 0 ≤ reserved ≤ quantity, whatever is tried', () => {
    const start = fc.tuple(fc.nat(1_000), fc.nat(1_000)).map(([held, free]) => stock(held + free, held));

    fc.assert(
      fc.property(start, fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 50 }), (first, deltas) => {
        let current = first;

        for (const delta of deltas) {
          try {
            current = changeStock(current, { quantity: current.quantity + delta, field: '/delta' });
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect(current.quantity + delta).toBeLessThan(current.reserved);
          }
          expect(current.reserved).toBe(first.reserved);
          expect(current.quantity).toBeGreaterThanOrEqual(current.reserved);
        }
      }),
    );
  });
});

describe('events of a change', () => {
  it('tell the new figures and what moved', () => {
    expect(stockEvents({ product, before: stock(10, 2, 3), after: stock(14, 2, 3), reason: 'delivery' })).toEqual([
      {
        type: 'inventory.updated',
        payload: {
          ...product,
          quantity: 14,
          reserved: 2,
          available: 12,
          reorderLevel: 3,
          quantityDelta: 4,
          reason: 'delivery',
        },
      },
    ]);
  });

  it('count what is available, not what is there, for low stock', () => {
    const types = (before: Stock | null, after: Stock) =>
      stockEvents({ product, before, after, reason: null }).map((event) => event.type);

    expect(types(stock(10, 4, 3), stock(7, 4, 3))).toEqual(['inventory.updated', 'inventory.low_stock']);
    expect(types(stock(7, 4, 3), stock(6, 4, 3))).toEqual(['inventory.updated']);
    expect(types(stock(10, 0, 3), stock(7, 0, 3))).toEqual(['inventory.updated']);
    expect(types(null, stock(0, 0, 0))).toEqual(['inventory.updated', 'inventory.low_stock']);
  });
});
