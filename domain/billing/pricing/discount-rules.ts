import { applyRate } from '../../money/money-rules';
import { roundHalfUp } from '../../money/ratio-rules';
import { splitByLargestRemainder } from '../../money/split-rules';

/** What is taken off: a share of the subtotal, or a fixed amount in minor units. */
export type Discount =
  { readonly kind: 'percent'; readonly ratePpm: number } | { readonly kind: 'amount'; readonly amount: bigint };

/**
 * Whether a percentage is rounded once on the total and then spread, or once on every line. The two may differ by a few
 * units; documents show `on_total` unless the company chooses otherwise.
 */
export type DiscountBasis = 'on_total' | 'by_line';

/**
 * The discount of each line, in minor units. Never more than the line's amount: a discount is not a payout.
 *
 * @param amounts of the lines, minor units, 0 or more
 */
export function discountLines(
  amounts: readonly bigint[],
  discount: Discount | null,
  basis: DiscountBasis = 'on_total',
): bigint[] {
  if (!discount) {
    return amounts.map(() => 0n);
  }
  if (discount.kind === 'percent' && basis === 'by_line') {
    return amounts.map((amount) => smaller(roundHalfUp(applyRate(amount, discount.ratePpm)), amount));
  }

  const subtotal = amounts.reduce((sum, amount) => sum + amount, 0n);

  return splitByLargestRemainder(smaller(discountOf(subtotal, discount), subtotal), amounts);
}

/** The discount on an amount before any cap: a percentage is rounded half up once. */
export function discountOf(subtotal: bigint, discount: Discount): bigint {
  return discount.kind === 'percent' ? roundHalfUp(applyRate(subtotal, discount.ratePpm)) : discount.amount;
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
