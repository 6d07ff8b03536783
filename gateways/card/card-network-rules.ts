import { currencyDigits } from '../../domain/money/currency-rules';
import { ratio, roundUp } from '../../domain/money/ratio-rules';

/**
 * The integer that card networks take for an amount in minor units. They know no third decimal, so a currency with three
 * is rounded up to a multiple of ten; money that is stored keeps all its decimals.
 */
export function toNetworkUnits(amount: bigint, currency: string): bigint {
  return currencyDigits(currency) === 3 ? roundUp(ratio(amount, 10n)) * 10n : amount;
}

/** Of a refund: what all refunds of a payment come to, less what was moved before, so that they sum to the charge. */
export function refundInNetworkUnits(amount: bigint, refundedBefore: bigint, currency: string): bigint {
  return toNetworkUnits(refundedBefore + amount, currency) - toNetworkUnits(refundedBefore, currency);
}
