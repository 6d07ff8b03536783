import {
  type InvoiceRole,
  type ItemKey,
  type KeptDraft,
  planItem,
  type Subscription,
  type SubscriptionInvoice,
  type SubscriptionPolicy,
  type UnpaidInvoice,
} from './subscription-types';

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

/** Those of next periods, issued before their boundary; of any of some items, or of all of them. */
export function aheadOf({ invoices }: Subscription, about?: readonly ItemKey[]): InvoiceAs<'ahead'>[] {
  return invoices
    .filter((invoice) => invoice.role === 'ahead')
    .filter(({ items }) => about === undefined || items.some((key) => about.includes(key)));
}

/** The one of the plan's next period. */
export function invoiceAheadOf(state: Subscription): InvoiceAs<'ahead'> | null {
  return aheadOf(state, [planItem])[0] ?? null;
}

/** Of add-ons that wait for it; they end when it is not paid by then. */
export type PurchaseInvoice = InvoiceAs<'addons'> & { payBy: number };

export function purchasesOf({ invoices }: Subscription): PurchaseInvoice[] {
  return invoices.filter((invoice): invoice is PurchaseInvoice => invoice.role === 'addons' && invoice.payBy !== null);
}

/** Of those that come to nothing, the ones that nobody needs: a boundary is held by its invoice, whatever that comes to. */
export function isLeftOutWhenEmpty({ role }: InvoiceRole): boolean {
  return role !== 'ahead';
}

/** Whether what it is for ends without it, at an instant of its own: its due date says nothing then. */
export function hasPayBy(invoice: InvoiceRole): boolean {
  return (invoice.role === 'first' || invoice.role === 'addons') && invoice.payBy !== null;
}

/** The items whose service it bills: of the next period, and what waited for it. */
const aboutOf = ({ items, pending }: Extract<InvoiceRole, { role: 'ahead' }>): readonly ItemKey[] => [
  ...items,
  ...pending.map(({ line }) => line.item),
];

/** Whether an invoice is about add-ons alone: what becomes of it does not concern the plan (D27). */
export function isOfAddons(invoice: InvoiceRole): boolean {
  return invoice.role === 'addons' || (invoice.role === 'ahead' && !aboutOf(invoice).includes(planItem));
}

/** The tries to be paid that the plan depends on. */
export function dunningOfPlan(state: Subscription): Subscription['dunning'] {
  return state.dunning.filter(({ invoiceId }) => {
    const invoice = invoiceOf(state, invoiceId);

    return invoice === undefined || !isOfAddons(invoice);
  });
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
  invoice: { invoiceId: number; startsAt: number | null; dueAt: number; isUnpaid: boolean },
  as: InvoiceRole,
): Subscription {
  const { invoiceId, startsAt, dueAt, isUnpaid } = invoice;
  const unpaid = isUnpaid ? { startsAt, dueAt, isOverdueTold: false, chargeInFlight: null, askAt: null } : null;

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

/** At the boundary of its items it is asked for as any other. */
export function withAheadCurrent(state: Subscription, keys: readonly ItemKey[]): Subscription {
  const ahead = aheadOf(state, keys);

  return {
    ...state,
    invoices: state.invoices.flatMap((invoice): SubscriptionInvoice[] => {
      const due = ahead.find(({ invoiceId }) => invoiceId === invoice.invoiceId);

      if (due === undefined) {
        return [invoice];
      }
      const { invoiceId, unpaid } = due;

      return unpaid === null ? [] : [{ ...roleFor(aboutOf(due)), invoiceId, unpaid }];
    }),
  };
}

/** Of what nobody waits for to begin: unpaid, it concerns the subscription, or the add-ons alone that it is about (D27). */
export function roleFor(keys: readonly ItemKey[]): InvoiceRole {
  return keys.includes(planItem)
    ? { role: 'current' }
    : { role: 'addons', items: keys.filter((key) => key !== planItem), payBy: null };
}

/** What it is kept as while collection is paused: of the items that `roleFor` takes its role from again. */
export function keptDraft(invoiceId: number, startsAt: number | null, as: InvoiceRole): KeptDraft {
  return { invoiceId, startsAt, items: as.role === 'addons' ? as.items : [planItem] };
}

/** Payment terms: of the subscription, else of its customer, else of the company; what is charged has the company's. */
export function dueDays(
  { collection, daysUntilDue, customerDaysUntilDue }: Subscription,
  { invoiceDueDays }: Pick<SubscriptionPolicy, 'invoiceDueDays'>,
): number {
  return collection === 'send_invoice' ? (daysUntilDue ?? customerDaysUntilDue ?? invoiceDueDays) : invoiceDueDays;
}
