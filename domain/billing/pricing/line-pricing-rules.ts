import { AppError } from '../../errors';
import { type Discount, type DiscountBasis, discountLines, discountOf } from './discount-rules';
import { splitByLargestRemainder } from '../../money/split-rules';
import { type TaxOfRate, taxLines } from './tax-rules';

/** A charge before tax and discount. */
export interface ChargeLine {
  /** minor units, 0 or more; credits are lines of their own (`credit-line-rules.ts`) */
  readonly amount: bigint;
  readonly taxRatePpm: number;
}

/** D14: the documents take the discount after the tax; a company may choose to tax what is left of the price instead. */
export type DiscountTiming = 'after_tax' | 'before_tax';

export interface LinePricingSettings {
  readonly discount?: Discount | null;
  /** default `after_tax` */
  readonly discountTiming?: DiscountTiming;
  /** default `on_total` */
  readonly discountBasis?: DiscountBasis;
}

export interface PricedLine {
  readonly amount: bigint;
  readonly taxRatePpm: number;
  readonly tax: bigint;
  readonly discount: bigint;
  /** amount + tax − discount */
  readonly total: bigint;
}

export interface PricedLines {
  readonly lines: readonly PricedLine[];
  readonly taxes: readonly TaxOfRate[];
  readonly subtotal: bigint;
  readonly tax: bigint;
  readonly discount: bigint;
  /** subtotal + tax − discount, never below 0 */
  readonly total: bigint;
}

/**
 * Prices the charges of one document: tax per rate, discount, and both spread to the lines so that every column sums to
 * its total (D4, D14). `after_tax`: total = max(0, subtotal + tax − discount), a percentage being of the subtotal; the
 * discount that is stored is what was really given. `before_tax`: the tax is on what the discount leaves.
 *
 * @throws AppError amount_out_of_range for a negative charge or discount
 */
export function priceChargeLines(charges: readonly ChargeLine[], settings: LinePricingSettings = {}): PricedLines {
  const { discount = null, discountTiming = 'after_tax', discountBasis = 'on_total' } = settings;
  if (charges.some((charge) => charge.amount < 0n) || (discount?.kind === 'amount' && discount.amount < 0n)) {
    throw new AppError('amount_out_of_range', { field: 'amount', detail: 'A charge or discount cannot be negative.' });
  }

  const amounts = charges.map((charge) => charge.amount);
  const fromPrice = discountLines(amounts, discount, discountBasis);
  const isBeforeTax = discountTiming === 'before_tax';
  const taxed = taxLines(
    charges.map((charge, index) => ({
      taxable: isBeforeTax ? charge.amount - (fromPrice[index] ?? 0n) : charge.amount,
      taxRatePpm: charge.taxRatePpm,
    })),
  );
  const fromTax = isBeforeTax ? amounts.map(() => 0n) : discountFromTax(amounts, taxed.byLine, discount);

  const lines = charges.map((charge, index) => {
    const tax = taxed.byLine[index] ?? 0n;
    const given = (fromPrice[index] ?? 0n) + (fromTax[index] ?? 0n);

    return {
      amount: charge.amount,
      taxRatePpm: charge.taxRatePpm,
      tax,
      discount: given,
      total: lineTotal({ amount: charge.amount, tax, discount: given }),
    };
  });

  return { lines, taxes: taxed.byRate, ...sumLines(lines) };
}

/** What a line comes to: amount + tax − discount, of charges and credits alike. */
export function lineTotal({ amount, tax, discount }: Pick<PricedLine, 'amount' | 'tax' | 'discount'>): bigint {
  return amount + tax - discount;
}

/** The totals of lines that are priced already, charges and credits alike. */
export function sumLines(lines: readonly PricedLine[]): Pick<PricedLines, 'subtotal' | 'tax' | 'discount' | 'total'> {
  const sumOf = (column: 'amount' | 'tax' | 'discount' | 'total') =>
    lines.reduce((sum, line) => sum + line[column], 0n);

  return { subtotal: sumOf('amount'), tax: sumOf('tax'), discount: sumOf('discount'), total: sumOf('total') };
}

/** A discount after tax that is larger than the subtotal goes on into the tax, and ends where nothing is left to pay. */
function discountFromTax(amounts: readonly bigint[], taxes: readonly bigint[], discount: Discount | null): bigint[] {
  const subtotal = amounts.reduce((sum, amount) => sum + amount, 0n);
  const tax = taxes.reduce((sum, amount) => sum + amount, 0n);
  const excess = discount ? discountOf(subtotal, discount) - subtotal : 0n;
  if (excess <= 0n) {
    return taxes.map(() => 0n);
  }

  return splitByLargestRemainder(excess < tax ? excess : tax, taxes);
}
