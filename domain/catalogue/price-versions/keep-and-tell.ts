import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import type { AddonRow } from '../addons/addon-row';
import type { PlanRow } from '../plans/plan-row';
import { pricesToKeep, recordPriceVersions } from './record-price-version';

/** A plan or an add-on before and after; null before: it is new. */
type Changed =
  | { kind: 'plan'; before: PlanRow | null; after: PlanRow }
  | { kind: 'addon'; before: AddonRow | null; after: AddonRow };

/**
 * What each change of a plan or an add-on ends with: what it costs from now on is kept as versions of its prices, and it is told.
 * @param input.payload what is told of it
 * @param input.changed the fields that are others now
 * @param input.userId who changes it; null: the installation itself
 */
export async function keepAndTell(
  tx: TenantTransaction,
  input: Changed & {
    payload: Record<string, unknown>;
    changed: readonly string[];
    userId: number | null;
    now: Date;
  },
): Promise<void> {
  const { kind, before, after, payload, changed, userId, now } = input;
  await recordPriceVersions(tx, {
    of: kind === 'plan' ? { planId: after.id } : { addonId: after.id },
    before: before === null ? [] : pricesOf(before),
    after: pricesOf(after),
    userId,
    now,
  });
  const told =
    before === null
      ? { type: `${kind}.created` as const, payload }
      : {
          type: `${kind}.updated` as const,
          payload: { ...payload, changed, previous: { price: before.price, currency: before.currency } },
        };
  await appendEvents(tx, { subject: `${kind}/${after.id}`, events: [told], now });
}

const pricesOf = (sold: PlanRow | AddonRow) =>
  pricesToKeep(sold, 'billingCycle' in sold ? sold.billingCycle : sold.billingPeriod);
