import type { InstantSpan } from '../../calendar/zoned-calendar';
import {
  firstPeriod,
  otherSchedule,
  periodFrom,
  serviceOf,
  type StartedPeriod,
  wholePeriodAt,
} from './billing-schedule-calendar';
import type { Decision, EffectOf, InvoicePurpose, IssueLine, SubscriptionEffect } from './decision-types';
import { isFree, isInPeriod, planOf, withItem } from './item-rules';
import { DAY_MS, isLastPeriod } from './subscription-deadline-rules';
import { invoiceAheadOf, withoutInvoice } from './subscription-invoice-rules';
import type {
  InvoiceRole,
  ItemInPeriod,
  Subscription,
  SubscriptionItem,
  SubscriptionPolicy,
} from './subscription-types';
import { isOfTerms, waitingForPeriodEnd, withChanges, withoutWaiting } from './waiting-change-rules';

/** What periods of items bill: the invoice of a stretch of service, and those issued ahead of a boundary (D18). */

interface Stretch {
  service: InstantSpan;
  /** The whole period that measures it. */
  denominator: InstantSpan;
}

/** The invoice of a stretch of an item's service, due so many days after its start (in arrears: after its end). */
export function issueFor(
  { billingTiming }: Subscription,
  item: SubscriptionItem,
  { service, denominator }: Stretch,
  { purpose, as }: { purpose: InvoicePurpose; as: InvoiceRole },
  { invoiceDueDays }: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
): EffectOf<'issue'> {
  const { key, terms, quantity } = item;
  const line: IssueLine = { item: key, layer: 0, terms, quantity, unitPrice: terms.amount, service, denominator };
  const from = billingTiming === 'in_arrears' ? service.endsAt : service.startsAt;

  return {
    type: 'issue',
    purpose,
    lines: [line],
    dueAt: from + invoiceDueDays * DAY_MS,
    nextBillingAt: service.endsAt,
    as,
  };
}

export const current: InvoiceRole = { role: 'current' };

/** The whole period that an item's current one is part of. */
export function wholeOf(state: Subscription, item: ItemInPeriod): InstantSpan {
  return wholePeriodAt({ ...serviceOf(item, state), ...item.schedule }, item.schedule.periodIndex);
}

/** Service of the plan that is paid begins: the first period, and its invoice (in advance). */
export function beginService(state: Subscription, from: number, as: InvoiceRole, policy: SubscriptionPolicy): Decision {
  const plan = planOf(state);
  const { denominator, ...started } = firstPeriod(
    from,
    serviceOf(plan, state),
    plan.wantedAnchorDay,
    policy.billingTime,
  );
  const begun = withItem(state, plan.key, started);
  const service = started.period;
  const isBilled = state.billingTiming === 'in_advance' && service.endsAt > service.startsAt;

  return {
    state: begun,
    effects: isBilled
      ? [issueFor(begun, planOf(begun), { service, denominator }, { purpose: 'first', as }, policy)]
      : [],
  };
}

/**
 * An item as it is right after its current period, with the changes that wait for then, and the whole period that measures
 * its new one; one that costs nothing from there has none.
 */
export function afterBoundary(
  state: Subscription,
  item: ItemInPeriod,
  policy: SubscriptionPolicy,
): { next: ItemInPeriod; denominator: InstantSpan } {
  const changed = withChanges(item, waitingForPeriodEnd(state));
  const { denominator, ...started } = continued(state, { before: item, changed, at: item.period.endsAt }, policy);

  return { next: { ...changed, ...started }, denominator };
}

function continued(
  state: Subscription,
  { before, changed, at }: { before: ItemInPeriod; changed: SubscriptionItem; at: number },
  policy: SubscriptionPolicy,
): StartedPeriod {
  const scheduled = { ...serviceOf(changed, state), ...before.schedule };

  return before.terms.billingCycle === changed.terms.billingCycle
    ? periodFrom(at, scheduled, before.schedule.periodIndex + 1)
    : otherSchedule(at, scheduled, { ...policy.change, billingTime: policy.billingTime });
}

/** What waited for the boundary has happened to the item. */
export function withoutTermChanges(state: Subscription, item: SubscriptionItem): Subscription {
  return withoutWaiting(state, (change) => isOfTerms(change) && 'item' in change && change.item === item.key);
}

/** The invoice of the next period, issued ahead of its boundary, is taken back: void, or credited when it is paid. */
export function takeBackAhead(state: Subscription, reason: 'reissue' | 'cancellation'): Decision {
  const ahead = invoiceAheadOf(state);

  return ahead === null
    ? { state, effects: [] }
    : {
        state: withoutInvoice(state, ahead.invoiceId),
        effects: [{ type: 'reverse', invoiceId: ahead.invoiceId, reason }],
      };
}

/** The invoice of the plan's next period, for what holds then; none where nothing will be billed for it. */
export function issueAhead(state: Subscription, policy: SubscriptionPolicy): SubscriptionEffect[] {
  const plan = planOf(state);

  if (!isInPeriod(plan) || isLastPeriod(state, plan)) {
    return [];
  }
  const { next, denominator } = afterBoundary(state, plan, policy);
  const stretch = { service: next.period, denominator };

  return isFree(next) ? [] : [issueFor(state, next, stretch, { purpose: 'renewal', as: { role: 'ahead' } }, policy)];
}
