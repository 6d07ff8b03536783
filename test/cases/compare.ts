import { compareRatios, parseDecimal, type Ratio, ratio } from '../../domain/money/ratio-rules';

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const FRACTION = /^(\d+)\/(\d+)$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Whether what came out is what was expected. Every key expected must be there, more may be. Numbers and decimal texts
 * are compared as exact decimals, fractions by value, instants as moments, everything else as it stands.
 */
export function matches(actual: unknown, expected: unknown): boolean {
  if (expected === null || typeof expected === 'boolean') {
    return actual === expected;
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((value, index) => matches(actual[index], value))
    );
  }
  if (typeof expected === 'object') {
    return (
      isRecord(actual) &&
      Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && matches(actual[key], value))
    );
  }

  return matchesText(String(actual), String(expected));
}

/** The same values, in any order. */
export function matchesAsSet(actual: unknown, expected: unknown): boolean {
  if (!Array.isArray(actual) || !Array.isArray(expected) || actual.length !== expected.length) {
    return false;
  }

  const left = [...actual];

  return expected.every((value) => {
    const found = left.findIndex((candidate) => matches(candidate, value));
    return found >= 0 && left.splice(found, 1).length === 1;
  });
}

/** The same texts, key by key: for codes and digests, where 01 is not 1. */
export function matchesExactly(actual: unknown, expected: unknown): boolean {
  return isRecord(actual) && isRecord(expected)
    ? Object.entries(expected).every(([key, value]) => matchesExactly(actual[key], value))
    : actual === expected;
}

function matchesText(actual: string, expected: string): boolean {
  const [actualNumber, expectedNumber] = [toNumber(actual), toNumber(expected)];
  if (actualNumber && expectedNumber) {
    return compareRatios(actualNumber, expectedNumber) === 0;
  }
  if (INSTANT.test(actual) && INSTANT.test(expected)) {
    return toSeconds(actual) === toSeconds(expected);
  }

  return actual === expected;
}

function toNumber(text: string): Ratio | null {
  if (DECIMAL.test(text)) {
    return parseDecimal(text);
  }

  const fraction = FRACTION.exec(text);

  return fraction ? ratio(BigInt(fraction[1] ?? ''), BigInt(fraction[2] ?? '')) : null;
}

function toSeconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
