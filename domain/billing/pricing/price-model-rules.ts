import {
  addRatios,
  compareRatios,
  lesserRatio,
  multiplyRatios,
  parseDecimal,
  type Ratio,
  ratio,
  roundHalfUp,
  roundUp,
  subtractRatios,
  ZERO,
} from '../../money/ratio-rules';
import { PPM } from '../../money/money-rules';
import type { PercentagePrice, PriceModel, PriceTier } from './price-model-types';

/** What was used, exactly. */
export interface MeasuredUsage {
  /** Less than 0, which corrections can bring about, counts as 0. */
  readonly units: Ratio;
  /** How many events it was, and the running sums of the first `freeEvents` of them; asked for by percentages only. */
  readonly events?: number | undefined;
  readonly runningSums?: readonly Ratio[] | undefined;
}

/** One part of what usage costs; `value` is exact. */
export interface UsageCharge {
  readonly kind: 'flat' | 'units' | 'packages' | 'tier' | 'rate' | 'events' | 'minimum';
  /** What is charged for: units, packages or events; 1 of `flat` and `minimum`. */
  readonly quantity: Ratio;
  readonly unitPrice: Ratio;
  /** Minor units due besides, once. */
  readonly flatAmount: Ratio;
  readonly value: Ratio;
}

export interface PricedUsage {
  readonly charges: readonly UsageCharge[];
  /** The sum of the charges, exact. */
  readonly value: Ratio;
  /** The same in minor units, rounded half up once. */
  readonly amount: bigint;
}

/**
 * What usage costs by a price: the free units go first, then the model, then the minimum. Never less than 0. Exact until
 * it is rounded, half up, once. Published results of all tiered, package and percentage models run through this.
 */
export function priceUsage(model: PriceModel, usage: MeasuredUsage): PricedUsage {
  const used = atLeastZero(usage.units);
  const free = decimal(model.freeUnits);
  const charges = withMinimum(chargesOf(model, { ...usage, units: used }, free), model.minimumAmount ?? 0);
  const value = sumOf(charges);

  return { charges, value, amount: roundHalfUp(value) };
}

function chargesOf(model: PriceModel, usage: MeasuredUsage, free: Ratio): UsageCharge[] {
  const units = atLeastZero(subtractRatios(usage.units, free));

  switch (model.model) {
    case 'flat': {
      const isDue = model.freeUnits === undefined || units.numerator > 0n;

      return isDue ? [charge('flat', ratio(1), ratio(model.amount))] : [];
    }
    case 'per_unit':
      return [charge('units', units, decimal(model.unitPrice))];
    case 'package': {
      const size = decimal(model.packageSize);
      const begun = roundUp(multiplyRatios(units, ratio(size.denominator, size.numerator)));

      return [charge('packages', ratio(begun), ratio(model.packageAmount))];
    }
    case 'graduated':
      return tiersReached(model.tiers, units).map(({ tier, units: within }) => chargeOfTier(tier, within));
    case 'volume': {
      const last = tiersReached(model.tiers, units).at(-1);

      return last === undefined ? [] : [chargeOfTier(last.tier, units)];
    }
    case 'percentage':
      return percentageCharges(model, usage, units);
  }
}

/** Each tier that so many units reach, with the units that fall into it; the first one is always reached. */
function tiersReached(tiers: readonly PriceTier[], units: Ratio): { tier: PriceTier; units: Ratio }[] {
  const above = (index: number): Ratio => decimal(tiers[index - 1]?.upTo ?? undefined);

  return tiers
    .map((tier, index) => {
      const end = tier.upTo === null ? units : lesserRatio(decimal(tier.upTo), units);

      return {
        tier,
        units: atLeastZero(subtractRatios(end, above(index))),
        isReached: compareRatios(units, above(index)) > 0,
      };
    })
    .filter(({ isReached }, index) => index === 0 || isReached);
}

const chargeOfTier = (tier: PriceTier, units: Ratio): UsageCharge =>
  charge('tier', units, decimal(tier.unitPrice), ratio(tier.flatAmount ?? 0));

function percentageCharges(model: PercentagePrice, usage: MeasuredUsage, units: Ratio): UsageCharge[] {
  const { eventPrice, freeEvents = 0, freeUnits } = model;
  const rate = charge('rate', units, ratio(model.ratePpm, PPM));

  if (eventPrice === undefined) {
    return [rate];
  }
  const free = (usage.runningSums ?? [])
    .slice(0, freeEvents)
    .filter((sum) => compareRatios(sum, decimal(freeUnits)) <= 0).length;

  return [rate, charge('events', atLeastZero(ratio((usage.events ?? 0) - free)), decimal(eventPrice))];
}

/** What is missing to the minimum is a charge of its own, so that the charges sum up. */
function withMinimum(charges: UsageCharge[], minimumAmount: number): UsageCharge[] {
  const missing = subtractRatios(ratio(minimumAmount), sumOf(charges));

  return missing.numerator > 0n ? [...charges, charge('minimum', ratio(1), missing)] : charges;
}

function charge(kind: UsageCharge['kind'], quantity: Ratio, unitPrice: Ratio, flatAmount = ZERO): UsageCharge {
  return {
    kind,
    quantity,
    unitPrice,
    flatAmount,
    value: addRatios(multiplyRatios(quantity, unitPrice), flatAmount),
  };
}

const decimal = (text: string | undefined): Ratio => (text === undefined ? ZERO : parseDecimal(text));
const sumOf = (charges: readonly UsageCharge[]): Ratio =>
  charges.reduce((sum, { value }) => addRatios(sum, value), ZERO);
const atLeastZero = (value: Ratio): Ratio => (value.numerator < 0n ? ZERO : value);
