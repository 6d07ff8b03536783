import { at, type InvoiceRow, type Snapshot } from '../snapshot';
import type { Invariant } from './known';

/** Whether an invoice was made in a pause of collection that does this with it, as events tell. */
const isOfPause = ({ events }: Pick<Snapshot, 'events'>, { created_at: made }: InvoiceRow, behavior: string) =>
  events.some(
    ({ type, payload, occurred_at: since }) =>
      type === 'subscription.collection.paused' && payload['behavior'] === behavior && at(since) <= at(made),
  );

/** It was void as it was made: nobody is to pay for its service. */
export const isLetOff = (snapshot: Pick<Snapshot, 'events'>, invoice: InvoiceRow): boolean =>
  invoice.status === 'void' && invoice.voided_at === invoice.created_at && isOfPause(snapshot, invoice, 'void');

/** It was given up as it was made. */
export const isGivenUpAtOnce = (snapshot: Pick<Snapshot, 'events' | 'runs'>, invoice: InvoiceRow): boolean =>
  invoice.status === 'uncollectible' &&
  snapshot.runs.every((run) => run.invoice_id !== invoice.id) &&
  isOfPause(snapshot, invoice, 'mark_uncollectible');

/** Of what is billed while nobody is asked for it. */
export const collectionInvariants: Invariant[] = [
  {
    rule: 'nobody is asked for what is billed while collection is paused',
    holds: ({ snapshot }) => {
      const { subscription, invoices, payments } = snapshot;
      const since = subscription.collection_paused_at;

      return since === null
        ? []
        : invoices
            .filter((invoice) => at(invoice.created_at) > at(since) && invoice.total_amount > 0)
            .filter(
              ({ id, status, balance_applied: applied }) =>
                status === 'open' ||
                applied > 0 ||
                payments.some((one) => one.invoice_id === id && one.payment_method_id !== null),
            )
            .map((one) => `invoice ${one.id} ${one.status} of ${one.created_at}, paused since ${since}`);
    },
  },
  {
    rule: 'drafts are kept while collection is paused, and have neither number nor due date',
    holds: ({ snapshot: { subscription, invoices } }) =>
      invoices
        .filter(({ status }) => status === 'draft')
        .filter(
          (one) =>
            subscription.collection_paused_at === null ||
            one.invoice_number !== null ||
            one.due_date !== null ||
            one.paid_amount + one.balance_applied + one.credited_amount > 0,
        )
        .map((one) => JSON.stringify(one)),
  },
  {
    rule: 'each pause of collection, and each end of one, is told',
    holds: ({ snapshot: { history, events, notices } }) => {
      const told = [
        history.filter(({ action }) => action === 'collection_changed').length,
        events.filter(({ type }) => type.startsWith('subscription.collection.')).length,
        notices.filter(({ kind }) => kind === 'collection_paused' || kind === 'collection_resumed').length,
      ];

      return new Set(told).size === 1 ? [] : [`history, events, notices: ${told.join(', ')}`];
    },
  },
];
