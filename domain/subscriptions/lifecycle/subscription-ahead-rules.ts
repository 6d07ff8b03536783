import { isLastPeriod } from './subscription-deadline-rules';
import { afterBoundary, issueFor } from './subscription-rules';
import type { Subscription, SubscriptionEffect, SubscriptionPolicy } from './subscription-types';

/** The invoice of the next period, issued ahead of its boundary, is taken back: void, or credited when it is paid (D18). */
export function takeBackAhead(state: Subscription, reason: 'reissue' | 'cancellation'): SubscriptionEffect[] {
  return state.renewalInvoiceId === null ? [] : [{ type: 'reverse', invoiceId: state.renewalInvoiceId, reason }];
}

/** Takes it back and issues it again for what holds now, in one go (D18). */
export function reissueAhead(
  before: Subscription,
  after: Subscription,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const { next, denominator } = afterBoundary(after, policy);
  const isPaidFor = next.plan.amount > 0 && !isLastPeriod(after);

  return [
    ...takeBackAhead(before, 'reissue'),
    ...(isPaidFor ? [issueFor(next, 'renewal', next.period, denominator, policy, { role: 'renewal' })] : []),
  ];
}
