import { applyRate } from '../../money/money-rules';
import { roundHalfUp } from '../../money/ratio-rules';
import { splitByLargestRemainder } from '../../money/split-rules';

/** An amount before tax, and the rate that holds for it. */
export interface TaxableLine {
  /** minor units, 0 or more */
  readonly taxable: bigint;
  /** parts per million */
  readonly taxRatePpm: number;
}

/** What a document shows for one rate. */
export interface TaxOfRate {
  readonly taxRatePpm: number;
  readonly taxable: bigint;
  readonly tax: bigint;
}

export interface TaxedLines {
  readonly tax: bigint;
  /** The tax of each line, in the order given; sums to `tax`. */
  readonly byLine: readonly bigint[];
  readonly byRate: readonly TaxOfRate[];
}

/**
 * Tax is rounded once for each rate, over everything that bears it, and then spread to the lines by largest remainder
 * (D4): rate, lines and document always agree to the unit.
 */
export function taxLines(lines: readonly TaxableLine[]): TaxedLines {
  const byLine = lines.map(() => 0n);
  const byRate: TaxOfRate[] = [];

  for (const taxRatePpm of new Set(lines.map((line) => line.taxRatePpm))) {
    const bearing = [...lines.entries()].filter(([, line]) => line.taxRatePpm === taxRatePpm);
    const taxable = bearing.reduce((sum, [, line]) => sum + line.taxable, 0n);
    const tax = roundHalfUp(applyRate(taxable, taxRatePpm));
    const shares = splitByLargestRemainder(
      tax,
      bearing.map(([, line]) => line.taxable),
    );
    bearing.forEach(([index], position) => {
      byLine[index] = shares[position] ?? 0n;
    });
    byRate.push({ taxRatePpm, taxable, tax });
  }

  return { tax: byRate.reduce((sum, rate) => sum + rate.tax, 0n), byLine, byRate };
}
