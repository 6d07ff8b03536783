import { addonPriceEffects, hasNothingToWaitFor, isTried } from '../lifecycle/addon-rules';
import { prepend } from '../lifecycle/decision-rules';
import type { Decision } from '../lifecycle/decision-types';
import { isFree, isInPeriod, withItem, withoutPeriods } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import { issueAll, takeBackAhead } from '../charges/period-billing';
import { beginAddon } from '../charges/service-start';
import { hasChargeInFlight, roleFor } from '../lifecycle/subscription-invoice-rules';
import type { AddonInPeriod, AddonItem, PeriodicAddonTerms, Subscription } from '../lifecycle/subscription-types';
import { chargeInFlight, wrongState } from '../lifecycle/telling-rules';
import {
  heldToInstant,
  isRemovalWaiting,
  itemKeyOf,
  withChanges,
  withoutWaiting,
} from '../lifecycle/waiting-change-rules';
import { changeAddonAtOnce, issuedAgain } from './addon-change-decider';
import { type ChangeOptions, requireProratable, settleOld } from './change-decider';
import { requireChangeable } from './plan-change-decider';

/**
 * Another price of an add-on holds from now on; what it costs and gives back of its period is billed as another quantity is.
 * One that cost nothing begins its periods here, one that is to cost nothing ends them.
 * @throws AppError subscription_state, subscription_past_due, charge_in_flight, proration_unavailable
 */
export function addonPriceAtOnce(
  state: Subscription,
  item: AddonItem,
  terms: PeriodicAddonTerms,
  options: ChangeOptions,
): Decision {
  const changed = withItem(state, item.key, { terms });
  const told = addonPriceEffects(state, changed);

  if (isTried(state, item)) {
    return { state: changed, effects: told };
  }
  requirePaidFor(state, item);

  if (!isInPeriod(item)) {
    return prepend(
      told,
      isFree({ terms }) ? { state: changed, effects: [] } : beginToCost(state, item, terms, options),
    );
  }
  requireProratable(item, { terms }, options.behavior);

  return prepend(
    told,
    isFree({ terms })
      ? costNothing(state, item, terms, options)
      : changeAddonAtOnce(state, item, { terms, quantity: item.quantity }, options),
  );
}

/** @throws AppError subscription_state, subscription_past_due, charge_in_flight */
function requirePaidFor(state: Subscription, item: AddonItem): void {
  if (state.status !== 'trial') {
    requireChangeable(state);
  } else if (hasChargeInFlight(state)) {
    throw chargeInFlight();
  }

  if (item.status === 'pending') {
    throw wrongState(state, 'The add-on is not paid for yet.');
  }
}

/** Its first period begins here, and is asked for as any other: who has it goes on having it. */
function beginToCost(
  state: Subscription,
  before: AddonItem,
  terms: PeriodicAddonTerms,
  { policy, at, behavior }: ChangeOptions,
): Decision {
  const { item, parts } = beginAddon(state, { ...before, terms }, at, policy);
  const next = withItem(state, item.key, item);
  const effects = issueAll(next, parts, 'addon', policy, roleFor([item.key]));

  return billedBy(behavior, { state: next, effects }, { before: state, policy, now: at });
}

/** Its periods end here, and what waits for the end of this one is so at once, or has nothing to wait for. */
function costNothing(
  state: Subscription,
  before: AddonInPeriod,
  terms: PeriodicAddonTerms,
  { policy, at }: ChangeOptions,
): Decision {
  if (isRemovalWaiting(state, before.key)) {
    throw wrongState(state, 'The add-on is to be removed at the end of its period: take that back first.');
  }
  const { key } = before;
  const taken = takeBackAhead(state, 'reissue', [key]);
  const { quantity } = withChanges(before, taken.state.waitingChanges);
  const left = withItem(taken.state, key, { terms, quantity, ...withoutPeriods });
  // A free tier that is cancelled ends when its last add-on would have.
  const held = hasNothingToWaitFor(left) ? heldToInstant(taken.state) : taken.state;
  const next = withoutWaiting(
    withItem(held, key, { terms, quantity, ...withoutPeriods }),
    (change) => itemKeyOf(change) === key,
  );
  const settled = billedBy(
    undefined,
    { state: next, effects: settleOld(state, before, at, policy) },
    { before: state, policy, now: at },
  );

  return {
    state: settled.state,
    effects: [...taken.effects, ...settled.effects, ...issuedAgain(state, settled.state, before, policy)],
  };
}
