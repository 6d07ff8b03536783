import fc from 'fast-check';

import { refundInNetworkUnits, toNetworkUnits } from './card-network-rules';

describe('amounts for card networks', () => {
  it('have no third decimal', () => {
    expect(toNetworkUnits(5_126n, 'KWD')).toBe(5_130n);
    expect(toNetworkUnits(5_120n, 'KWD')).toBe(5_120n);
    expect(toNetworkUnits(50_098n, 'JPY')).toBe(50_098n);
    expect(toNetworkUnits(10_054n, 'USD')).toBe(10_054n);
  });

  it('of refunds sum to what was charged when everything is given back', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1 }), (refunds) => {
        let before = 0n;
        let moved = 0n;
        for (const refund of refunds) {
          moved += refundInNetworkUnits(refund, before, 'KWD');
          before += refund;
        }
        expect(moved).toBe(toNetworkUnits(before, 'KWD'));
      }),
    );
  });
});
