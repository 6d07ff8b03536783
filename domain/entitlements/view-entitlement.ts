import { formatInstant } from '../../platform/instant';
import { formatExactDecimal } from '../money/ratio-rules';
import { validUntilOf } from './entitlement-rules';
import type { Entitlement } from './read-entitlements';

/** What a customer has of a feature, as the API shows it. @param timeZone of the customer's account */
export function viewEntitlement({ feature, allowance }: Entitlement, timeZone: string) {
  const written = (at: string | number | null) => (at === null ? null : formatInstant(new Date(at), timeZone));
  const { used, remaining, prepaid, resetsAt, ...rest } = allowance;

  return {
    kind: feature.kind,
    unit: feature.unit,
    ...rest,
    used: used && formatExactDecimal(used),
    remaining: remaining && formatExactDecimal(remaining),
    prepaid: prepaid && formatExactDecimal(prepaid),
    resetsAt: written(resetsAt),
    validUntil: written(validUntilOf(feature.grants)),
    override: feature.override && { ...feature.override, validUntil: written(feature.override.validUntil) },
    grants: feature.grants.map(({ periods: _periods, ...grant }) => ({
      ...grant,
      validUntil: written(grant.validUntil),
    })),
  };
}
