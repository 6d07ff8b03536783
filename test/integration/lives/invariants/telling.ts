import { type Snapshot, sum } from '../snapshot';
import type { Invariant } from './known';

/** Steps of the history by what they changed; the entries that one step has left count once. */
function changesOf({ history }: Snapshot): { from: string | null; to: string }[] {
  return history.flatMap((entry, nth) => {
    const last = history[nth - 1];
    const isSameStep =
      last?.created_at === entry.created_at &&
      last.previous_status === entry.previous_status &&
      last.new_status === entry.new_status;

    return isSameStep ? [] : [{ from: entry.previous_status, to: entry.new_status }];
  });
}

const count = <Item>(items: readonly Item[], of: (item: Item) => boolean) => items.filter(of).length;

/** What is told of each change of status: the event, and the notice to the customer. */
const told = [
  { to: 'past_due', event: 'subscription.past_due', notice: 'subscription_past_due' },
  { to: 'paused', event: 'subscription.paused', notice: 'subscription_paused' },
  { to: 'expired', event: 'subscription.expired', notice: 'subscription_expired' },
] as const;

/** Of history, events and notices: they tell of one another. */
export const tellingInvariants: Invariant[] = [
  {
    rule: 'the history leads from the start to where it stands',
    holds: ({ snapshot }) => {
      const { history, subscription } = snapshot;
      const breaks = history.filter((entry, nth) => {
        const last = history[nth - 1];

        return (
          last !== undefined &&
          entry.previous_status !== last.new_status &&
          entry.previous_status !== last.previous_status
        );
      });
      const end = history.at(-1)?.new_status;

      return end === subscription.status && breaks.length === 0
        ? []
        : [
            `it is ${subscription.status}; ${history.map((one) => `${one.action} ${one.previous_status}→${one.new_status}`).join(', ')}`,
          ];
    },
  },
  {
    rule: 'each change of status has its event and its notice',
    holds: ({ snapshot }) =>
      told.flatMap(({ to, event, notice }) => {
        const times = count(changesOf(snapshot), (one) => one.to === to && one.from !== to);
        const events = count(snapshot.events, ({ type }) => type === event);
        const notices = count(snapshot.notices, ({ kind }) => kind === notice);

        return times === events && times === notices
          ? []
          : [`${to}: ${times} in the history, ${events} events, ${notices} notices`];
      }),
  },
  {
    rule: 'a notice of money tells of money',
    holds: ({ snapshot: { notices, payments, entries } }) => {
      const tellings = notices.filter(({ kind }) => kind === 'payment_received');

      return [...new Set(tellings.map(({ data }) => data['invoiceId']))].flatMap((invoiceId) => {
        const times = count(tellings, ({ data }) => data['invoiceId'] === invoiceId);
        const came =
          count(payments, (one) => one.invoice_id === invoiceId && one.paid_amount > 0) +
          count(entries, (one) => one.invoice_id === invoiceId && one.kind === 'applied');

        return times <= came ? [] : [`invoice ${String(invoiceId)}: told ${times} times, money came ${came} times`];
      });
    },
  },
  {
    rule: 'every document and every movement of money has its event',
    holds: ({ snapshot: { events, invoices, notes, payments, refunds } }) => {
      const has = (type: string, key: string, id: number) =>
        events.some((event) => event.type === type && event.payload[key] === id);

      return [
        ...invoices.filter(({ id }) => !has('invoice.created', 'invoiceId', id)).map(({ id }) => `invoice ${id}`),
        ...notes
          .filter(({ id }) => !has('credit_note.created', 'creditNoteId', id))
          .map(({ id }) => `credit note ${id}`),
        ...payments
          .filter(({ id, paid_amount: paid }) => paid > 0 && !has('payment.success', 'paymentId', id))
          .map(({ id }) => `payment ${id}`),
        ...refunds
          .filter(({ id, status }) => status === 'succeeded' && !has('payment.refunded', 'refundId', id))
          .map(({ id }) => `refund ${id}`),
      ];
    },
  },
  {
    rule: 'the last event of an invoice tells its status',
    holds: ({ snapshot: { events, invoices } }) =>
      invoices.flatMap(({ id, status }) => {
        const last = events.findLast(
          ({ type, payload }) =>
            type.startsWith('invoice.') && payload['invoiceId'] === id && payload['status'] !== undefined,
        );

        return last === undefined || last.payload['status'] === status
          ? []
          : [`invoice ${id} is ${status}, told ${String(last.payload['status'])}`];
      }),
  },
  {
    rule: 'events are numbered without gaps',
    holds: ({ snapshot: { events } }) => {
      const expected = sum(events, () => 1);

      return (events.at(-1)?.subject_seq ?? 0) === expected
        ? []
        : [`${expected} events, ${events.at(-1)?.subject_seq}`];
    },
  },
];
