import fc from 'fast-check';

import { entitlementChanges, type ToldEntitlements } from './entitlement-changes-rules';

const value = fc.oneof(fc.constant(true as const), fc.nat(5), fc.constant('unlimited' as const));
const told: fc.Arbitrary<ToldEntitlements> = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value);
const changes = (before: ToldEntitlements, after: ToldEntitlements) =>
  entitlementChanges(before, after, { customerId: 7, features: [] });

describe('changes of entitlements', () => {
  it('are none where nothing has changed', () => {
    fc.assert(fc.property(told, (same) => expect(changes(same, { ...same })).toEqual([])));
  });

  it('lead from what was told to what is, each feature once', () => {
    fc.assert(
      fc.property(told, told, (before, after) => {
        const now: Record<string, unknown> = { ...before };

        for (const { type, payload } of changes(before, after)) {
          const { feature, previous, value: next } = payload as { feature: string; previous: unknown; value: unknown };
          expect(previous).toBe(now[feature] ?? null);
          expect(type === 'entitlement.revoked').toBe(next === null);
          expect(type === 'entitlement.granted').toBe(previous === null);

          if (next === null) {
            delete now[feature];
          } else {
            now[feature] = next;
          }
        }
        expect(now).toEqual({ ...after });
      }),
    );
  });
});
