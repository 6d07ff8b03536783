import { toShownSum } from '../../../platform/db/columns';
import type { TenantSql } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { measureUsage } from '../../usage/billing/measure-usage';
import { nameOf } from '../lifecycle/item-rules';
import { runningStretches } from '../charges/metering-rules';
import { usageThresholdOf } from '../charges/usage-threshold-rules';
import { loadSubscription } from '../row/lock-subscription';

/**
 * What a subscription will bill of usage as things stand now: of the stretches that run, and what came late to periods that are
 * billed, by the very rules that will bill it. Amounts in minor units before tax, times in the subscription's zone.
 * @throws AppError not_found, amount_out_of_range
 */
export async function readSubscriptionUsage(
  tx: TenantSql,
  { subscriptionId, now: machineNow }: { subscriptionId: number; now: Date },
) {
  const { state, policy, now } = await loadSubscription(tx, subscriptionId, machineNow);
  const { customerId, timeZone, currency } = state;
  const { charges } =
    state.isMetered === true
      ? await measureUsage(tx, { subscriptionId, customerId }, runningStretches(state))
      : { charges: [] };
  const zoned = (at: number) => formatInstant(new Date(at), timeZone);

  return {
    subscriptionId,
    customerId,
    currency,
    at: formatInstant(now, timeZone),
    usage: charges.map(({ item, service, amount: dueAmount, usage }) => ({
      item,
      itemName: state.items.filter(({ key }) => key === item).map(nameOf)[0] ?? null,
      ...usage,
      dueAmount,
      from: zoned(service.startsAt),
      to: zoned(service.endsAt),
    })),
    threshold: usageThresholdOf(state, policy),
    dueAmount: toShownSum(charges.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
  };
}
