import type { BillingCycle } from '../../calendar/billing-period-rules';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import { addonsOf, isAddonKey, isInPeriod, planOf } from '../lifecycle/item-rules';
import type {
  AddonItem,
  AddonKey,
  BillingSchedule,
  ItemInPeriod,
  ItemKey,
  Subscription,
  SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import {
  alignedPeriod,
  endOfPeriods,
  type Service,
  type StartedPeriod,
  wholePeriod,
  wholePeriodAt,
} from '../schedule/billing-schedule-calendar';
import { endOfItem } from '../schedule/subscription-deadline-rules';

/** What the periods of an item are made from. */

/**
 * An add-on ends with its subscription, and changes periods at its hour, so that what is due on one day is due at one instant
 * (D27).
 */
export function serviceOf(
  state: Subscription,
  { key, terms, endsAt }: { key: ItemKey; terms: { billingCycle: BillingCycle }; endsAt: number | null },
): Service {
  const { timeZone, activatedAt } = state;
  const service = { timeZone, billingCycle: terms.billingCycle };

  return isAddonKey(key)
    ? {
        ...service,
        endsAt: endOfItem(state, { key, endsAt }),
        hourOf: planOf(state).schedule?.anchorAt ?? activatedAt ?? undefined,
      }
    : { ...service, endsAt };
}

/** The whole period that an item's current one is part of. */
export function wholeOf(state: Subscription, item: ItemInPeriod): InstantSpan {
  return wholePeriodAt({ ...serviceOf(state, item), ...item.schedule }, item.schedule.periodIndex);
}

/** What of an add-on its periods depend on. */
interface AddonSchedule {
  key: AddonKey;
  terms: { billingCycle: BillingCycle };
  endsAt: number | null;
}

/**
 * When the term of an add-on ends that begins at an instant: so many whole periods on, whatever its first one is aligned to;
 * null: it has none.
 */
export function termEndFrom(from: number, state: Subscription, { key, terms }: AddonItem): number | null {
  const { billingCycle, termPeriods } = terms;

  if (billingCycle === null || termPeriods === undefined) {
    return null;
  }
  const service = serviceOf(state, { key, terms: { billingCycle }, endsAt: null });

  return endOfPeriods({ ...service, ...wholePeriod(from, service).schedule }, termPeriods - 1);
}

/**
 * The first period of an add-on, or the first of another length: a whole one, or a stub up to the next boundary of what it is
 * bought for, as the company has it.
 */
export function addonPeriodFrom(
  from: number,
  state: Subscription,
  { key, terms: { billingCycle }, endsAt }: AddonSchedule,
  { addonAlignTo }: Pick<SubscriptionPolicy, 'addonAlignTo'>,
): StartedPeriod {
  const service = serviceOf(state, { key, terms: { billingCycle }, endsAt });
  const other = addonAlignTo === 'subscription' ? scheduleToFollow(state, key) : null;

  return other === null ? wholePeriod(from, service) : alignedPeriod(from, service, other);
}

/** That of the plan; where it is free, of the add-on that was bought first. */
function scheduleToFollow(state: Subscription, key: AddonKey): BillingSchedule | null {
  const first = addonsOf(state).find((item) => item.key !== key && isInPeriod(item));

  return planOf(state).schedule ?? first?.schedule ?? null;
}
