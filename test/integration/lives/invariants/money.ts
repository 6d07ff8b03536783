import { at, type InvoiceRow, type PaymentRow, type Snapshot, sum } from '../snapshot';
import type { Invariant } from './known';

const isFinal = ({ status }: InvoiceRow) => ['open', 'paid', 'uncollectible'].includes(status);
const creditOf = ({ notes }: Snapshot, invoiceId: number) =>
  -sum(
    notes.filter((note) => note.invoice_id === invoiceId),
    (note) => note.total_amount,
  );
/** Money whose owner does not want it: it pays nothing and goes back as it came. */
const isUnwanted = ({ events }: Snapshot, payment: PaymentRow) =>
  events.some(({ type, payload }) => type === 'payment.refund_due' && payload['paymentId'] === payment.id);
const show = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row));

/** Of money, reckoned from rows alone: what came, what it pays, what went back. Minor units. */
export const moneyInvariants: Invariant[] = [
  {
    rule: 'an invoice is what was paid, applied, credited and is due of it, and paid when nothing is due',
    holds: ({ snapshot: { invoices } }) =>
      invoices
        .filter(
          (one) =>
            isFinal(one) &&
            (one.total_amount !== one.paid_amount + one.balance_applied + one.credited_amount + one.due_amount ||
              (one.status === 'paid') !== (one.due_amount === 0)),
        )
        .map(
          (one) =>
            `invoice ${one.id} ${one.status}: ${one.total_amount} ≠ ${one.paid_amount} paid + ${one.balance_applied} applied + ${one.credited_amount} credited + ${one.due_amount} due`,
        ),
  },
  {
    rule: 'documents are the sums of their lines, and no line is credited beyond its amount',
    holds: ({ snapshot: { invoices, lines, notes, noteLines } }) => [
      ...invoices.flatMap((invoice) => {
        const own = lines.filter((line) => line.invoice_id === invoice.id);
        const total = sum(own, ({ subtotal, tax, discount }) => subtotal + tax - discount);

        return total === invoice.total_amount
          ? []
          : [`invoice ${invoice.id}: ${invoice.total_amount} ≠ lines ${total}`];
      }),
      ...notes.flatMap((note) => {
        const own = noteLines.filter((line) => line.credit_note_id === note.id);
        const total = sum(own, ({ subtotal, tax, discount }) => subtotal + tax - discount);

        // Where a code had taken all of a line off, there is no money in giving it back.
        return total === note.total_amount && (total < 0 || (total === 0 && own.some(({ discount }) => discount < 0)))
          ? []
          : [`credit note ${note.id}: ${note.total_amount}, lines ${total}`];
      }),
      ...lines.flatMap((line) => {
        const credited = noteLines.filter((one) => one.invoice_line_id === line.id);
        const left = line.subtotal + sum(credited, ({ subtotal }) => subtotal);
        const taxLeft = line.tax + sum(credited, ({ tax }) => tax);

        return left < 0 || taxLeft < 0 ? [`line ${line.id}: ${left} and ${taxLeft} of tax are left`] : [];
      }),
    ],
  },
  {
    rule: 'money received is what invoices are worth, account credit, and what went back',
    holds: ({ snapshot }) => {
      const { invoices, payments, balance, entries } = snapshot;
      // Credit that a person gave, and that has expired or was paid out, is as money that came and went.
      const byHand = sum(
        entries.filter(({ kind }) => ['granted', 'expired', 'paid_out'].includes(kind)),
        ({ amount }) => amount,
      );
      const kept = sum(payments, (one) => one.paid_amount - one.refunded_amount) + byHand;
      const worth = sum(
        invoices.filter(isFinal),
        (one) => one.total_amount - one.due_amount - creditOf(snapshot, one.id),
      );
      // What a credit note takes of an invoice that nobody has paid was never due.
      const waiting = sum(
        payments.filter((one) => one.status === 'refund_due' || one.settled_at === null),
        (one) => one.paid_amount - one.refunded_amount,
      );

      return kept === worth + balance + waiting
        ? []
        : [`${kept} received and kept ≠ ${worth} of invoices + ${balance} of credit + ${waiting} on its way back`];
    },
  },
  {
    rule: 'by all roads together no more goes back for an invoice than came for it',
    holds: ({ snapshot }) =>
      snapshot.invoices.flatMap((invoice) => {
        const payments = snapshot.payments.filter((one) => one.invoice_id === invoice.id);
        const entries = snapshot.entries.filter(
          (one) =>
            one.invoice_id === invoice.id ||
            (one.invoice_id === null && payments.some(({ id }) => id === one.payment_id)),
        );
        const came =
          sum(payments, (one) => one.paid_amount) -
          sum(
            entries.filter(({ kind }) => kind === 'applied'),
            ({ amount }) => amount,
          );
        const refunded = sum(payments, (one) => one.refunded_amount);
        const toBalance = sum(
          entries.filter(({ kind }) => kind !== 'applied'),
          ({ amount }) => amount,
        );

        return refunded + toBalance <= came
          ? []
          : [`invoice ${invoice.id}: ${came} came, ${refunded} refunded + ${toBalance} to the balance`];
      }),
  },
  {
    rule: 'a payment is refunded by its refunds, never beyond what was paid',
    holds: ({ snapshot: { payments, refunds } }) =>
      payments.flatMap((one) => {
        const done = sum(
          refunds.filter((refund) => refund.payment_id === one.id && refund.status === 'succeeded'),
          ({ amount }) => amount,
        );

        return done === one.refunded_amount && done <= one.paid_amount
          ? []
          : [`payment ${one.id}: ${one.paid_amount} paid, ${one.refunded_amount} refunded, refunds ${done}`];
      }),
  },
  {
    rule: 'account credit is the sum of its entries and never below nothing',
    holds: ({ snapshot: { entries, balance } }) => {
      let running = 0;
      const wrong = entries.filter((entry) => {
        running += entry.amount;

        return entry.balance_after !== running || running < 0;
      });

      return running === balance && wrong.length === 0
        ? []
        : [`balance ${balance}, entries ${running}`, ...show(wrong)];
    },
  },
  {
    rule: 'what a customer has spent is what was taken for invoices and not given back',
    holds: ({ snapshot }) => {
      const taken = snapshot.payments.filter((one) => one.settled_at !== null && !isUnwanted(snapshot, one));
      const toBalance = sum(
        snapshot.entries.filter(({ kind }) => ['late_payment', 'refunded', 'refund_failed'].includes(kind)),
        ({ amount }) => amount,
      );
      const spent = sum(taken, (one) => one.paid_amount - one.refunded_amount) - toBalance;

      return spent === snapshot.totalSpent ? [] : [`total spent ${snapshot.totalSpent} ≠ ${spent}`];
    },
  },
  {
    rule: 'the bank of the card has charged what payments say, and no other',
    holds: ({ snapshot: { charges, payments } }) => {
      const charged = charges.filter(({ outcome }) => outcome === 'success');
      const paid = payments.filter((one) => one.method === 'card' && one.paid_amount > 0 && one.settled_at !== null);
      const byTest = sum(paid, (one) => one.paid_amount);
      const inBank = sum(charged, ({ amount }) => amount);

      return inBank <= byTest ? [] : [`bank ${inBank}, payments ${byTest}`];
    },
  },
  {
    rule: 'money that comes for an invoice pays it before it becomes credit',
    holds: ({ snapshot: { entries, invoices } }) =>
      entries
        .filter(({ kind, amount }) => kind === 'late_payment' && amount > 0)
        .flatMap((entry) => {
          const invoice = invoices.find(({ id }) => id === entry.invoice_id);

          return invoice !== undefined && isFinal(invoice) && invoice.due_amount > 0
            ? [
                `${entry.amount} became credit while ${invoice.due_amount} of invoice ${invoice.id} (${invoice.status}) is due`,
              ]
            : [];
        }),
  },
  {
    rule: 'a page to pay at asks for what is due of an open invoice, or on purpose of one that was given up before',
    holds: ({ snapshot: { payments, invoices, events } }) =>
      payments
        .filter((one) => one.status === 'initiated' && one.payment_method_id === null)
        .flatMap((one) => {
          const invoice = invoices.find(({ id }) => id === one.invoice_id);

          const toldOf = (of: (event: (typeof events)[number]) => boolean) => events.findIndex(of);
          const givenUp = toldOf(
            ({ type, payload }) =>
              type === 'invoice.updated' &&
              payload['invoiceId'] === one.invoice_id &&
              payload['status'] === 'uncollectible',
          );
          const begun = toldOf(({ type, payload }) => type === 'payment.initiated' && payload['paymentId'] === one.id);
          const isPayable = invoice?.status === 'open' || (invoice?.status === 'uncollectible' && givenUp < begun);

          return isPayable && invoice?.due_amount === one.amount
            ? []
            : [
                `payment ${one.id} asks ${one.amount} for invoice ${one.invoice_id} (${invoice?.status}), ${invoice?.due_amount} due`,
              ];
        }),
  },
  {
    rule: 'no money waits: it was taken in, or has gone back',
    holds: ({ snapshot: { payments } }) =>
      payments
        .filter(
          (one) =>
            one.paid_amount > 0 &&
            ((one.settled_at === null && one.status !== 'refunded') || one.status === 'refund_due'),
        )
        .map((one) => `payment ${one.id}: ${one.status}, ${one.paid_amount} paid, settled ${one.settled_at}`),
  },
  {
    rule: 'no document says nothing',
    holds: ({ snapshot: { invoices } }) =>
      invoices
        // One whose price a code has taken off says so.
        .filter((one) => one.total_amount === 0 && one.subtotal === 0)
        // The boundary waits for that of a renewal, also of days that cost nothing.
        .filter(({ purpose }) => purpose !== 'renewal')
        .map((one) => `invoice ${one.invoice_number} of 0, ${one.purpose}`),
  },
  {
    rule: 'numbers are given once and have no gaps',
    holds: ({ snapshot: { counters, invoices, notes } }) => {
      // A draft has none, nor has one that was void before it got one.
      const final = invoices.filter((one) => one.invoice_number !== null || !['draft', 'void'].includes(one.status));
      const numbers = final.flatMap((one) => one.invoice_number ?? []);
      const given = (part: string) => counters.find(({ series }) => series === part)?.last_number ?? 0;

      return new Set(numbers).size === final.length &&
        given('test/company') === final.length &&
        given('test/credit-notes') === notes.length
        ? []
        : [`${invoices.length} invoices, ${notes.length} credit notes, ${JSON.stringify(counters)}`];
    },
  },
  {
    rule: 'times of a document are in order',
    holds: ({ snapshot: { lines } }) =>
      lines.filter((line) => at(line.period_start) >= at(line.period_end)).map((line) => JSON.stringify(line)),
  },
];
