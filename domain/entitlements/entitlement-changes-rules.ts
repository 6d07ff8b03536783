import type { DomainEvent } from '../events/event-types';
import { allowanceOf } from './entitlement-rules';
import type { HeldFeature } from './entitlement-types';

/** What was told of each feature that a customer has, by code: there, so many, or without a limit. */
export type ToldEntitlements = Readonly<Record<string, true | number | 'unlimited'>>;

/** What there is to tell of them now. What gives nothing is not there; of a metered one it is the balance of a period. */
export function tellable(features: readonly HeldFeature[]): ToldEntitlements {
  return Object.fromEntries(
    features.flatMap((feature) => {
      const { isEntitled, isUnlimited, limit } = allowanceOf(feature);

      return isEntitled ? [[feature.code, isUnlimited ? 'unlimited' : (limit ?? true)]] : [];
    }),
  );
}

/** What has changed since it was last told, each feature once and by code; where nothing has, nothing. */
export function entitlementChanges(
  before: ToldEntitlements,
  after: ToldEntitlements,
  { customerId, features }: { customerId: number; features: readonly HeldFeature[] },
): DomainEvent[] {
  const codes = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();

  return codes.flatMap((feature): DomainEvent[] => {
    const previous = before[feature] ?? null;
    const value = after[feature] ?? null;

    if (previous === value) {
      return [];
    }
    const grants = features.find(({ code }) => code === feature)?.grants ?? [];
    const type =
      previous === null ? 'entitlement.granted' : value === null ? 'entitlement.revoked' : 'entitlement.changed';

    return [
      {
        type,
        payload: {
          customerId,
          feature,
          value,
          previous,
          sources: grants.map(({ source, subscriptionId, planId, addonId, overrideId }) => ({
            source,
            subscriptionId,
            planId,
            addonId,
            overrideId,
          })),
        },
      },
    ];
  });
}
