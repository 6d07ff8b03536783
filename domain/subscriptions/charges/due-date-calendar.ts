import { lastSecondOf, startOfNextDay } from '../../calendar/zoned-calendar';
import { dueDays } from '../lifecycle/subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { DAY_MS } from '../schedule/subscription-deadline-rules';

/**
 * When an invoice is due: so many days after an instant, by its payment terms; with none, by the end of that local day, as
 * nobody can pay before the invoice is there. Epoch milliseconds.
 */
export function dueAfter(
  state: Subscription,
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  from: number,
): number {
  const days = dueDays(state, policy);

  return days === 0
    ? Math.max(from, lastSecondOf({ endsAt: startOfNextDay(from, state.timeZone) }))
    : from + days * DAY_MS;
}
