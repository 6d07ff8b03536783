import { AppError } from '../errors';
import { multiplyRatios, parseDecimal, ratio, type Ratio } from './ratio-rules';

/**
 * Money is a whole number of minor units of its currency (D4): a bigint inside the rules, a safe-integer number at every
 * boundary (JSON, rows, workflow inputs). Rates are parts per million, so 10 % is 100,000.
 */

/** Parts in a whole rate. */
export const PPM = 1_000_000n;

/** Takes an amount in minor units into the rules. @throws AppError amount_out_of_range unless it is a safe integer. */
export function toMinorUnits(amount: number, field = 'amount'): bigint {
  if (!Number.isSafeInteger(amount)) {
    throw new AppError('amount_out_of_range', { field, detail: `${field} is not a whole number of minor units.` });
  }

  return BigInt(amount);
}

/** Hands an amount in minor units out of the rules. @throws AppError amount_out_of_range above 2^53 − 1 in size. */
export function toSafeNumber(amount: bigint, field = 'amount'): number {
  const result = Number(amount);
  if (!Number.isSafeInteger(result)) {
    throw new AppError('amount_out_of_range', { field, detail: `${field} is larger than can be stored exactly.` });
  }

  // −0 is not an amount anybody means.
  return result === 0 ? 0 : result;
}

/** @throws AppError currency_mismatch when one billing account would mix currencies (D4). */
export function assertOneCurrency(currencies: readonly string[]): void {
  const distinct = [...new Set(currencies.map((currency) => currency.toUpperCase()))];
  if (distinct.length > 1) {
    throw new AppError('currency_mismatch', {
      field: 'currency',
      detail: `One invoice has one currency, not ${distinct.join(' and ')}.`,
    });
  }
}

/** An exact part of an amount; round it once, where the line is made. */
export function applyRate(amount: bigint, ratePpm: number): Ratio {
  return ratio(amount * rateToBigint(ratePpm), PPM);
}

/** Parts per million of a fraction in decimal text: '0.1' → 100,000 (how TAX_RATE is written). */
export function rateFromFraction(text: string): number {
  return exactRate(multiplyRatios(parseDecimal(text), ratio(PPM)), text);
}

function exactRate(ppm: Ratio, text: string): number {
  if (ppm.denominator !== 1n || ppm.numerator < 0n) {
    throw new AppError('amount_out_of_range', {
      field: 'rate',
      detail: `${text} is not a rate in whole parts per million.`,
    });
  }

  return toSafeNumber(ppm.numerator, 'rate');
}

function rateToBigint(ratePpm: number): bigint {
  if (!Number.isSafeInteger(ratePpm) || ratePpm < 0) {
    throw new AppError('amount_out_of_range', { field: 'rate', detail: 'A rate is a whole number of ppm, 0 or more.' });
  }

  return BigInt(ratePpm);
}
