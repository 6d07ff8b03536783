import { addonPayload } from './addon-rules';
import { inTurn } from './decision-rules';
import type { Decision, SubscriptionEffect } from './decision-types';
import { addonsOf, planOf } from './item-rules';
import { takeBackAhead } from '../charges/period-billing';
import type { AddonItem, AddonKey, Subscription } from './subscription-types';
import { isoOf } from './telling-rules';
import { isRemovalWaiting, itemKeyOf, withoutWaiting } from './waiting-change-rules';

/** Add-ons end, and what waits for them, or was billed ahead for them, with them; the plan goes on. */
export function endAddons(
  state: Subscription,
  keys: readonly AddonKey[],
  { status, at, reason }: { status: 'removed' | 'expired'; at: number; reason: string },
): Decision {
  const ended = addonsOf(state).filter(({ key }) => keys.includes(key));
  const taken = takeBackAhead(state, 'reissue', keys);
  const left = addonsOf(state).filter(({ key }) => !keys.includes(key));
  const free = withoutWaiting(taken.state, (change) => ended.some(({ key }) => key === itemKeyOf(change)));

  return {
    state: { ...free, items: [planOf(state), ...left] },
    effects: [
      ...taken.effects,
      ...ended.flatMap((item): SubscriptionEffect[] => [
        { type: 'end_addon', item: item.key, status, at, reason },
        {
          type: 'event',
          name: status === 'removed' ? 'addon.removed' : 'addon.expired',
          payload: { ...addonPayload(state, item), status, reason, endedAt: isoOf(at) },
        },
        { type: 'history', action: 'addons_changed', details: `${item.terms.addonName} ${status}: ${reason}` },
      ]),
    ],
  };
}

/** Why one is over whose term is. */
export const addonTermEnded = 'its term ended';

/** The last periods of add-ons are over: they have come to the end of their terms, but for what was to be removed, or goes with a free tier. */
export function endAtPeriodEnd(state: Subscription, ending: readonly AddonItem[], at: number): Decision {
  const isTermOver = ({ key, endsAt }: AddonItem) => endsAt !== null && endsAt <= at && !isRemovalWaiting(state, key);
  const keysOf = (isMeant: (item: AddonItem) => boolean) => ending.filter(isMeant).map(({ key }) => key);

  return inTurn(
    state,
    (open) => endAddons(open, keysOf(isTermOver), { status: 'expired', at, reason: addonTermEnded }),
    (open) =>
      endAddons(
        open,
        keysOf((item) => !isTermOver(item)),
        { status: 'removed', at, reason: 'at the end of its period' },
      ),
  );
}
