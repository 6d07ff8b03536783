import { ratio, roundHalfUp } from './ratio-rules';
import { splitByLargestRemainder } from './split-rules';

/**
 * The tax contained in money given back: the refund's share of the payment's tax, half up. It is the same whether prices
 * were shown with tax or without.
 *
 * @param refund given back, tax included, minor units
 * @param net payment without its tax
 * @param tax tax in the payment
 */
export function taxInRefund(refund: bigint, net: bigint, tax: bigint): bigint {
  return net + tax === 0n ? 0n : roundHalfUp(ratio(refund * tax, net + tax));
}

/** The same tax spread over the lines that are refunded; sums to the whole. */
export function taxInRefundByLine(lineRefunds: readonly bigint[], net: bigint, tax: bigint): bigint[] {
  const refund = lineRefunds.reduce((sum, amount) => sum + amount, 0n);

  return splitByLargestRemainder(taxInRefund(refund, net, tax), lineRefunds);
}
