import type { TenantTransaction } from '../../../platform/db/database';
import { updateSettings } from '../../companies/update-settings';
import { askForLooksOfCompany } from './threshold-looks';

/**
 * Changes settings of the transaction's company as `updateSettings` does; where thresholds of usage are among them, what is
 * used by now is compared with them, as it is where a subscription gets one of its own.
 * @throws AppError validation_failed
 */
export async function changeSettings(
  tx: TenantTransaction,
  input: Parameters<typeof updateSettings>[1],
): ReturnType<typeof updateSettings> {
  const changed = await updateSettings(tx, input);

  if (input.changes.usageThresholds !== undefined) {
    await askForLooksOfCompany(tx);
  }

  return changed;
}
