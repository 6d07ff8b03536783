import type { TenantSql } from '../../../platform/db/database';
import { measureUsage } from '../../usage/billing/measure-usage';
import { askForLook, takeLooks } from '../../usage/thresholds/threshold-looks';
import { billEarly, stretchesToBillEarly } from '../charges/usage-threshold-rules';
import type { Decision } from '../lifecycle/decision-types';
import { type LoadedSubscription, type LockedSubscription, loadSubscription } from '../row/lock-subscription';

/**
 * Whether what a subscription has used and not been billed for has reached its threshold. The looks noted for it are taken;
 * where it has, one is left until the step that bills has taken it, so that nothing is lost between the two.
 * @throws AppError not_found, amount_out_of_range
 */
export async function lookAtUsage(
  tx: TenantSql,
  { subscriptionId, now }: { subscriptionId: number; now: Date },
): Promise<boolean> {
  await takeLooks(tx, subscriptionId);
  const isReached = (await decideEarlyUsage(tx, await loadSubscription(tx, subscriptionId, now))) !== null;

  if (isReached) {
    await askForLook(tx, subscriptionId);
  }

  return isReached;
}

/**
 * What is to be billed early of a subscription that the caller has locked; null where nothing is. Asked again, there is
 * nothing left: what is billed of each period is entered with the invoice.
 */
export async function takeEarlyUsage(tx: TenantSql, locked: LockedSubscription): Promise<Decision | null> {
  await takeLooks(tx, locked.state.id);

  return decideEarlyUsage(tx, locked);
}

async function decideEarlyUsage(tx: TenantSql, { state, policy, now }: LoadedSubscription): Promise<Decision | null> {
  const stretches = stretchesToBillEarly(state, policy);

  if (stretches.length === 0) {
    return null;
  }
  const { charges } = await measureUsage(tx, { subscriptionId: state.id, customerId: state.customerId }, stretches);
  const unbilled = charges.reduce((sum, { amount, usage }) => sum + (usage.isEarly === true ? amount : 0), 0);

  return billEarly(state, unbilled, policy, now.getTime());
}
