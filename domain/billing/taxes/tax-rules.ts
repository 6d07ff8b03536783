import type { LocalDate } from '../../calendar/calendar-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { withoutTax } from './included-tax-rules';
import type { Taxation, TaxOfLine, TaxPoint, TaxRate } from './tax-types';

/** Of what nobody has put into another one. */
export const standardCategory = 'standard';

/** A company that taxes by its setting alone, of a buyer nobody knows. */
export const noTaxation: Taxation = {
  rates: [],
  taxStatus: 'taxable',
  planCategories: {},
  addonCategories: {},
};

/**
 * The taxes of something sold: every rate of its category that holds on the day of the tax point, side by side; where there
 * is none, the company's one rate. Vietnam's VAT of 8 % until 31 December 2026 (Resolution 204/2025/QH15) and of 10 % from
 * 1 January 2027 are two rates of one category. Nothing is charged to a buyer who is exempt, or who accounts for the tax
 * itself (reverse charge).
 */
export function taxesOn(category: string, { rates, date, companyRatePpm, taxStatus }: TaxPoint): TaxOfLine[] {
  if (taxStatus !== 'taxable') {
    return [];
  }
  const held = rates.filter((rate) => rate.taxCategory === category && isValidOn(rate, date));

  return held.length === 0
    ? [{ code: null, name: null, ratePpm: companyRatePpm }]
    : held.map(({ code, name, ratePpm }) => ({ code, name, ratePpm }));
}

/** What is sold at a price, as far as taxes ask; minor units. */
export interface TaxedPrice {
  readonly amount: bigint;
  readonly taxCategory: string;
  readonly taxBehavior: TaxBehavior;
}

/**
 * What is charged for a price on a document, for the pricer. A buyer of whom no tax is charged pays a price that holds it
 * without it: the rates that a taxable buyer bears are taken out, rounded once.
 */
export function chargeOf({ amount, taxCategory, taxBehavior }: TaxedPrice, at: TaxPoint) {
  const held = taxesOn(taxCategory, { ...at, taxStatus: 'taxable' });
  const isTaken = taxBehavior === 'inclusive' && at.taxStatus !== 'taxable';

  return {
    amount: isTaken ? withoutTax(amount, combinedRate(held)) : amount,
    taxes: at.taxStatus === 'taxable' ? held : [],
    taxBehavior,
  };
}

/** Of what a subscription bills, by its plan or add-on; what is neither is in the standard category. */
export function categoryOf(
  { planCategories, addonCategories }: Taxation,
  of: { planId?: number | null; addonId?: number | null },
): string {
  return planCategories[of.planId ?? ''] ?? addonCategories[of.addonId ?? ''] ?? standardCategory;
}

/** What all taxes of a line come to together: they lie side by side on the same base, none on another. */
export function combinedRate(taxes: readonly TaxOfLine[]): number {
  return taxes.reduce((sum, { ratePpm }) => sum + ratePpm, 0);
}

/** Whether two lines bear the same tax, so that it is rounded once over both. */
export function taxKey({ code, ratePpm }: TaxOfLine): string {
  return `${code ?? ''}/${ratePpm}`;
}

/** In an order that does not depend on how lines stand. */
export function byTax(left: TaxOfLine, right: TaxOfLine): number {
  const [a, b] = [left.code ?? '', right.code ?? ''];

  return a < b ? -1 : a > b ? 1 : left.ratePpm - right.ratePpm;
}

function isValidOn({ validFrom, validUntil }: TaxRate, date: LocalDate): boolean {
  return (validFrom === null || validFrom <= date) && (validUntil === null || date <= validUntil);
}
