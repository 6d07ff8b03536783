import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { EffectOf } from '../lifecycle/decision-types';
import { userAddonIdOf } from '../lifecycle/addon-rules';
import type { Subscription } from '../lifecycle/subscription-types';
import { addonColumns } from './user-addon-row';

/** Writes the add-ons that a subscription has now, new ones too; nothing where they stand already. */
export async function saveAddons(
  tx: TenantSql,
  { before, after, now }: { before: Subscription; after: Subscription; now: Date },
): Promise<void> {
  const was = new Set(addonColumns(before, now).map((row) => JSON.stringify(row)));
  const changed = addonColumns(after, now).filter((row) => !was.has(JSON.stringify(row)));
  const [first] = changed;

  if (first === undefined) {
    return;
  }
  const rows = changed.map((row) => ({ ...row, company_id: tx.companyId }));
  // Names of columns are the code's own.
  const names = Object.keys({ ...first, company_id: tx.companyId });
  const columns = Prisma.raw(names.join(', '));
  const updates = Prisma.raw(names.map((name) => `${name} = excluded.${name}`).join(', '));
  await tx.write(Prisma.sql`
      INSERT INTO ordering.user_addons (${columns})
      SELECT ${columns} FROM jsonb_populate_recordset(NULL::ordering.user_addons, ${JSON.stringify(rows)}::jsonb)
      ON CONFLICT (id) DO UPDATE SET ${updates}`);
}

/** It is over; what it unlocked ends with it. */
export async function endAddon(
  tx: TenantSql,
  { item, status, at, reason }: EffectOf<'end_addon'>,
  now: Date,
): Promise<void> {
  const ended = new Date(at);
  await tx.write(Prisma.sql`
      UPDATE ordering.user_addons SET status = ${status}, ended_at = ${ended}::timestamptz, expires_at = ${ended}::timestamptz,
             end_reason = ${reason}, next_billing_date = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${userAddonIdOf(item)}::bigint AND status IN ('pending', 'active')`);
}
