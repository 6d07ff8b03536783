import { at, type InvoiceRow, isOfPlan, type LineRow, type Snapshot, sum } from '../snapshot';
import { isGivenUpAtOnce, isLetOff } from './collection';
import type { Invariant, InvariantContext } from './known';

const DAY_MS = 86_400_000;

interface Stretch {
  from: number;
  to: number;
  line: LineRow;
}

const notesOf = ({ notes, noteLines }: Snapshot, line: LineRow) =>
  noteLines
    .filter((one) => one.invoice_line_id === line.id)
    .map((one) => ({ ...one, note: notes.find(({ id }) => id === one.credit_note_id) }));

/** Before tax, after everything that was credited of it. */
const netOf = (snapshot: Snapshot, line: LineRow) =>
  line.subtotal + sum(notesOf(snapshot, line), ({ subtotal }) => subtotal);

/**
 * The service that a line still stands for: its own, less what credit notes have given back. Read from documents, not from
 * the product's guard against double billing.
 */
export const stretchesOf = (snapshot: Snapshot, line: LineRow): Stretch[] =>
  netOf(snapshot, line) <= 0 ? [] : billedStretchesOf(snapshot, line);

/** The same whatever money was given back for it: a credit note over all of it that says nothing of its time leaves it. */
export function billedStretchesOf(snapshot: Snapshot, line: LineRow): Stretch[] {
  const invoice = snapshot.invoices.find(({ id }) => id === line.invoice_id);

  if (invoice === undefined || invoice.status === 'void') {
    return [];
  }
  let left: Stretch[] = [{ from: at(line.period_start), to: at(line.period_end), line }];

  for (const { period_start, period_end } of notesOf(snapshot, line)) {
    if (period_start !== null && period_end !== null) {
      const [from, to] = [at(period_start), at(period_end)];
      left = left.flatMap((one) => [
        { ...one, to: Math.min(one.to, from) },
        { ...one, from: Math.max(one.from, to) },
      ]);
    }
  }

  return left.filter(({ from, to }) => from < to);
}

/** A line for the difference to a dearer price lies on days that another line bills. */
export const isDifference = ({ guards }: Snapshot, line: LineRow) =>
  guards.some((guard) => guard.invoice_line_id === line.id && guard.layer > 0);

const planStretches = (snapshot: Snapshot) =>
  snapshot.lines
    .filter((line) => line.item === 'plan' && line.usage === null && !isDifference(snapshot, line))
    .flatMap((line) => stretchesOf(snapshot, line));

/** What a change costs waits for the next invoice. */
const isPutOff = ({ subscription: { pending_items: pending } }: Snapshot, now: number): boolean =>
  pending.some(
    ({ kind, line }) =>
      kind === 'charge' && line?.item === 'plan' && line.service.startsAt <= now && now < line.service.endsAt,
  );

/** A code takes all of it off: there is nothing to pay. */
export const isTakenOff = (invoice: InvoiceRow): boolean =>
  invoice.status === 'paid' && invoice.total_amount === 0 && invoice.discount > 0;

/** Something was paid, by money or account credit, or nothing was to be paid. */
const hasCome = ({ payments, entries, invoices }: Snapshot): boolean =>
  payments.some((one) => one.paid_amount > 0) ||
  entries.some(({ kind }) => kind === 'applied') ||
  invoices.some(isTakenOff);

export const showStretch = ({ from, to, line }: Stretch) =>
  `line ${line.id} of invoice ${line.invoice_id}: ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;

/** In advance, and paid for: each instant of it has to be on a document. */
function isServed({ subscription }: Snapshot): boolean {
  return ['active', 'past_due'].includes(subscription.status) && subscription.amount > 0;
}

/** Somebody has said that it is not to be paid for: by voiding, crediting or refunding it, or by a pause of collection. */
export function isTakenBackByHand({ snapshot, known }: InvariantContext): boolean {
  const now = at(snapshot.now);
  const refunded = new Set(snapshot.payments.filter((one) => one.refunded_amount > 0).map((one) => one.invoice_id));
  const adjusted = new Set(snapshot.notes.filter(({ reason }) => reason === 'adjustment').map((one) => one.invoice_id));

  const letOff = new Set(snapshot.invoices.filter((one) => isLetOff(snapshot, one)).map(({ id }) => id));

  return snapshot.lines.some(
    (line) =>
      (letOff.has(line.invoice_id) ||
        known.voidedByHand.has(line.invoice_id) ||
        refunded.has(line.invoice_id) ||
        adjusted.has(line.invoice_id)) &&
      // Days of a dearer plan that were bought with it are others than those of the line.
      (known.had('planChangeBilling', 'grant_days') || (at(line.period_start) <= now && now < at(line.period_end))),
  );
}

const dayInHanoi = (instant: number) => new Date(instant + 7 * 3_600_000).toISOString().slice(0, 10);

/** Days are counted from date to date: hours of the day on which one ends and the next begins are in one of them. */
export const isOverlapping = (one: Stretch, next: Stretch, known: InvariantContext['known']) =>
  known.had('prorationConvention', 'by_second') ? next.from < one.to : dayInHanoi(next.from) < dayInHanoi(one.to);

/**
 * A month of 30 days has no 31st: a period of that day alone costs nothing. Nor do the hours of a day in which the next
 * period begins anyway.
 */
export function isUncountedDay({ snapshot: { now, subscription }, known }: InvariantContext): boolean {
  const today = dayInHanoi(at(now));
  const { current_period_end: end } = subscription;

  return (
    (known.had('fixedDaysOfMonth', 30) && today.endsWith('-31')) || (end !== null && dayInHanoi(at(end)) === today)
  );
}

/** Of days and what is billed for them. */
export const serviceInvariants: Invariant[] = [
  {
    rule: 'no day of the plan is billed twice',
    holds: ({ snapshot, known }) => {
      const stretches = planStretches(snapshot).sort((one, other) => one.from - other.from);

      // Without proration nothing is given back for what a change takes away, and days that are bought replace others.
      return known.had('prorationConvention', 'none') || known.had('planChangeBilling', 'grant_days')
        ? []
        : stretches.flatMap((one, nth) => {
            const next = stretches[nth + 1];

            return next !== undefined && isOverlapping(one, next, known)
              ? [`${showStretch(one)}; ${showStretch(next)}`]
              : [];
          });
    },
  },
  {
    rule: 'no day of service that is paid in advance is left out while it is active',
    holds: (context) => {
      const { snapshot, known } = context;
      const now = at(snapshot.now);
      const isExpected =
        isServed(snapshot) && snapshot.subscription.billing_timing === 'in_advance' && !isTakenBackByHand(context);
      const covered =
        planStretches(snapshot).some(({ from, to }) => from <= now && now < to) || isPutOff(snapshot, now);
      const granted =
        known.had('planChangeBilling', 'grant_days') &&
        snapshot.guards.some((one) => one.released_at === null && at(one.starts_at) <= now && now < at(one.ends_at));
      const isUnmeasured =
        known.had('prorationConvention', 'none') ||
        isUncountedDay(context) ||
        now < known.letOffUntil ||
        // The day of a change is the last one of a plan whose days cost nothing, or its whole period is.
        (known.wasAsUsed && (known.wasLetOff || known.had('planChangeDayOfChange', 'old_plan')));

      return isExpected && !covered && !granted && !isUnmeasured
        ? [`${snapshot.subscription.status} at ${snapshot.now}, on no document`]
        : [];
    },
  },
  {
    rule: 'service is guarded once, within what its line bills, and not for a void invoice',
    holds: ({ snapshot, known }) =>
      snapshot.guards
        .filter((guard) => guard.released_at === null)
        .flatMap((guard) => {
          const line = snapshot.lines.find(({ id }) => id === guard.invoice_line_id);
          const invoice = snapshot.invoices.find(({ id }) => id === line?.invoice_id);
          const isWithin =
            line !== undefined &&
            at(guard.starts_at) >= at(line.period_start) &&
            (at(guard.ends_at) <= at(line.period_end) || known.had('planChangeBilling', 'grant_days'));

          return isWithin && invoice?.status !== 'void'
            ? []
            : [`${JSON.stringify(guard)} of invoice ${invoice?.id} ${invoice?.status}`];
        }),
  },
  {
    rule: 'nothing is billed for a trial, or for a pause that is credited',
    holds: ({ snapshot, known }) => {
      const now = at(snapshot.now);
      const { status } = snapshot.subscription;
      const isFree = status === 'trial' || (status === 'paused' && !known.had('pauseCredit', 'none'));

      // A line says which days were billed, not which others of a dearer plan they were turned into.
      return isFree && !known.had('prorationConvention', 'none') && !known.had('planChangeBilling', 'grant_days')
        ? planStretches(snapshot)
            .filter((one) => one.from <= now && now < one.to && isOverlapping(one, { ...one, from: now }, known))
            // The day of a change may be the last one of the old plan, and is billed when it has begun.
            .filter(
              ({ to }) => dayInHanoi(to - 1) !== dayInHanoi(now) || !known.had('planChangeDayOfChange', 'old_plan'),
            )
            .map((one) => `${status}; ${showStretch(one)}`)
        : [];
    },
  },
  {
    rule: 'a period never costs more than the dearest that was agreed on in it',
    holds: ({ snapshot, known }) => {
      const { current_period_start: from, current_period_end: to } = snapshot.subscription;

      // What a difference has bought is kept when the price goes down again.
      const isKept = known.had('planChangeBilling', 'charge_difference');

      if (from === null || to === null || isKept || known.had('prorationConvention', 'none', 'by_day_inclusive')) {
        return [];
      }
      const own = snapshot.lines.filter((line) => {
        const invoice = snapshot.invoices.find(({ id }) => id === line.invoice_id);

        return (
          invoice !== undefined &&
          line.item === 'plan' &&
          line.usage === null &&
          !['void', 'uncollectible'].includes(invoice.status) &&
          at(line.period_start) >= at(from) &&
          at(line.period_end) <= at(to)
        );
      });
      const net = sum(own, (line) => netOf(snapshot, line));
      const prices = own.map((line) => line.unit_amount * line.quantity);
      const { amount, quantity } = snapshot.subscription;
      const dearest = Math.max(amount * quantity, ...prices);
      const mostRounding = own.length;

      return net <= dearest + mostRounding ? [] : [`${net} for ${from} to ${to}, at most ${dearest}`];
    },
  },
  {
    rule: 'nobody is served beyond the time in which it has to be paid',
    holds: ({ snapshot, known }) => {
      const now = at(snapshot.now);

      if (!isServed(snapshot) || known.had('dunningEndAction', 'leave')) {
        return [];
      }

      return snapshot.invoices.flatMap((invoice) => {
        const isOfNow = at(invoice.period_start) <= now && now < at(invoice.period_end);
        const isOwed =
          ['open', 'uncollectible'].includes(invoice.status) &&
          invoice.due_amount > 0 &&
          !isGivenUpAtOnce(snapshot, invoice);
        const isAskedFor =
          invoice.status === 'open' &&
          (at(invoice.due_date ?? invoice.created_at) > now ||
            at(invoice.created_at) + known.firstInvoiceHours * 3_600_000 > now ||
            snapshot.runs.some((run) => run.invoice_id === invoice.id && run.status === 'active') ||
            snapshot.payments.some(
              (one) => one.invoice_id === invoice.id && one.status === 'initiated' && one.payment_method_id !== null,
            ));

        return isOfNow && isOwed && !isAskedFor && isOfPlan(snapshot, invoice.id)
          ? [
              `${snapshot.subscription.status} at ${snapshot.now}; invoice ${invoice.id} ${invoice.status}, ${invoice.due_amount} due since ${invoice.due_date}`,
            ]
          : [];
      });
    },
  },
  {
    rule: 'nothing activates but money or account credit',
    holds: ({ snapshot, known }) => {
      const came = hasCome(snapshot);
      const isTold = snapshot.events.some(({ type }) => type === 'subscription.activated');
      const isSet = snapshot.subscription.activated_at !== null && !known.wasFree;

      return (isTold || isSet) && !came && !known.wasAsUsed
        ? [`activated at ${snapshot.subscription.activated_at}, and nothing came`]
        : [];
    },
  },
  {
    rule: 'what nobody has paid is served for the hours of the first invoice, or until it is due, and no longer',
    holds: (context) => {
      const { snapshot, known } = context;
      const { subscription, now } = snapshot;
      const came = hasCome(snapshot);
      const isBeforeBilling = subscription.billing_timing === 'in_arrears';
      const waits =
        subscription.next_deadline_at !== null ||
        snapshot.payments.some((one) => one.status === 'initiated' && one.payment_method_id !== null);
      const latest = Math.max(
        ...snapshot.invoices.map((one) => at(one.due_date ?? one.created_at)),
        ...snapshot.invoices.slice(0, 1).map((one) => at(one.created_at) + known.firstInvoiceHours * 3_600_000),
        0,
      );
      const isDunned = snapshot.runs.some(({ status }) => status === 'active');
      const byHand = snapshot.notes.filter(({ reason }) => reason === 'adjustment').map((note) => note.invoice_id);
      const hasBilled = snapshot.invoices.some(
        ({ id, status }) => status !== 'void' || known.voidedByHand.has(id) || byHand.includes(id),
      );

      // By that convention part of a period costs nothing. A plan that is paid as it is used begins without money, and what a dearer
      // price of it costs may be let off or given up, wait for the next invoice (the day of the change may still be the old one's),
      // or be a draft for as long as collection is paused.
      const isKept = snapshot.invoices.some(({ status }) => status === 'draft');
      const isFree =
        known.had('prorationConvention', 'none') ||
        isUncountedDay(context) ||
        (known.wasAsUsed &&
          (known.wasLetOff ||
            isPutOff(snapshot, at(now)) ||
            (known.had('planChangeDayOfChange', 'old_plan') && isPutOff(snapshot, at(now) + DAY_MS)) ||
            isKept ||
            snapshot.invoices.some((one) => isGivenUpAtOnce(snapshot, one)) ||
            isTakenBackByHand(context)));
      const isLeft = known.had('dunningEndAction', 'leave');
      // What follows a trial, a free plan, or days that cost nothing, is billed as any period is: taking its invoice back by hand gives the
      // period away.
      const isGiven =
        (known.start.trial || known.wasFree || known.had('fixedDaysOfMonth', 30)) && isTakenBackByHand(context);

      return isServed(snapshot) &&
        !isGiven &&
        !isBeforeBilling &&
        !isFree &&
        !isLeft &&
        !came &&
        (!waits || !hasBilled || (latest < at(now) && !isDunned))
        ? [`${subscription.status} at ${now} although nothing ever came, next ${subscription.next_deadline}`]
        : [];
    },
  },
];
