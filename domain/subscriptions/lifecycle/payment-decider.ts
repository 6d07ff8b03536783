import { endAddons } from './addon-decider';
import { activateAddons, awaitingFirstPayment } from './addon-rules';
import { inTurn, prepend } from './decision-rules';
import type { Decision, SubscriptionEffect } from './decision-types';
import { withDiscountsGivenBack } from '../charges/discount-rules';
import { afterFailure, lateWith, runOf, withRun } from './dunning-decider';
import { addonsOf } from './item-rules';
import { isEnded } from '../schedule/subscription-deadline-rules';
import {
  dunningOfPlan,
  firstInvoiceOf,
  hasPayBy,
  type InvoiceAs,
  invoiceOf,
  isOfAddons,
  unpaidInvoice,
  unpaidInvoices,
  withoutInvoice,
  withUnpaid,
} from './subscription-invoice-rules';
import type { Subscription, SubscriptionInvoice, SubscriptionPolicy } from './subscription-types';
import { isoOrNull, payloadOf, payloadOfInvoice, pricedOfInvoice, updatedEvent } from './telling-rules';

export interface PaymentResult {
  paymentId: number;
  invoiceId: number;
  /** `paid`: nothing is due of the invoice any more. `received`: money came, but it changes nothing here. */
  outcome: 'paid' | 'received' | 'failed';
  /** Of a saved method, by ourselves; a customer who tries by hand and fails starts no dunning. */
  isOffSession: boolean;
  isHardDecline: boolean;
  reason: string | null;
}

/** Takes the definite answer about a payment of this subscription in (S210, S211, D17, D23). */
export function decidePayment(
  state: Subscription,
  result: PaymentResult,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const charged = unpaidInvoices(state).find(({ unpaid }) => unpaid.chargeInFlight === result.paymentId);
  const answered =
    charged === undefined ? state : withUnpaid(state, charged.invoiceId, { chargeInFlight: null, askAt: null });

  switch (result.outcome) {
    case 'paid':
      return afterSettled(answered, result.invoiceId, 'paid', now);
    case 'received':
      return { state: answered, effects: [] };
    case 'failed':
      return afterFailed(answered, result, policy, now);
  }
}

/**
 * Nothing is due of an invoice any more: its dunning ends, and with the last one the subscription is healed. Only what is
 * paid, by money or account credit, activates and is told as received; a first invoice that is credited or void leaves
 * the deadline of the first payment as it was (D17).
 */
export function afterSettled(
  state: Subscription,
  invoiceId: number,
  how: 'paid' | 'credited' | 'void',
  now: number,
): Decision {
  const invoice = invoiceOf(state, invoiceId);
  const wasDunned = runOf(state, invoiceId) !== undefined;
  const isPaid = how === 'paid';
  const isOfPlan = invoice !== undefined && !isOfAddons(invoice);
  const isActivating = isPaid && isOfPlan && state.activatedAt === null && !isEnded(state);
  const left = invoice === undefined ? [] : keptOf(invoice, how, now);
  const without = withoutInvoice(how === 'void' ? withDiscountsGivenBack(state, invoiceId) : state, invoiceId);
  const settled: Subscription = {
    ...without,
    invoices: [...without.invoices.map((one) => (isActivating ? asCurrent(one) : one)), ...left],
    activatedAt: isActivating ? now : state.activatedAt,
    pendingItems:
      how === 'void' && invoice?.role === 'ahead' ? [...state.pendingItems, ...invoice.pending] : state.pendingItems,
  };
  const addons =
    invoice?.role === 'addons'
      ? afterPurchase(settled, invoice, how, now)
      : isActivating
        ? activateAwaiting(settled, now)
        : { state: settled, effects: [] };
  const healed = heal(addons.state);
  const effects: SubscriptionEffect[] = [
    ...(wasDunned
      ? [{ type: 'dunning_closed' as const, invoiceId, status: isPaid ? ('recovered' as const) : ('stopped' as const) }]
      : []),
    ...(isActivating
      ? [{ type: 'event' as const, name: 'subscription.activated' as const, payload: payloadOf(state) }]
      : []),
    ...addons.effects,
    ...healed.effects,
    ...(isPaid
      ? [
          {
            type: 'notice' as const,
            kind: 'payment_received' as const,
            data: payloadOfInvoice(state, invoiceId),
            of: pricedOfInvoice(state, invoiceId),
          },
        ]
      : []),
  ];

  return { state: healed.state, effects };
}

/** It costs nothing but what is used, so nothing is to be paid before it counts (D17). */
export function activate(state: Subscription, now: number): Decision {
  return state.activatedAt !== null || isEnded(state)
    ? { state, effects: [] }
    : prepend(
        [{ type: 'event', name: 'subscription.activated', payload: payloadOf(state) }],
        inTurn({ ...state, activatedAt: now }, (open) => activateAwaiting(open, now), heal),
      );
}

/** Add-ons that were bought with the plan count with it (D27). */
const activateAwaiting = (state: Subscription, now: number): Decision =>
  activateAddons(
    state,
    awaitingFirstPayment(state).map(({ key }) => key),
    now,
  );

/** Add-ons that waited for their invoice count from its payment; without one they are over (D27). */
function afterPurchase(
  state: Subscription,
  { invoiceId, items, payBy }: InvoiceAs<'addons'>,
  how: 'paid' | 'credited' | 'void',
  now: number,
): Decision {
  const pending = addonsOf(state).filter(({ key, status }) => items.includes(key) && status === 'pending');

  if (how === 'paid') {
    // Paid while they were ending: nothing is left that it could be for.
    return payBy !== null && pending.length === 0
      ? { state, effects: [{ type: 'reverse', invoiceId, reason: 'cancellation' }] }
      : activateAddons(state, items, now);
  }

  return endAddons(
    state,
    pending.map(({ key }) => key),
    { status: 'expired', at: now, reason: `its invoice was ${how}` },
  );
}

/** What still depends on an invoice that nothing is due of: the first payment, and the boundary of one ahead. */
function keptOf(invoice: SubscriptionInvoice, how: 'paid' | 'credited' | 'void', now: number): SubscriptionInvoice[] {
  switch (invoice.role) {
    case 'first':
      return how === 'paid' ? [] : [{ ...invoice, unpaid: null, payBy: invoice.payBy ?? invoice.unpaid?.dueAt ?? now }];
    case 'ahead':
      return how === 'void' ? [] : [{ ...invoice, unpaid: null }];
    case 'addons':
    case 'current':
      return [];
  }
}

/** Activated by another one, it is asked for as any other. */
function asCurrent(invoice: SubscriptionInvoice): SubscriptionInvoice {
  const { invoiceId, unpaid } = invoice;

  return invoice.role === 'first' ? { role: 'current', invoiceId, unpaid } : invoice;
}

/** A subscription that is past due and owes nothing any more is active again. */
function heal(state: Subscription): Decision {
  const owes = dunningOfPlan(state).length > 0 || (firstInvoiceOf(state)?.unpaid ?? null) !== null;

  if (state.status !== 'past_due' || owes) {
    return { state, effects: [] };
  }

  return {
    state: { ...state, status: 'active' },
    effects: [
      updatedEvent(state, ['status']),
      { type: 'history', action: 'status_changed', details: 'nothing is due any more' },
    ],
  };
}

function afterFailed(
  state: Subscription,
  { invoiceId, isOffSession, isHardDecline, reason }: PaymentResult,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const invoice = unpaidInvoice(state, invoiceId);

  if (!isOffSession || invoice === undefined) {
    return { state, effects: [] };
  }
  const data = { ...payloadOfInvoice(state, invoiceId), reason };
  const of = pricedOfInvoice(state, invoiceId);

  if (isEnded(state) && (state.activatedAt === null || (invoice.role === 'addons' && invoice.payBy !== null))) {
    return { state: withoutInvoice(state, invoiceId), effects: [{ type: 'reverse', invoiceId, reason: 'void' }] };
  }

  // Its tries have ended, and are not begun again: one more has failed.
  if (invoice.unpaid.isLeft === true) {
    return { state, effects: [{ type: 'notice', kind: 'payment_failed', data, of }] };
  }

  if (hasPayBy(invoice)) {
    const late = lateWith(state, invoiceId);

    return { state: late.state, effects: [{ type: 'notice', kind: 'payment_failed', data, of }, ...late.effects] };
  }
  const earlier = runOf(state, invoiceId);
  const run = afterFailure(
    {
      invoiceId,
      firstFailedAt: earlier?.firstFailedAt ?? now,
      attempts: (earlier?.attempts ?? 0) + 1,
      isHard: isHardDecline,
      endsAt: earlier?.endsAt ?? null,
    },
    state,
    policy,
    now,
  );
  const late = lateWith(withRun(state, run), invoiceId);

  return {
    state: late.state,
    effects: [
      ...(earlier === undefined
        ? [{ type: 'dunning_attempt' as const, invoiceId, attempt: 1, kind: 'charge' as const }]
        : []),
      { type: 'notice', kind: 'payment_failed', data: { ...data, nextAttemptAt: isoOrNull(run.nextAttemptAt) }, of },
      ...late.effects,
    ],
  };
}
