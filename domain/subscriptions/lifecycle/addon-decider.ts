import { addonPayload } from './addon-rules';
import type { Decision, SubscriptionEffect } from './decision-types';
import { addonsOf, planOf } from './item-rules';
import { takeBackAhead } from '../charges/period-billing';
import type { AddonKey, Subscription } from './subscription-types';
import { isoOf } from './telling-rules';
import { itemKeyOf, withoutWaiting } from './waiting-change-rules';

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
