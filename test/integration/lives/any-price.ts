import fc from 'fast-check';

import type { ProrationBehavior } from '../../../domain/subscriptions/lifecycle/subscription-types';
import type { LifeCommand } from './life';

/** Another price of the plan, or the one that new subscribers pay: at once, at the renewal, or after a notice. */
export const anyPrice: fc.Arbitrary<LifeCommand> = fc.oneof(
  fc.record({
    do: fc.constant('price' as const),
    dearer: fc.boolean(),
    when: fc.constant('now' as const),
    noticeDays: fc.constant<number>(0),
    billed: fc.constantFrom<(ProrationBehavior | undefined)[]>(
      undefined,
      undefined,
      'always_invoice',
      'next_invoice',
      'none',
    ),
  }),
  fc.record({
    do: fc.constant('price' as const),
    dearer: fc.boolean(),
    when: fc.constant('renewal' as const),
    noticeDays: fc.constantFrom<number[]>(0, 0, 20, 45),
  }),
);
