import fc from 'fast-check';

import { orderNumberOf, orderSubject } from './order-number-rules';

describe('an order number', () => {
  it('has six digits at least, and more when it needs them', () => {
    expect([1, 1_042, 999_999, 1_000_000, 123_456_789].map(orderNumberOf)).toEqual([
      'ORD-000001',
      'ORD-001042',
      'ORD-999999',
      'ORD-1000000',
      'ORD-123456789',
    ]);
  });

  it('belongs to one order of a company only', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (nth) => {
        expect(Number(orderNumberOf(nth).slice(4))).toBe(nth);
      }),
    );
  });
});

it('names the subject of an order as its workflow is named', () => {
  expect(orderSubject(1_042)).toBe('order/1042');
});
