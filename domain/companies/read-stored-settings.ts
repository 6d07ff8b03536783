import { z } from 'zod';

import type { TenantTransaction } from '../../platform/db/database';

/** What the transaction's company set itself, without the defaults. */
export async function readStoredSettings(tx: TenantTransaction): Promise<Record<string, unknown>> {
  const row = await tx.orm.companySettings.findUnique({
    where: { companyId: tx.companyId },
    select: { values: true },
  });

  return z.record(z.string(), z.unknown()).parse(row?.values ?? {});
}
