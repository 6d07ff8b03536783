import { z } from 'zod';

import { dbJson } from '../../platform/db/columns';
import { Prisma, type TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { resolveSettings, type SettingKey, type Settings } from './setting-catalogue';

/** Values to set; null takes a key back to its default. */
export type SettingChanges = { [Key in SettingKey]?: Settings[Key] | null | undefined };

/**
 * Changes settings of the transaction's company; keys that are not named stay. The row is locked, so that two
 * administrators who change different keys at once both succeed.
 * @param input.changes already validated, key by key
 * @throws AppError validation_failed when values that are fine alone do not fit together
 */
export async function updateSettings(
  tx: TenantTransaction,
  input: { changes: SettingChanges; now: Date },
): Promise<{ stored: Record<string, unknown>; settings: Settings }> {
  const { changes, now } = input;
  const before = await lockStoredValues(tx, now);
  const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
  const stored: Record<string, unknown> = { ...before };

  for (const [key, value] of changed) {
    if (value === null) {
      delete stored[key];
    } else {
      stored[key] = value;
    }
  }

  const settings = resolveSettings(stored);
  assertFit(settings, changes);

  if (changed.length > 0) {
    await tx.orm.companySettings.update({
      where: { companyId: tx.companyId },
      data: { values: stored as Prisma.InputJsonObject, updatedAt: now },
    });
    await appendEvents(tx, {
      subject: `company/${tx.companyId}`,
      events: [
        {
          type: 'company.updated',
          payload: { companyId: tx.companyId, settings: Object.fromEntries(changed) },
        },
      ],
      now,
    });
  }

  return { stored, settings };
}

async function lockStoredValues(tx: TenantTransaction, now: Date): Promise<Record<string, unknown>> {
  const rows = await tx.query(
    z.object({ values: dbJson.pipe(z.record(z.string(), z.unknown())) }),
    Prisma.sql`INSERT INTO platform.company_settings AS s (company_id, values, updated_at) VALUES (${tx.companyId}::bigint, '{}', ${now})
               ON CONFLICT (company_id) DO UPDATE SET updated_at = s.updated_at RETURNING s.values`,
  );

  return rows[0]?.values ?? {};
}

/** The field at fault is one that was sent. */
function assertFit(settings: Settings, changes: SettingChanges): void {
  if (settings.paymentExpiryMarginSeconds >= settings.orderPaymentWindowMinutes * 60) {
    const isMargin = changes.paymentExpiryMarginSeconds !== undefined;
    throw new AppError('validation_failed', {
      field: isMargin ? '/paymentExpiryMarginSeconds' : '/orderPaymentWindowMinutes',
      detail: 'paymentExpiryMarginSeconds must be shorter than orderPaymentWindowMinutes.',
    });
  }
}
