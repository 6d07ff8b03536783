import { splitOver } from '../../money/split-rules';
import type { DiscountTiming } from '../pricing/pricer-rules';
import { byTax, taxKey } from './tax-rules';
import type { LineTax } from './tax-types';

/** A line of an invoice or credit note as it is stored; minor units. */
export interface TaxedLine {
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  /** All of its taxes together. */
  readonly taxRatePpm: number;
  /** Each of them; null where it bears the company's rate alone. */
  readonly taxes: readonly LineTax[] | null;
  readonly discountTiming: DiscountTiming;
}

/** The taxes of a line, also of one that bears the company's rate alone. */
export function taxesOfLine(line: TaxedLine): readonly LineTax[] {
  const { subtotal, discount, tax, taxRatePpm, taxes, discountTiming } = line;

  return (
    taxes ?? [
      {
        code: null,
        name: null,
        ratePpm: taxRatePpm,
        base: taxBase({ subtotal, discount, discountTiming }),
        amount: tax,
      },
    ]
  );
}

/** What the taxes of a line are taken on (D14). */
export function taxBase({
  subtotal,
  discount,
  discountTiming,
}: Omit<TaxedLine, 'tax' | 'taxRatePpm' | 'taxes'>): number {
  return discountTiming === 'before_tax' ? subtotal - discount : subtotal;
}

/** What a document owes of each tax and rate: the sums of its lines, so that they come to its tax. */
export function summariseTaxes(lines: readonly TaxedLine[]): LineTax[] {
  const sums = new Map<string, LineTax>();

  for (const tax of lines.flatMap(taxesOfLine)) {
    const sum = sums.get(taxKey(tax));
    sums.set(
      taxKey(tax),
      sum === undefined ? tax : { ...sum, base: sum.base + tax.base, amount: sum.amount + tax.amount },
    );
  }

  return [...sums.values()].sort(byTax);
}

/** What is left of each tax of a line after credits, whose amounts are negative. */
export function taxesLeftOf(taxes: readonly LineTax[], credited: readonly LineTax[]): LineTax[] {
  return taxes.map((tax) =>
    credited
      .filter((one) => taxKey(one) === taxKey(tax))
      .reduce((left, { base, amount }) => ({ ...left, base: left.base + base, amount: left.amount + amount }), tax),
  );
}

/**
 * Splits the tax that a credit gives back over the taxes of its line, by what is left of each: never more than that, and
 * the credit that takes the last of the line's tax takes the last of each (D21).
 * @param left of each tax of the line, after earlier credits; minor units, 0 or more
 * @param given what is given back: `tax` as a positive size, at most what is left together; `base` likewise
 */
export function splitCreditedTax(left: readonly LineTax[], given: { tax: number; base: number }): LineTax[] {
  return left.length === 0
    ? []
    : splitOver(left, BigInt(given.tax), ({ amount }) => BigInt(amount)).map(({ part, share }) => ({
        ...part,
        base: -given.base,
        amount: share === 0n ? 0 : -Number(share),
      }));
}
