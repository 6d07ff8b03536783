import type { AgreedPlan, Subscription } from '../lifecycle/subscription-types';

/** What is agreed on before a subscription begins. */
export type Agreement = Pick<
  Subscription,
  'quantity' | 'currency' | 'timeZone' | 'anchorDay' | 'endsAt' | 'billingTiming' | 'renewalLeadDays'
>;

/** A subscription right before its start, as `decideStart` takes it; on paper, without a row. */
export function unbegunSubscription(plan: AgreedPlan, agreement: Agreement): Subscription {
  return {
    id: 0,
    customerId: 0,
    status: 'active',
    plan,
    ...agreement,
    trialEnd: null,
    trialEndingTold: false,
    anchorAt: null,
    periodIndex: 0,
    period: null,
    collection: 'send_invoice',
    hasMethod: false,
    renewalInvoiceId: null,
    firstInvoice: null,
    activatedAt: null,
    cancelAtPeriodEnd: false,
    pauseAtPeriodEnd: false,
    scheduled: null,
    postponed: null,
    cancelledAt: null,
    cancellationReason: null,
    pausedAt: null,
    endedAt: null,
    unpaid: [],
    dunning: [],
  };
}
