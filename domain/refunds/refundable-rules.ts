/** A payment and what stands against it. Amounts are minor units. */
export interface RefundablePayment {
  status: string;
  paid: number;
  refunded: number;
  /** How much of it stands in its invoice. What is over became account credit, or has to go back anyhow. */
  applied: number;
  /** Refunds under way, by where their money comes from. */
  pending: readonly RefundShares[];
  /** Of the invoice: received, and not made account credit or reserved by a refund. */
  invoiceKeeps: number;
  /** The account's credit. */
  balance: number;
}

/** Where a refund takes its money from: its invoice (which a credit note follows), account credit, or nobody's. */
export interface RefundShares {
  invoice: number;
  balance: number;
  unowned: number;
}

/** What may still go back of a payment, by all roads together (D21). */
export function refundable(payment: RefundablePayment): RefundShares {
  const { paid, refunded, applied, pending, invoiceKeeps, balance } = payment;
  const underWay = (part: keyof RefundShares) => pending.reduce((sum, refund) => sum + refund[part], 0);
  const over = paid - refunded - applied;
  const isUnowned = payment.status === 'refund_due';
  const atLeastZero = (amount: number) => Math.max(0, amount);

  return {
    invoice: atLeastZero(Math.min(applied - underWay('invoice'), invoiceKeeps)),
    balance: isUnowned ? 0 : atLeastZero(Math.min(over - underWay('balance'), balance)),
    unowned: isUnowned ? atLeastZero(over - underWay('unowned') - underWay('balance')) : 0,
  };
}

export function totalOf({ invoice, balance, unowned }: RefundShares): number {
  return invoice + balance + unowned;
}

/** Takes what pays for nothing first, and leaves what pays for service for last. */
export function sharesOf(amount: number, left: RefundShares): RefundShares {
  const unowned = Math.min(amount, left.unowned);
  const balance = Math.min(amount - unowned, left.balance);

  return { unowned, balance, invoice: amount - unowned - balance };
}
