import { z } from 'zod';

import { Prisma, type TenantSql, type TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { updateSettings, type SettingChanges } from './update-settings';

/** What a company takes on anew. */
export interface Doors {
  orders: boolean;
  subscriptions: boolean;
  addons: boolean;
}

const Row = z.object({
  status: z.string(),
  businessModel: z.enum(['retail', 'subscription', 'freemium', 'multi']),
  orders: z.boolean(),
  subscriptions: z.boolean(),
  addons: z.boolean(),
});

/**
 * A company's business model, and what it takes on anew.
 * @param options.isHeld until the transaction ends
 */
export async function readModel(tx: TenantSql, options: { isHeld?: boolean } = {}) {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT c.status, c.business_model AS "businessModel", c.accepts_orders AS orders, c.accepts_subscriptions AS subscriptions,
                      c.accepts_addons AS addons
                 FROM platform.companies c WHERE c.id = ${tx.companyId}::bigint ${options.isHeld === true ? Prisma.sql`FOR NO KEY UPDATE` : Prisma.empty}`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such company.' });
  }
  const { status, businessModel, ...doors } = row;

  return { status, businessModel, doors: doors satisfies Doors };
}

/**
 * Closes doors, or opens them again. Whatever saw one open holds the company's row FOR SHARE (D29): this waits for it, so
 * what is counted afterwards is all there will be.
 */
export async function setDoors(tx: TenantSql, { doors, now }: { doors: Doors; now: Date }): Promise<void> {
  await tx.write(Prisma.sql`UPDATE platform.companies SET accepts_orders = ${doors.orders}, accepts_subscriptions = ${doors.subscriptions},
                      accepts_addons = ${doors.addons}, updated_at = ${now}::timestamptz WHERE id = ${tx.companyId}::bigint`);
}

/** The company does business in another way from now on (D30): model, doors and settings together. */
export async function setModel(
  tx: TenantTransaction,
  input: { businessModel: string; doors: Doors; settings: SettingChanges; now: Date },
): Promise<void> {
  const { businessModel, doors, settings, now } = input;
  await setDoors(tx, { doors, now });
  await tx.write(
    Prisma.sql`UPDATE platform.companies SET business_model = ${businessModel} WHERE id = ${tx.companyId}::bigint`,
  );
  await updateSettings(tx, { changes: settings, now });
  await appendEvents(tx, {
    subject: `company/${tx.companyId}`,
    events: [{ type: 'company.updated', payload: { companyId: tx.companyId, businessModel, accepts: doors } }],
    now,
  });
}
