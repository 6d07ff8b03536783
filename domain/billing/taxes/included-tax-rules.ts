import { PPM } from '../../money/money-rules';
import { multiplyRatios, ratio, roundHalfUp } from '../../money/ratio-rules';
import { splitByLargestRemainder, splitOver } from '../../money/split-rules';

/** A line whose price holds its tax; minor units, tax included. */
export interface IncludedLine {
  /** What its price comes to. */
  readonly full: bigint;
  /** What discounts before tax leave of it: 0 to `full`. */
  readonly left: bigint;
}

/** The same without its tax; minor units. */
export interface WithoutIncluded {
  /** Of each tax, in the order of the rates. They lie in `left`. */
  readonly taxes: readonly bigint[];
  /** What is left of the price without them. */
  readonly net: bigint;
  /** What the discounts took off the price without tax: none of it where they took off nothing. */
  readonly discount: bigint;
}

/** What a price that holds tax is without it: rounded half up, once. @param ratePpm of all its taxes together */
export function withoutTax(amount: bigint, ratePpm: number): bigint {
  return roundHalfUp(multiplyRatios(ratio(amount), ratio(PPM, PPM + BigInt(ratePpm))));
}

/**
 * Takes the taxes out of lines that bear the same ones: together they hold `amount − amount / (1 + rates)`, rounded once over
 * all of them (D4). By largest remainder that is split over the rates and spread over the lines, so that taxes and nets
 * come to the prices, none is below 0, and no total depends on the order of the lines.
 * @param ratesPpm of the taxes, which lie side by side on the price without them
 * @returns in the order of the lines
 */
export function takeTaxOut(lines: readonly IncludedLine[], ratesPpm: readonly number[]): WithoutIncluded[] {
  const rate = ratesPpm.reduce((sum, one) => sum + one, 0);
  const full = sum(lines, (line) => line.full);
  const left = sum(lines, (line) => line.left);
  const net = withoutTax(left, rate);
  const taxed = splitOver(lines, left - net, (line) => line.left);
  const discounts = splitByLargestRemainder(
    withoutTax(full, rate) - net,
    lines.map((line) => line.full - line.left),
  );
  const byRate = splitByLargestRemainder(
    left - net,
    ratesPpm.map((one) => BigInt(one)),
  );
  // Rate by rate of what is left of each line's tax: the last takes the last, so that both ways they sum.
  const unspread = taxed.map(({ share }) => share);
  const taxes = byRate.map((amount) =>
    splitByLargestRemainder(amount, unspread).map((share, index) => {
      unspread[index] = (unspread[index] ?? 0n) - share;

      return share;
    }),
  );

  return taxed.map(({ part, share }, index) => ({
    taxes: taxes.map((shares) => shares[index] ?? 0n),
    net: part.left - share,
    discount: discounts[index] ?? 0n,
  }));
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => bigint): bigint {
  return items.reduce((total, item) => total + pick(item), 0n);
}
