import fc from 'fast-check';

import { anyBilled, saidOf } from './any-billed';
import { type CodeName, codes, type LifeCommand, type TopUpName, topUps } from './life';

/** What is sold and owed beside plans and add-ons: codes, usage, credit, taxes, terms, money that came by other roads. */

const code = fc.constantFrom(...(Object.keys(codes) as CodeName[]));

export const anySale: fc.Arbitrary<LifeCommand> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('code' as const), code }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('takeBackCode' as const), code }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('calls' as const),
      count: fc.integer({ min: 1, max: 2_000 }),
      hoursAgo: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_000 }) },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        do: fc.constant('topUp' as const),
        topUp: fc.constantFrom(...(Object.keys(topUps) as TopUpName[])),
        count: fc.constantFrom(1, 1, 2),
        billed: anyBilled,
      })
      .map(saidOf),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      amount: fc.integer({ min: 1, max: 400_000 }),
      days: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null, freq: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('payOut' as const),
      part: fc.option(fc.integer({ min: 1, max: 999_999 }), { nil: null, freq: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      invoice: fc.nat({ max: 1 }),
      part: fc.oneof(
        { weight: 1, arbitrary: fc.constant(1_000_000) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_500_000 }) },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('taxed' as const), as: fc.constantFrom('exempt' as const, 'taxable') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('terms' as const), days: fc.constantFrom<(number | null)[]>(0, 30, null) }),
  },
);
