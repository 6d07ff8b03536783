import { tellable } from '../../../domain/entitlements/entitlement-changes-rules';
import { readEntitlements } from '../../../domain/entitlements/read-entitlements';
import { viewEntitlement } from '../../../domain/entitlements/view-entitlement';
import type { Database } from '../../../platform/db/database';

/** What a customer has of a feature now, as `GET /entitlements/:customerId` answers it. */
export interface HeldRow {
  code: string;
  isEntitled: boolean;
  limit: number | null;
  used: string | null;
  remaining: string | null;
  /** What of it is left of top-ups. */
  prepaid: string | null;
  /** As events tell it: usage aside; null: nothing of it. */
  tellable: true | number | 'unlimited' | null;
}

export async function readHeld(
  database: Database,
  { companyId, customerId, now }: { companyId: number; customerId: number; now: Date },
): Promise<HeldRow[]> {
  const { entitlements, timeZone } = await database.withTenantSnapshot(companyId, (tx) =>
    readEntitlements(tx, { customerId, code: null, now }),
  );
  const told = tellable(entitlements.map(({ feature }) => feature));

  return entitlements.map((one) => {
    const { isEntitled, limit, used, remaining, prepaid } = viewEntitlement(one, timeZone);
    const { code } = one.feature;

    return { code, isEntitled, limit, used, remaining, prepaid, tellable: told[code] ?? null };
  });
}
