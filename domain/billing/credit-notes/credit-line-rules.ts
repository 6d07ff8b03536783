import { type DiscountTiming, lineTotal } from '../pricing/pricer-rules';
import { applyRate } from '../../money/money-rules';
import { serviceAmount, type ServiceLine, type ServiceSpan, shareOfPeriod } from '../pricing/proration-rules';
import { splitOver } from '../../money/split-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { divideRatios, multiplyRatios, type Ratio, ratio, roundHalfUp, ZERO } from '../../money/ratio-rules';

/** A line of a final invoice that something is given back of. Minor units; nothing of it is ever changed. */
export interface BilledLine {
  readonly lineId: string;
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly taxRatePpm: number;
  readonly discountTiming: DiscountTiming;
  /** Whether its price held the tax, which `amount` is without; exclusive when absent. */
  readonly taxBehavior?: TaxBehavior | undefined;
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

  return creditPrice(line, { wanted: serviceAmount({ ...billed, service: unused }), of: billed, share: shareOfLine });
}

/**
 * Gives back a part of a line's price; capped in the same way. Of a price that held its tax that part is with the tax, and
 * is what goes back where the line was paid as it was priced: half of 110,000 is 55,000.
 *
 * @param part.wanted minor units, as the price has it
 * @param part.of what the line was made from
 * @param part.share of the line, 0 to 1, where it is known more exactly than by the amount
 */
export function creditPrice(
  line: BilledLine,
  part: { wanted: bigint; of: ServiceLine | null; share?: Ratio },
): CreditLine {
  const { wanted, of } = part;

  if (line.taxBehavior !== 'inclusive' || of === null) {
    return cappedCredit(line, wanted, part.share ?? shareOf(wanted, line.amount));
  }
  const whole = serviceAmount(of);
  const share = part.share ?? shareOf(wanted, whole);
  const paid = lineTotal(line);

  return creditOfIncluded(line, paid === whole ? wanted : roundedShare(ratio(paid), share), share);
}

/** What of a line's price is not given back yet: exact minor units, as the price has it. */
export function priceLeft(line: BilledLine, of: ServiceLine): Ratio {
  const { amount } = creditableLeft(line);

  return line.taxBehavior === 'inclusive' && line.amount > 0n
    ? ratio(serviceAmount(of) * amount, line.amount)
    : ratio(amount);
}

/** Gives back an amount of a line before tax, as a person's adjustment does, whatever its price held; capped in the same way. */
export function creditAmount(line: BilledLine, amount: bigint): CreditLine {
  return cappedCredit(line, amount, shareOf(amount, line.amount));
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
  // Rounding alone must neither turn a credit into a charge nor give back more than is left: where a discount took all of the
  // line off, the unit that was never paid would be found nowhere, and nothing would be given back (fitCredits).
  const least = amount + tax - atLeastZero(lineTotal(left));

  return creditOf(line.lineId, { amount, discount: smaller(larger(discount, least), amount + tax), tax });
}

/** What goes back is what was paid for that part; tax and discount follow, and the amount without tax is what they leave. */
function creditOfIncluded(line: BilledLine, wanted: bigint, share: Ratio): CreditLine {
  const left = creditableLeft(line);
  const size = smaller(wanted, atLeastZero(lineTotal(left)));
  const isNothingPaid = size === 0n;
  const takesTheLast = isNothingPaid
    ? lineTotal(left) === 0n && roundedShare(ratio(line.amount), share) >= left.amount
    : size === lineTotal(left);

  if (takesTheLast) {
    return creditOf(line.lineId, left);
  }
  const discount = smaller(roundedShare(ratio(line.discount), share), left.discount);
  const wantedTax = smaller(roundedShare(exactTax(line), share), left.tax);
  const amount = smaller(atLeastZero(size + discount - wantedTax), left.amount);

  return creditOf(line.lineId, { amount, discount, tax: size + discount - amount });
}

function creditOf(lineId: string, { amount, discount, tax }: LineParts): CreditLine {
  return {
    creditsLineId: lineId,
    amount: -amount,
    discount: -discount,
    tax: -tax,
    total: discount - amount - tax,
  };
}

function shareOf(part: bigint, whole: bigint): Ratio {
  return whole === 0n ? ZERO : ratio(part, whole);
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

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function atLeastZero(value: bigint): bigint {
  return larger(value, 0n);
}
