/**
 * The credit of a billing account: what was received and not used. It pays the next invoices, tax included, before
 * anything is asked for (D21). Amounts are minor units.
 */

export interface CreditUse {
  /** Part of the invoice that credit pays. */
  readonly used: bigint;
  /** What is still to be paid of the invoice. */
  readonly toPay: bigint;
  /** What is left of the credit. */
  readonly creditLeft: bigint;
}

/** Uses credit on an invoice total, tax included. A total of zero or less uses none. */
export function applyCredit(credit: bigint, invoiceTotal: bigint): CreditUse {
  const used = invoiceTotal <= 0n || credit <= 0n ? 0n : smaller(credit, invoiceTotal);

  return { used, toPay: invoiceTotal > 0n ? invoiceTotal - used : 0n, creditLeft: credit - used };
}

/** Uses credit on invoices in their order, until it is used up. */
export function applyCreditInOrder(credit: bigint, invoiceTotals: readonly bigint[]): CreditUse[] {
  let creditLeft = credit;

  return invoiceTotals.map((total) => {
    const use = applyCredit(creditLeft, total);
    creditLeft = use.creditLeft;

    return use;
  });
}

/** What a customer owes (positive) or has in credit (negative): invoices − credit granted − payments. */
export function accountBalance(
  invoices: readonly bigint[],
  creditGranted: bigint,
  payments: readonly bigint[],
): bigint {
  return sum(invoices) - creditGranted - sum(payments);
}

export interface SettledCredit {
  /** Taken off what is still due of the credited invoice. */
  readonly reducesDue: bigint;
  /** What reaches the account: never more than was received for that invoice. */
  readonly toAccount: bigint;
}

/** Where a credit on an invoice goes: first what is due shrinks, then money that was received becomes credit (D21). */
export function settleCredit(credit: bigint, due: bigint, received: bigint): SettledCredit {
  const reducesDue = smaller(credit, due);

  return { reducesDue, toAccount: smaller(credit - reducesDue, received) };
}

/** A net document total split into what is asked for now and what becomes account credit. */
export function netOfChange(charges: bigint, credits: bigint): { toPay: bigint; toAccount: bigint } {
  return charges >= credits ? { toPay: charges - credits, toAccount: 0n } : { toPay: 0n, toAccount: credits - charges };
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
