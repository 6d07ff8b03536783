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

/** What a customer owes (positive) or has in credit (negative): what is still to be paid of invoices − credit. */
export function accountBalance(due: readonly bigint[], credit: bigint): bigint {
  return due.reduce((total, amount) => total + amount, 0n) - credit;
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

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
