/** A payment as far as money is concerned. Amounts in minor units; `settled_at` is null until its order took it in. */
export interface ReceivedMoney {
  status: string;
  paid_amount: number;
  refunded_amount: number;
  settled_at: string | null;
}

/** Whether its order took it in and it need not go back; whatever was given back of it since. */
export function isSettled({ status, settled_at }: ReceivedMoney): boolean {
  return settled_at !== null && (status === 'success' || status === 'partially_refunded' || status === 'refunded');
}

/** Whether a cancel has to give something of this payment back, or goes on doing so. */
export function hasMoneyToReturn({ status, paid_amount, refunded_amount }: ReceivedMoney): boolean {
  return (
    (status === 'success' || status === 'partially_refunded' || status === 'refund_due') &&
    paid_amount > refunded_amount
  );
}
