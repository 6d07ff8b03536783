import type { InvoiceRole, Subscription, SubscriptionInvoice, UnpaidInvoice } from './subscription-types';

/** The invoices of a subscription by their role. */

export type InvoiceAs<Role extends InvoiceRole['role']> = SubscriptionInvoice & { role: Role };
export type StillUnpaid = SubscriptionInvoice & { unpaid: UnpaidInvoice };

export function invoiceOf({ invoices }: Subscription, invoiceId: number): SubscriptionInvoice | undefined {
  return invoices.find((invoice) => invoice.invoiceId === invoiceId);
}

/** The one that the beginning waits for; null when nothing does. */
export function firstInvoiceOf({ invoices }: Subscription): InvoiceAs<'first'> | null {
  return invoices.find((invoice) => invoice.role === 'first') ?? null;
}

/** The one of the next period, issued before its boundary. */
export function invoiceAheadOf({ invoices }: Subscription): InvoiceAs<'ahead'> | null {
  return invoices.find((invoice) => invoice.role === 'ahead') ?? null;
}

export function unpaidInvoices({ invoices }: Subscription): StillUnpaid[] {
  return invoices.filter((invoice): invoice is StillUnpaid => invoice.unpaid !== null);
}

export function unpaidInvoice(state: Subscription, invoiceId: number): StillUnpaid | undefined {
  return unpaidInvoices(state).find((invoice) => invoice.invoiceId === invoiceId);
}

/** Whether a charge has been sent whose answer is not known: nothing may move the money under it (D20). */
export function hasChargeInFlight(state: Subscription): boolean {
  return unpaidInvoices(state).some(({ unpaid }) => unpaid.chargeInFlight !== null);
}

export function isInFlight(state: Subscription, invoiceId: number): boolean {
  return unpaidInvoice(state, invoiceId)?.unpaid.chargeInFlight != null;
}

export function withUnpaid(state: Subscription, invoiceId: number, fields: Partial<UnpaidInvoice>): Subscription {
  return {
    ...state,
    invoices: state.invoices.map((invoice) =>
      invoice.invoiceId === invoiceId && invoice.unpaid !== null
        ? { ...invoice, unpaid: { ...invoice.unpaid, ...fields } }
        : invoice,
    ),
  };
}

/** An invoice that is issued: nothing is due of one that credit has paid. */
export function withInvoice(
  state: Subscription,
  invoice: { invoiceId: number; dueAt: number; isUnpaid: boolean },
  as: InvoiceRole,
): Subscription {
  const { invoiceId, dueAt, isUnpaid } = invoice;
  const unpaid = isUnpaid ? { dueAt, isOverdueTold: false, chargeInFlight: null, askAt: null } : null;

  return { ...state, invoices: [...state.invoices, { ...as, invoiceId, unpaid }] };
}

/** Nothing depends on these invoices any more, and nobody is asked for them. */
export function withoutInvoices(state: Subscription, isGone: (invoice: SubscriptionInvoice) => boolean): Subscription {
  const gone = new Set(state.invoices.filter(isGone).map(({ invoiceId }) => invoiceId));

  return {
    ...state,
    invoices: state.invoices.filter(({ invoiceId }) => !gone.has(invoiceId)),
    dunning: state.dunning.filter(({ invoiceId }) => !gone.has(invoiceId)),
  };
}

export const withoutInvoice = (state: Subscription, invoiceId: number): Subscription =>
  withoutInvoices(state, (invoice) => invoice.invoiceId === invoiceId);

/** At its boundary it is asked for as any other. */
export function withAheadCurrent(state: Subscription): Subscription {
  return {
    ...state,
    invoices: state.invoices.flatMap(({ invoiceId, unpaid, ...as }): SubscriptionInvoice[] =>
      as.role !== 'ahead'
        ? [{ ...as, invoiceId, unpaid }]
        : unpaid === null
          ? []
          : [{ role: 'current', invoiceId, unpaid }],
    ),
  };
}
