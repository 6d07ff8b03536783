import fc from 'fast-check';

import type { ProrationBehavior } from '../../../domain/subscriptions/lifecycle/subscription-types';
import type { LifeCommand } from './life';

/** Which one, and when. */
const price = fc.oneof(
  fc.record({
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
    dearer: fc.boolean(),
    when: fc.constant('renewal' as const),
    noticeDays: fc.constantFrom<number[]>(0, 0, 20, 45),
  }),
);

/** Another price of the plan, or the one that new subscribers pay: at once, at the renewal, or after a notice. */
export const anyPrice: fc.Arbitrary<LifeCommand> = price.map((asked) => ({ do: 'price' as const, ...asked }));

/** The same of an add-on; now also after a notice. */
export const anyAddonPrice: fc.Arbitrary<LifeCommand> = fc
  .record({ asked: price, addon: fc.nat({ max: 2 }), later: fc.constantFrom(0, 0, 6) })
  .map(({ asked, addon, later }) => ({
    do: 'addonPrice' as const,
    addon,
    ...asked,
    noticeDays: asked.when === 'now' ? later : asked.noticeDays,
  }));
