import { addRatios, compareRatios, type Ratio, ratio, subtractRatios } from '../money/ratio-rules';
import type { EntitlementGrant, HeldFeature, MeasuredGrant, ToppedUp } from './entitlement-types';

/** What several sources come to. */
export interface Allowance {
  isEntitled: boolean;
  isUnlimited: boolean;
  /** Of its unit; null where the feature is there or not, or has no limit. */
  limit: number | null;
  used: Ratio | null;
  remaining: Ratio | null;
  /** What is left of units that were bought ahead, within `remaining`; null where there are none. */
  prepaid: Ratio | null;
  /** When the balance of the period that ends first begins anew, epoch milliseconds. */
  resetsAt: number | null;
}

const none: Allowance = {
  isEntitled: false,
  isUnlimited: false,
  limit: null,
  used: null,
  remaining: null,
  prepaid: null,
  resetsAt: null,
};
const zero = ratio(0n);

/**
 * Of a feature that is there or not, one source is enough; numbers add up, times seats or pieces where they are for each;
 * one source without a limit takes the limit away. A limit of 0 is none.
 */
export function allowanceOf({ kind, grants }: Pick<HeldFeature, 'kind' | 'grants'>): Allowance {
  if (grants.length === 0) {
    return kind === 'boolean' ? none : { ...none, limit: 0 };
  }

  if (kind === 'boolean') {
    return { ...none, isEntitled: true };
  }

  if (grants.some(({ value }) => value === 'unlimited')) {
    return { ...none, isEntitled: true, isUnlimited: true };
  }
  const limit = sumOf(grants);

  return { ...none, isEntitled: limit > 0, limit };
}

/**
 * The same of a metered one. Balances of one period are one balance, which the customer's usage of that period draws down;
 * those of several subscriptions with other periods each see the usage of their own, and what is left of them adds up. Units
 * that were bought ahead add to it, with what is drawn on them.
 */
export function meteredAllowance(measured: readonly MeasuredGrant[], toppedUp: ToppedUp | null = null): Allowance {
  const total = allowanceOf({ kind: 'metered', grants: measured.map(({ grant }) => grant) });
  const periods = [...new Map(measured.map((one) => [`${one.period.startsAt}/${one.period.endsAt}`, one])).values()];
  const drawn = toppedUp === null ? zero : subtractRatios(toppedUp.bought, toppedUp.left);
  const used = periods.reduce((sum, one) => addRatios(sum, one.used), drawn);
  const prepaid = toppedUp?.left ?? null;
  const resetsAt = periods.length === 0 ? null : Math.min(...periods.map(({ period }) => period.endsAt));

  if (total.limit === null) {
    return { ...total, used, resetsAt, prepaid };
  }
  const remaining = periods.reduce((sum, one) => addRatios(sum, leftOf(one, measured)), prepaid ?? zero);
  const limit = Math.min(total.limit + Number(toppedUp?.bought.numerator ?? 0n), Number.MAX_SAFE_INTEGER);

  return { ...total, limit, isEntitled: compareRatios(remaining, zero) > 0, used, remaining, resetsAt, prepaid };
}

/** Of the balance of one period; never below nothing. */
function leftOf({ period, used }: MeasuredGrant, measured: readonly MeasuredGrant[]): Ratio {
  const grants = measured.filter(
    (one) => one.period.startsAt === period.startsAt && one.period.endsAt === period.endsAt,
  );
  const left = subtractRatios(ratio(sumOf(grants.map(({ grant }) => grant))), used);

  return compareRatios(left, zero) > 0 ? left : zero;
}

/** What grants give together; beyond what a number holds exactly, that. */
function sumOf(grants: readonly EntitlementGrant[]): number {
  const sum = grants.reduce(
    (total, { value, perUnit, quantity }) => total + (typeof value === 'number' ? value * (perUnit ? quantity : 1) : 0),
    0,
  );

  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}

/** When the last of the grants ends, ISO 8601; null: not known to, or there is none. */
export function validUntilOf(grants: readonly Pick<EntitlementGrant, 'validUntil'>[]): string | null {
  const ends = grants.map(({ validUntil }) => validUntil);

  return ends.reduce((latest, at) => (latest === null || at === null ? null : later(latest, at)), ends[0] ?? null);
}

const later = (one: string, other: string) => (Date.parse(other) > Date.parse(one) ? other : one);
