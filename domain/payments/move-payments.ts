import { Prisma } from '../../platform/db/database';
import { type PaymentStatus, sourcesOf } from './payment-state-rules';

/*
 * Statements that move payments, each to stand by itself or as a common table expression of a larger one (D9). A payment
 * that is in no state to be moved stays as it is. They return the ids of what they moved.
 */

interface Move {
  to: PaymentStatus;
  /** over `p` */
  which: Prisma.Sql;
  /** what else is written with the state */
  also?: Prisma.Sql;
  /** narrows the states that it may move from */
  from?: readonly PaymentStatus[];
  now: Date;
}

export function movePayments(companyId: number, { to, which, also, from, now }: Move): Prisma.Sql {
  const sources = sourcesOf(to).filter((state) => from === undefined || from.includes(state));

  return Prisma.sql`UPDATE finance.payments p SET status = ${to}, updated_at = ${now}::timestamptz${also === undefined ? Prisma.empty : Prisma.sql`, ${also}`}
         WHERE p.company_id = ${companyId}::bigint AND p.status = ANY (${sources}::text[]) AND ${which} RETURNING p.id`;
}

/**
 * What waits of an invoice is set aside: another payment takes its place, or less is due than it asks (D11). A payment waits
 * while its customer may still complete it; a charge of a saved method is ours, and has its answer to come.
 * @param onlyIf false: nothing is moved
 */
export function supersedeWaiting(companyId: number, invoiceId: number, now: Date, onlyIf = true): Prisma.Sql {
  const which = Prisma.sql`${onlyIf} AND ${waitingOf(invoiceId)}`;

  return movePayments(companyId, { to: 'superseded', which, now });
}

/** What waits of an invoice that is over is cancelled: money that comes all the same goes back (D5). */
export function cancelWaiting(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return movePayments(companyId, { to: 'cancelled', from: ['initiated'], which: waitingOf(invoiceId), now });
}

function waitingOf(invoiceId: number): Prisma.Sql {
  return Prisma.sql`p.invoice_id = ${invoiceId}::bigint AND p.payment_method_id IS NULL`;
}

/** A payment of nothing is over with its order: there is nothing to give back. */
export function cancelFreePayments(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  const which = Prisma.sql`p.invoice_id = ${invoiceId}::bigint AND p.paid_amount = 0`;

  return movePayments(companyId, { to: 'cancelled', from: ['success'], which, now });
}

/** Cash that was handed over with the goods; also when it was said to have failed before. */
export function payCash(companyId: number, paymentId: number, now: Date): Prisma.Sql {
  return movePayments(companyId, {
    to: 'success',
    which: Prisma.sql`p.id = ${paymentId}::bigint AND p.method = 'cod'`,
    also: Prisma.sql`paid_amount = p.amount, paid_at = ${now}::timestamptz, failure_reason = NULL`,
    now,
  });
}

/** Its owner has taken it in. `applied`: minor units of it that pay its invoice. */
export function settlePayment(
  companyId: number,
  { paymentId, applied }: { paymentId: number; applied: number },
  now: Date,
): Prisma.Sql {
  return Prisma.sql`UPDATE finance.payments p SET settled_at = ${now}::timestamptz, applied_amount = ${applied}::bigint, updated_at = ${now}::timestamptz
         WHERE p.company_id = ${companyId}::bigint AND p.id = ${paymentId}::bigint RETURNING p.id`;
}

/**
 * Money that was received has to go back: by `payment/<id>`, or by a person who sees it waiting (D5). Nothing of it stands in
 * its invoice any more.
 */
export function makeRefundDue(companyId: number, paymentIds: readonly number[], now: Date): Prisma.Sql {
  return movePayments(companyId, {
    to: 'refund_due',
    which: Prisma.sql`p.id = ANY (${[...paymentIds]}::bigint[])`,
    also: Prisma.sql`settled_at = coalesce(p.settled_at, ${now}::timestamptz), applied_amount = 0`,
    now,
  });
}

/** All that the inbox holds about a payment counts as told to its owner: nothing in it can change that any more. */
export function markAllSignalled(companyId: number, paymentId: number, now: Date): Prisma.Sql {
  return Prisma.sql`UPDATE finance.provider_events e SET signalled_at = ${now}::timestamptz FROM finance.payments p
         WHERE p.company_id = ${companyId}::bigint AND p.id = ${paymentId}::bigint AND e.company_id = p.company_id
           AND e.reference = p.reference AND e.signalled_at IS NULL RETURNING e.id`;
}
