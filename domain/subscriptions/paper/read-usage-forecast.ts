import type { TenantSql } from '../../../platform/db/database';
import type { MeteredCharge } from '../../billing/invoices/metered-charge';
import { measureUsage } from '../../usage/billing/measure-usage';
import { runningStretches } from '../charges/metering-rules';
import { usageThresholdOf } from '../charges/usage-threshold-rules';
import type { LoadedSubscription } from '../row/lock-subscription';
import type { UsageForecast } from './forecast-types';
import { nothingUsed, usageKey } from './forecast-usage';

/**
 * What is not billed of what is used so far, and what of it a threshold bills once collection that is paused goes on.
 * @throws AppError amount_out_of_range
 */
export async function readUsageForecast(
  tx: TenantSql,
  { state, policy }: Pick<LoadedSubscription, 'state' | 'policy'>,
): Promise<UsageForecast> {
  if (state.isMetered !== true) {
    return nothingUsed;
  }
  const of = { subscriptionId: state.id, customerId: state.customerId };
  const running = runningStretches(state);
  const { charges } = await measureUsage(tx, of, running);
  const waits = state.collectionPause !== null && usageThresholdOf(state, policy) !== null;
  const early = waits
    ? await measureUsage(
        tx,
        of,
        running.map((stretch) => ({ ...stretch, isRunning: true })),
      )
    : null;
  const late = charges
    .filter(({ usage }) => usage.isLate)
    .map(({ meterName, service, owner, taxBehavior, amount }) => ({
      meterName,
      service,
      owner,
      taxBehavior,
      amount: BigInt(amount),
    }));

  return { running: byKey(charges), early: byKey(early?.charges ?? []), late };
}

/** Of the stretches that run. */
function byKey(charges: readonly MeteredCharge[]): Map<string, bigint> {
  return new Map(
    charges
      .filter(({ usage }) => !usage.isLate)
      .map(({ item, service, amount, usage }) => [usageKey(item, usage.meterId, service.startsAt), BigInt(amount)]),
  );
}
