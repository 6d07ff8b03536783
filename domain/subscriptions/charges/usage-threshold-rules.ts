import { dueAfter } from './due-date-calendar';
import type { Decision, MeteredStretch } from '../lifecycle/decision-types';
import { firstInvoiceOf, roleFor } from '../lifecycle/subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { payloadOf } from '../lifecycle/telling-rules';
import { runningStretches } from './metering-rules';

/** Usage that comes to an amount while its period runs is billed at once; the end of the period bills the difference. */

type Thresholds = Pick<SubscriptionPolicy, 'usageThresholds'>;

/** Minor units before tax: of the subscription, else of the company for its currency; null: usage waits for its period. */
export function usageThresholdOf(
  { usageThreshold, currency }: Pick<Subscription, 'usageThreshold' | 'currency'>,
  { usageThresholds }: Thresholds,
): number | null {
  const amount = usageThreshold ?? usageThresholds[currency] ?? 0;

  return amount === 0 ? null : amount;
}

/** What may be billed of it early: nothing before its first invoice is paid, which it may end without, and while collection is paused. */
export function stretchesToBillEarly(state: Subscription, policy: Thresholds): MeteredStretch[] {
  return usageThresholdOf(state, policy) === null || firstInvoiceOf(state) !== null || state.collectionPause !== null
    ? []
    : runningStretches(state).map((stretch) => ({ ...stretch, isRunning: true }));
}

/** Whether what is used so far may be billed early since a step, and not before it: looks that came meanwhile found nothing. */
export function mayBillEarlySince(before: Subscription, after: Subscription, policy: Thresholds): boolean {
  return stretchesToBillEarly(before, policy).length === 0 && stretchesToBillEarly(after, policy).length > 0;
}

/**
 * An invoice of what is used and not billed, where that has reached the threshold; null where it has not.
 * @param unbilled of `stretchesToBillEarly`, minor units before tax
 */
export function billEarly(
  state: Subscription,
  unbilled: number,
  policy: Thresholds & Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision | null {
  const threshold = usageThresholdOf(state, policy);
  const usage = stretchesToBillEarly(state, policy);

  if (threshold === null || usage.length === 0 || unbilled < threshold) {
    return null;
  }
  const payload = { ...payloadOf(state), threshold, unbilledAmount: unbilled };

  return {
    state,
    effects: [
      { type: 'event', name: 'subscription.usage_threshold.reached', payload },
      {
        type: 'issue',
        purpose: 'usage',
        lines: [],
        usage,
        dueAt: dueAfter(state, policy, now),
        nextBillingAt: null,
        as: roleFor(usage.map(({ item }) => item)),
      },
    ],
  };
}
