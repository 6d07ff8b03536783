import { type DiscountTiming } from '../pricing/pricer-rules';
import { applyRate } from '../../money/money-rules';
import { serviceAmount, type ServiceLine, type ServiceSpan, shareOfPeriod } from '../pricing/proration-rules';
import { splitOver } from '../../money/split-rules';
import { divideRatios, multiplyRatios, type Ratio, ratio, roundHalfUp, ZERO } from '../../money/ratio-rules';

/** A line of a final invoice that something is given back of. Minor units; nothing of it is ever changed. */
export interface BilledLine {
  readonly lineId: string;
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly taxRatePpm: number;
  readonly discountTiming: DiscountTiming;
  /** What earlier credit lines and adjustments have taken back already, as positive sizes. */
  readonly credited: LineParts;
}

export interface LineParts {
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
}

/** A negative line that names the line it credits (D21). total = amount + tax − discount, as on every line. */
export interface CreditLine extends LineParts {
  readonly creditsLineId: string;
  readonly total: bigint;
}

/** What is left of a line to be given back. */
export function creditableLeft(line: BilledLine): LineParts {
  return {
    amount: atLeastZero(line.amount - line.credited.amount),
    discount: atLeastZero(line.discount - line.credited.discount),
    tax: atLeastZero(line.tax - line.credited.tax),
  };
}

/**
 * Gives back a share of a line, 0 to 1: rounded half up, and never more than is left of the line after earlier credits.
 * Discount and tax follow by the line's own discount and its own rate, each rounded once from the exact share. The
 * credit that takes the last of the amount takes the last of them too, so that partial credits sum to the line.
 */
export function creditShare(line: BilledLine, share: Ratio): CreditLine {
  return cappedCredit(line, roundedShare(ratio(line.amount), share), share);
}

/**
 * Gives back what is unused of a service line (the repair of a plan change, pause or cancellation): the price of the
 * unused days, measured by the same period as the line's own days and capped by what is left of the line.
 *
 * @param billed what the line was made from
 * @param unused days of the line's service that are not used
 */
export function creditUnusedService(line: BilledLine, billed: ServiceLine, unused: ServiceSpan): CreditLine {
  const billedShare = shareOfPeriod(billed.service, billed.denominator, billed.proration);
  const unusedShare = shareOfPeriod(unused, billed.denominator, billed.proration);
  const shareOfLine = billedShare.numerator === 0n ? ZERO : divideRatios(unusedShare, billedShare);

  return cappedCredit(line, serviceAmount({ ...billed, service: unused }), shareOfLine);
}

/** Gives back an amount of a line before tax, as a person's adjustment does; capped in the same way. */
export function creditAmount(line: BilledLine, amount: bigint): CreditLine {
  return cappedCredit(line, amount, line.amount === 0n ? ZERO : ratio(amount, line.amount));
}

/** What several credit lines give back together, as a positive size. */
export function totalCredit(lines: readonly CreditLine[]): bigint {
  return lines.reduce((sum, line) => sum - line.total, 0n);
}

/**
 * Parts whose credits together give back no more than an amount, 0 or more, tax included: in proportion where it is less than they would, to the minor
 * unit. As large an amount, or a larger one, leaves them as they are.
 */
export function fitCredits<Part extends { readonly credit: CreditLine }>(
  parts: readonly Part[],
  amount: bigint,
): Part[] {
  return amount >= totalCredit(parts.map(({ credit }) => credit))
    ? [...parts]
    : splitOver(parts, amount, ({ credit }) => -credit.total).map(({ part, share }) => ({
        ...part,
        credit: shrinkCredit(part.credit, share),
      }));
}

/** Tax and discount by their share of the line, the amount what is left of the total; none of them is larger than it was. */
function shrinkCredit(credit: CreditLine, size: bigint): CreditLine {
  if (size === -credit.total) {
    return credit;
  }
  const share = ratio(size, -credit.total);
  const discount = roundedShare(ratio(-credit.discount), share);
  const wanted = size + discount - roundedShare(ratio(-credit.tax), share);
  const amount = smaller(atLeastZero(wanted), -credit.amount);

  return {
    creditsLineId: credit.creditsLineId,
    amount: -amount,
    discount: -discount,
    tax: amount - size - discount,
    total: -size,
  };
}

function cappedCredit(line: BilledLine, wanted: bigint, share: Ratio): CreditLine {
  const left = creditableLeft(line);
  const amount = smaller(wanted, left.amount);
  const takesTheLast = amount === left.amount;
  const tax = takesTheLast ? left.tax : smaller(roundedShare(exactTax(line), share), left.tax);
  const discount = takesTheLast ? left.discount : smaller(roundedShare(ratio(line.discount), share), left.discount);
  // Rounding alone must not turn a credit into a charge.
  const givenDiscount = smaller(discount, amount + tax);

  return {
    creditsLineId: line.lineId,
    amount: -amount,
    discount: -givenDiscount,
    tax: -tax,
    total: givenDiscount - amount - tax,
  };
}

/** The tax of the whole line before rounding, on what its rate was applied to. */
function exactTax({ amount, discount, taxRatePpm, discountTiming }: BilledLine): Ratio {
  return applyRate(discountTiming === 'before_tax' ? amount - discount : amount, taxRatePpm);
}

function roundedShare(value: Ratio, share: Ratio): bigint {
  return roundHalfUp(multiplyRatios(value, share));
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
