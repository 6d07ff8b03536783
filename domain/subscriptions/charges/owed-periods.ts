import { dueAfter } from './due-date-calendar';
import { AppError } from '../../errors';
import type { Decision } from '../lifecycle/decision-types';
import { isInPeriod, isMeteredBy, nameOf, withItem } from '../lifecycle/item-rules';
import { withPeriodCounted } from '../schedule/phase-rules';
import { isLastPeriod } from '../schedule/subscription-deadline-rules';
import {
  type ItemInPeriod,
  planItem,
  type Subscription,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { wholeOf } from './item-schedule';
import { afterBoundary, type BilledPart, periodPart, withoutTermChanges } from './period-billing';

/** What is owed where service began before the moment that it is billed at. */

/** Periods of one item that one invoice may bill. */
const mostPeriods = 400;

/**
 * The item in each of its periods, from the one that it is in to the one that an instant lies in, or to its last; and the
 * subscription in that one, with the phases that have come.
 * @throws AppError invalid_date_sequence
 */
export function periodsUntil<Item extends ItemInPeriod>(
  begun: Subscription,
  first: Item,
  now: number,
  policy: SubscriptionPolicy,
): { periods: Item[]; state: Subscription } {
  const periods = [first];
  let state = begun;
  let item = first;

  while (item.period.endsAt <= now && !isLastPeriod(state, item)) {
    const { next } = afterBoundary(state, item, policy);
    const changed = withItem(withoutTermChanges(state, item, item.period.endsAt), next.key, next);
    state = next.key === planItem ? withPeriodCounted(changed) : changed;
    item = next;
    periods.push(item);

    if (periods.length > mostPeriods) {
      throw new AppError('invalid_date_sequence', {
        field: '/startsAt',
        detail: `Since then there are more than ${mostPeriods} periods, too many for one invoice.`,
      });
    }
  }

  return { periods, state };
}

/** An item's period as it is billed: measured by the whole one that it is part of. */
export function wholePart(state: Subscription, item: ItemInPeriod): BilledPart {
  return periodPart({ next: item, denominator: wholeOf(state, item) });
}

/** Invoices of what began before now: due from now on, billed again when the first period ends that runs, and with the usage of those that are over. */
export function owedNow(
  { state, effects }: Decision,
  parts: readonly BilledPart[],
  policy: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
  now: number,
): Decision {
  const keys = new Set(parts.map(({ item }) => item.key));
  const ends = state.items
    .filter(({ key }) => keys.has(key))
    .flatMap((item) => (isInPeriod(item) ? [item.period.endsAt] : []));
  const usage = parts
    .filter(({ item, service, isSetup }) => isMeteredBy(item.terms) && service.endsAt <= now && isSetup !== true)
    .map(({ item, service }) => ({ item: item.key, name: nameOf(item), meters: item.terms.meters ?? [], service }));

  return {
    state,
    effects: effects.map((effect) =>
      effect.type === 'issue'
        ? {
            ...effect,
            dueAt: Math.max(effect.dueAt, dueAfter(state, policy, now)),
            nextBillingAt: ends.length === 0 ? effect.nextBillingAt : Math.min(...ends),
            ...(usage.length === 0 ? {} : { usage }),
          }
        : effect,
    ),
  };
}
