/**
 * Splits an amount over weights without losing a unit: each share is rounded down in size, then the lines with the
 * largest remainders get one unit more, the first of equals first. The shares always sum to the amount.
 *
 * A negative amount is split as its size and negated, so that a credit mirrors the charge it takes back line by line.
 * All weights zero: an even split. A weight of zero beside others gets nothing.
 *
 * @param amount minor units, of either sign
 * @param weights zero or more each
 * @throws RangeError for a negative weight, or for an amount with nothing to carry it
 */
export function splitByLargestRemainder(amount: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) {
    throw new RangeError('A weight is zero or more.');
  }
  if (weights.length === 0) {
    if (amount !== 0n) {
      throw new RangeError('An amount cannot be split over nothing.');
    }
    return [];
  }

  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) {
    return splitByLargestRemainder(
      amount,
      weights.map(() => 1n),
    );
  }
  if (amount < 0n) {
    return splitByLargestRemainder(-amount, weights).map((share) => -share);
  }

  const shares = weights.map((weight) => (amount * weight) / total);
  const unitsLeft = Number(amount - shares.reduce((sum, share) => sum + share, 0n));
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((left, right) =>
      left.remainder === right.remainder ? left.index - right.index : left.remainder > right.remainder ? -1 : 1,
    );
  const favoured = new Set(byRemainder.slice(0, unitsLeft).map(({ index }) => index));

  return shares.map((share, index) => (favoured.has(index) ? share + 1n : share));
}

/** The same over things that carry a weight: each comes back with its share, in the order given. */
export function splitOver<Part>(
  parts: readonly Part[],
  amount: bigint,
  weightOf: (part: Part) => bigint,
): { part: Part; share: bigint }[] {
  const shares = splitByLargestRemainder(amount, parts.map(weightOf));

  return parts.map((part, index) => ({ part, share: shares[index] as bigint }));
}
