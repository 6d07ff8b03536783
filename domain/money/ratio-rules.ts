/**
 * Exact fractions and decimal texts. Every share, rate and price that is not a whole number of minor units stays a
 * fraction until the one place where it is rounded, so no result depends on binary floating point.
 */

/** An exact fraction in lowest terms; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Ratio = { numerator: 0n, denominator: 1n };
export const ONE: Ratio = { numerator: 1n, denominator: 1n };

/** @throws RangeError when the denominator is zero. */
export function ratio(numerator: bigint | number, denominator: bigint | number = 1n): Ratio {
  const top = BigInt(numerator);
  const bottom = BigInt(denominator);
  if (bottom === 0n) {
    throw new RangeError('A ratio needs a denominator other than zero.');
  }

  const divisor = greatestCommonDivisor(absolute(top), absolute(bottom)) * (bottom < 0n ? -1n : 1n);

  return { numerator: top / divisor, denominator: bottom / divisor };
}

export function addRatios(left: Ratio, right: Ratio): Ratio {
  return ratio(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

export function subtractRatios(left: Ratio, right: Ratio): Ratio {
  return addRatios(left, { numerator: -right.numerator, denominator: right.denominator });
}

export function lesserRatio(left: Ratio, right: Ratio): Ratio {
  return compareRatios(left, right) < 0 ? left : right;
}

export function multiplyRatios(...factors: readonly Ratio[]): Ratio {
  return factors.reduce(
    (product, factor) => ratio(product.numerator * factor.numerator, product.denominator * factor.denominator),
    ONE,
  );
}

export function divideRatios(left: Ratio, right: Ratio): Ratio {
  return ratio(left.numerator * right.denominator, left.denominator * right.numerator);
}

/** Below, at or above zero as left is smaller than, equal to or greater than right. */
export function compareRatios(left: Ratio, right: Ratio): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;

  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** To the nearest whole number, a half away from zero: 2.5 → 3, −2.5 → −3. */
export function roundHalfUp(value: Ratio): bigint {
  const size = absolute(value.numerator);
  const rounded = (2n * size + value.denominator) / (2n * value.denominator);

  return value.numerator < 0n ? -rounded : rounded;
}

/** The largest whole number that is not above the value. */
export function roundDown(value: Ratio): bigint {
  const quotient = value.numerator / value.denominator;
  const isExact = quotient * value.denominator === value.numerator;

  return value.numerator < 0n && !isExact ? quotient - 1n : quotient;
}

/** The smallest whole number that is not below the value. */
export function roundUp(value: Ratio): bigint {
  return -roundDown({ numerator: -value.numerator, denominator: value.denominator });
}

/** Half up to so many decimal places; still exact. */
export function roundToPlaces(value: Ratio, places: number): Ratio {
  const scale = 10n ** BigInt(places);

  return ratio(roundHalfUp(multiplyRatios(value, ratio(scale))), scale);
}

/** Reads '12', '-0.5', '1234.5678' exactly. @throws RangeError for any other text. */
export function parseDecimal(text: string): Ratio {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) {
    throw new RangeError(`Not a decimal number: ${JSON.stringify(text)}`);
  }

  const [, sign, whole = '0', fraction = ''] = match;
  const size = ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));

  return sign === '-' ? { numerator: -size.numerator, denominator: size.denominator } : size;
}

/** Writes the value with exactly `places` decimals, rounded half up: (2/3, 2) → '0.67'. */
export function formatDecimal(value: Ratio, places: number): string {
  const scaled = roundHalfUp(multiplyRatios(value, ratio(10n ** BigInt(places))));
  const digits = absolute(scaled)
    .toString()
    .padStart(places + 1, '0');
  const sign = scaled < 0n ? '-' : '';

  return places === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`;
}

/** Writes a decimal with the places that it has: 1/8 → '0.125', 3 → '3'. @throws RangeError for what is none, as 1/3 */
export function formatExactDecimal(value: Ratio): string {
  let places = 0;

  for (let rest = value.denominator; rest !== 1n; places += 1) {
    const divisor = rest % 10n === 0n ? 10n : rest % 5n === 0n ? 5n : 2n;

    if (rest % divisor !== 0n) {
      throw new RangeError(`${value.numerator}/${value.denominator} is no decimal number.`);
    }
    rest /= divisor;
  }

  return formatDecimal(value, places);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) {
    [a, b] = [b, a % b];
  }

  return a === 0n ? 1n : a;
}
