import { toSafeNumber } from '../../money/money-rules';
import { settleCredit } from '../account/account-credit-rules';
import { type DiscountTiming, sumLines } from '../pricing/pricer-rules';
import { splitCreditedTax, taxBase, taxesLeftOf } from '../taxes/tax-summary-rules';
import type { LineTax } from '../taxes/tax-types';
import { type CreditLine, fitCredits } from './credit-line-rules';

/** A line of a credit note: what of which line is given back, and the service it was for. */
export interface CreditNoteLineInput {
  lineId: number;
  description: string;
  credit: CreditLine;
  /** Of the line that it credits: what is left of each tax, and when its discount was taken off. */
  taxesLeft: readonly LineTax[] | null;
  discountTiming: DiscountTiming;
  startsAt: Date | null;
  endsAt: Date | null;
}

export interface TaxedCreditLine extends CreditNoteLineInput {
  /** Null where the line that it credits bears the company's rate alone. */
  taxes: readonly LineTax[] | null;
}

/**
 * Where money that was received goes: into the account's credit, or back by the way it came. `payment` is at most so much
 * of it; `reserved`, what the refund that it is of had reserved.
 */
export type CreditDestination = 'balance' | { payment: number; refundId?: number; reserved?: number };

/** The invoice that something is taken back of, as it stands; minor units. */
export interface CreditedInvoice {
  readonly status: string;
  readonly totalAmount: number;
  readonly dueAmount: number;
  /** Received for it, and neither gone back nor reserved by a refund. */
  readonly kept: number;
  /** By credit notes so far. */
  readonly takenBack: number;
}

/** A credit note before it is written; minor units, amounts of lines negative. */
export interface CreditNoteDraft {
  lines: CreditNoteLineInput[];
  subtotal: number;
  tax: number;
  discount: number;
  totalAmount: number;
  reducedDue: number;
  toBalance: number;
  toPayment: number;
  /** Of the invoice, after it: void when nothing is left of it. */
  status: string;
}

/**
 * What a credit note over lines of an invoice comes to (D21): what is still due of it shrinks first, and only money that was
 * received for it, and has not gone back by another road, becomes account credit or goes back. Lines that would give back
 * more are fitted to that.
 * @returns null when they give nothing back
 */
export function draftCreditNote(
  invoice: CreditedInvoice,
  wanted: readonly CreditNoteLineInput[],
  to: CreditDestination,
): CreditNoteDraft | null {
  const isBack = to !== 'balance';
  const due = isOwed(invoice) && !isBack ? invoice.dueAmount : 0;
  const received = isBack ? Math.min(invoice.kept + (to.reserved ?? 0), to.payment) : invoice.kept;
  const lines = fitCredits(wanted, BigInt(due) + BigInt(received)).filter(({ credit }) => !isEmpty(credit));

  if (lines.length === 0) {
    return null;
  }
  const { subtotal, tax, discount, total } = sumLines(lines.map(({ credit }) => credit));
  const settled = settleCredit(-total, BigInt(due), BigInt(received));
  const amounts = {
    totalAmount: toSafeNumber(total),
    reducedDue: toSafeNumber(settled.reducesDue),
    toBalance: isBack ? 0 : toSafeNumber(settled.toAccount),
    toPayment: isBack ? toSafeNumber(settled.toAccount) : 0,
  };

  return {
    lines,
    subtotal: toSafeNumber(subtotal),
    tax: toSafeNumber(tax),
    discount: toSafeNumber(discount),
    ...amounts,
    status: statusAfter(invoice, amounts),
  };
}

/** Lines of a note with the taxes that each gives back, negative; lines of one billed line share what is left of it. */
export function withCreditedTaxes(lines: readonly CreditNoteLineInput[]): TaxedCreditLine[] {
  const given = new Map<number, LineTax[]>();

  return lines.map((line) => {
    const { lineId, credit, taxesLeft, discountTiming } = line;

    if (taxesLeft === null) {
      return { ...line, taxes: null };
    }
    const before = given.get(lineId) ?? [];
    const taxes = splitCreditedTax(taxesLeftOf(taxesLeft, before), {
      tax: toSafeNumber(-credit.tax),
      base: taxBase({
        subtotal: toSafeNumber(-credit.amount),
        discount: toSafeNumber(-credit.discount),
        discountTiming,
      }),
    });
    given.set(lineId, [...before, ...taxes]);

    return { ...line, taxes };
  });
}

/** Something is to be paid of it still, even if nobody asks for it any more. */
export function isOwed({ status }: Pick<CreditedInvoice, 'status'>): boolean {
  return status === 'open' || status === 'uncollectible';
}

function isEmpty({ amount, tax, discount }: CreditLine): boolean {
  return amount === 0n && tax === 0n && discount === 0n;
}

/** An invoice that nothing is left of is void, unless it was paid and its money stays here as account credit. */
function statusAfter(
  invoice: CreditedInvoice,
  { totalAmount, reducedDue, toPayment }: Pick<CreditNoteDraft, 'totalAmount' | 'reducedDue' | 'toPayment'>,
): string {
  if ((isOwed(invoice) || toPayment > 0) && invoice.takenBack - totalAmount === invoice.totalAmount) {
    return 'void';
  }

  return isOwed(invoice) && invoice.dueAmount === reducedDue ? 'paid' : invoice.status;
}
