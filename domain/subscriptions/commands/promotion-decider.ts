import { AppError } from '../../errors';
import { isOver } from '../../promotions/coupon-duration-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withDiscountEnds } from '../charges/discount-calendar';
import { isInPeriod, planOf } from '../lifecycle/item-rules';
import { issueAhead, takeBackAhead } from '../charges/period-billing';
import { aheadOf } from '../lifecycle/subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { redeemedEvent, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { findWaiting } from '../lifecycle/waiting-change-rules';
import { isFirstReplaceable, reissueFirst } from './change-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

/**
 * A promotion is applied from the next invoice on. One that is not asked for yet, of a next period, is issued again with it,
 * and so is the first one while nobody has paid it.
 * @throws AppError subscription_state; charge_in_flight by whoever carries it out
 */
export function applyPromotion(
  state: Subscription,
  { discount }: CommandOf<'apply_promotion'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (state.status === 'paused') {
    throw wrongState(state, 'Resume it first.');
  }

  if (findWaiting(state, 'cancel') !== undefined) {
    throw wrongState(state, 'It is cancelled for the end of its period: take that back first.');
  }
  const kept = state.discounts.filter(({ endsAt }) => endsAt === null || now < endsAt);
  const isCurrentBilled =
    state.billingTiming === 'in_advance' && isInPeriod(planOf(state)) && !isFirstReplaceable(state);
  const applied = withDiscountEnds({ ...state, discounts: [...kept, discount] }, now, isCurrentBilled);

  return issuedAgain(state, applied, { policy, now, told: [redeemedEvent(state, discount)] });
}

/**
 * A promotion is taken off no more, from the next invoice on. Its code stays used, unless nothing was ever paid.
 * @throws AppError not_found
 */
export function removePromotion(
  state: Subscription,
  { promotionCode }: CommandOf<'remove_promotion'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const removed = state.discounts.find((one) => one.code === promotionCode && !isOver(one, now));

  if (removed === undefined) {
    throw new AppError('not_found', {
      field: '/promotionCode',
      detail: `The subscription has no promotion ${promotionCode}.`,
    });
  }
  const { promotionId, code } = removed;
  const { id: subscriptionId, customerId } = state;
  const rest = { ...state, discounts: state.discounts.filter((one) => one !== removed) };
  const told: SubscriptionEffect[] = [
    ...(state.activatedAt === null ? [{ type: 'release_promotions' as const, promotionId, isTrialHad: true }] : []),
    { type: 'event', name: 'promotion.removed', payload: { promotionId, code, subscriptionId, customerId } },
  ];

  return issuedAgain(state, rest, { policy, now, told });
}

/** What is billed and not asked for yet, once more as it is now. */
function issuedAgain(
  before: Subscription,
  after: Subscription,
  { policy, now, told }: { policy: SubscriptionPolicy; now: number; told: readonly SubscriptionEffect[] },
): Decision {
  const changed = [...told, updatedEvent(after, ['discounts'])];

  if (isFirstReplaceable(before)) {
    const first = reissueFirst(after, policy, now);

    return { state: first.state, effects: [...changed, ...first.effects] };
  }
  const taken = takeBackAhead(after, 'reissue');
  const leaders = aheadOf(before).flatMap(({ items }) => after.items.find(({ key }) => items.includes(key)) ?? []);

  return {
    state: taken.state,
    effects: [...changed, ...taken.effects, ...leaders.flatMap((item) => issueAhead(taken.state, policy, item))],
  };
}
