import { addonsOf, planOf } from './item-rules';
import { firstInvoiceOf } from './subscription-invoice-rules';
import type { Subscription } from './subscription-types';

/** Whether what a subscription gives its customer may be another after a step than before it. */
export function mayGiveOther(before: Subscription, after: Subscription): boolean {
  return JSON.stringify(givenBy(before)) !== JSON.stringify(givenBy(after));
}

/** All that entitlements are read from, but for when they are known to end: a step is made then. */
function givenBy(state: Subscription) {
  const { terms, quantity } = planOf(state);

  return {
    status: state.status,
    planId: terms.planId,
    quantity,
    isActivated: state.activatedAt !== null,
    fallback: firstInvoiceOf(state)?.fallback ?? null,
    addons: addonsOf(state).map((item) => [item.key, item.status, item.quantity]),
    dunning: state.dunning.map(({ invoiceId }) => invoiceId),
  };
}
