import fc from 'fast-check';

import { crossesReorderLevel, isLowStock, type StockLevel } from './low-stock-rules';

const at = (available: number, reorderLevel: number): StockLevel => ({ available, reorderLevel });

describe('low stock', () => {
  it.each([
    ['falls to the level', at(6, 5), at(5, 5), true],
    ['jumps below the level', at(20, 5), at(0, 5), true],
    ['stays above', at(20, 5), at(6, 5), false],
    ['was low already', at(5, 5), at(4, 5), false],
    ['rises out of it', at(3, 5), at(9, 5), false],
    ['is caught by a raised level', at(8, 5), at(8, 10), true],
    ['is let go by a lowered level', at(8, 10), at(8, 5), false],
    ['sells out without a level', at(1, 0), at(0, 0), true],
  ])('%s', (_name, before, after, expected) => {
    expect(crossesReorderLevel(before, after)).toBe(expected);
  });

  it('tells of a first stock record that is low from the start', () => {
    expect(crossesReorderLevel(null, at(2, 5))).toBe(true);
    expect(crossesReorderLevel(null, at(6, 5))).toBe(false);
  });

  it('fires exactly once per crossing along any walk of stock and level', () => {
    const level = fc.record({ available: fc.nat(30), reorderLevel: fc.nat(30) });

    fc.assert(
      fc.property(level, fc.array(level, { maxLength: 60 }), (start, steps) => {
        const walk = [start, ...steps];
        const fired = steps.filter((after, index) => crossesReorderLevel(walk[index] ?? start, after)).length;
        // A run of low levels that begins after the start begins with exactly one crossing.
        const runs =
          walk
            .map((step) => (isLowStock(step) ? 'L' : '.'))
            .join('')
            .match(/(?<=\.)L+/g)?.length ?? 0;

        expect(fired).toBe(runs);
      }),
    );
  });
});
