import { AppError } from '../../errors';
import { applyRate, toSafeNumber } from '../../money/money-rules';
import { roundHalfUp } from '../../money/ratio-rules';
import { splitOver } from '../../money/split-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { takeTaxOut } from '../taxes/included-tax-rules';

/** A charge before adjustments. */
export interface ChargeLine<Source> {
  /** What it is for; it comes back with its price. */
  readonly source: Source;
  /** What its price comes to: minor units, 0 or more; credits are lines of their own (`credit-line-rules.ts`) */
  readonly amount: bigint;
  /** Whether that holds its taxes; exclusive when absent. */
  readonly taxBehavior?: TaxBehavior | undefined;
}

/** D14: the documents take a discount after the tax; a company may choose to tax what is left of the price instead. */
export type DiscountTiming = 'after_tax' | 'before_tax';

/** Names what an adjustment comes from. */
export interface AppliedPromotion {
  readonly promotionId: number;
  readonly code: string;
}

/** What a promotion took off a line or a document, in minor units. */
export interface PromotionDiscount extends AppliedPromotion {
  readonly amount: number;
}

/**
 * Something that lowers what lines cost, as coupons do. Adjustments apply in the order given, those
 * before tax first, each to what the ones before it have left.
 */
export type Adjustment<Source> = {
  readonly timing: DiscountTiming;
  /** Of the lines that it holds for; all when absent. */
  appliesTo?(source: Source): boolean;
  /** Most that it takes off all lines together, minor units. */
  readonly most?: bigint;
  /** The promotion that it comes from; it comes back with what was taken off. */
  readonly promotion?: AppliedPromotion;
} & (
  | {
      readonly kind: 'percent';
      readonly ratePpm: number;
      /** Rounded half up once on the total and then spread, or once on every line; the two may differ by a few units. */
      readonly basis: 'on_total' | 'by_line';
    }
  /** minor units, spread in proportion to what is left of the lines */
  | { readonly kind: 'amount'; readonly amount: bigint }
);

/** A tax on what adjustments before tax leave of a line. Several may lie on one line, none of them on another. */
export interface Tax<Source> {
  /** parts per million */
  readonly ratePpm: number;
  /** Of the lines that bear it; all when absent. */
  appliesTo?(source: Source): boolean;
}

/** What an adjustment took off a line; minor units. */
export interface TakenOff<Source> {
  readonly adjustment: Adjustment<Source>;
  /** Its part of the line's discount. */
  readonly amount: bigint;
  /** What it took off the price as it is shown: the same, but for the tax in what is taken off before tax of a price that holds it. */
  readonly shown: bigint;
}

/** Minor units; `amount` before tax, whether the price holds it or not. total = amount + tax − discount, and never below 0. */
export interface PricedLine<Source, Borne extends Tax<Source> = Tax<Source>> {
  readonly source: Source;
  readonly amount: bigint;
  readonly taxes: readonly { readonly tax: Borne; readonly base: bigint; readonly amount: bigint }[];
  readonly adjustments: readonly TakenOff<Source>[];
  readonly tax: bigint;
  readonly discount: bigint;
  readonly total: bigint;
}

/** What lines come to together. */
export interface Totals {
  readonly subtotal: bigint;
  readonly tax: bigint;
  readonly discount: bigint;
  readonly total: bigint;
}

/** A line that is being priced. */
interface Draft<Source, Borne extends Tax<Source> = Tax<Source>> {
  readonly source: Source;
  readonly price: bigint;
  readonly isInclusive: boolean;
  /** Before tax. */
  amount: bigint;
  /** Of the price as it is shown. */
  priceLeft: bigint;
  /** Of what is added to it. */
  taxLeft: bigint;
  tax: bigint;
  readonly taxes: { tax: Borne; base: bigint; amount: bigint }[];
  adjustments: TakenOff<Source>[];
}

/**
 * Prices the lines of one document; everything that shows or bills an amount comes through here. Tax is rounded half up
 * once for each tax, over all that bears it; taxes and adjustments are spread by largest remainder, so that every column
 * sums to its total (D4, D14). An adjustment after tax goes on into the tax once it has used the price up, and ends where
 * nothing is left to pay: total = max(0, subtotal + tax − discount), a percentage being of the price. The order of lines
 * changes no total.
 *
 * Where a price holds its tax, adjustments take from the price as it is shown, and what they leave is paid, to the minor
 * unit; before tax they lower the tax in it, after tax they do not (D14). The line's amount and discount are without tax
 * all the same, so that the sum above holds for every line.
 *
 * @returns the lines in the order given, each with its source
 * @throws AppError amount_out_of_range for a negative charge, adjustment or rate
 */
export function priceLines<Source, Borne extends Tax<Source> = Tax<Source>>(
  lines: readonly ChargeLine<Source>[],
  adjustments: readonly Adjustment<Source>[],
  taxes: readonly Borne[],
): PricedLine<Source, Borne>[] {
  if (lines.some(({ amount }) => amount < 0n) || adjustments.some((one) => one.kind === 'amount' && one.amount < 0n)) {
    throw new AppError('amount_out_of_range', { field: 'amount', detail: 'A charge or discount cannot be negative.' });
  }
  const drafts = lines.map((line) => draftOf<Source, Borne>(line));
  const ranked = adjustments.length === 0 ? drafts : rank(drafts, adjustments, taxes);
  const taking = (timing: DiscountTiming) =>
    adjustments.filter((one) => one.timing === timing).forEach((one) => take(ranked, one));

  taking('before_tax');
  const exclusive = drafts.filter(({ isInclusive }) => !isInclusive);
  taxes.forEach((tax) => addTax(exclusive, tax));
  takeOutTaxes(
    ranked.filter(({ isInclusive }) => isInclusive),
    taxes,
  );
  taking('after_tax');

  return drafts.map(({ source, amount, tax, taxes: of, adjustments: taken, priceLeft, taxLeft }) => {
    const total = priceLeft + taxLeft;

    return { source, amount, taxes: of, adjustments: taken, tax, discount: amount + tax - total, total };
  });
}

/** The same of a document's only line. */
export function priceLine<Source>(
  line: ChargeLine<Source>,
  adjustments: readonly Adjustment<Source>[],
  taxes: readonly Tax<Source>[],
): PricedLine<Source> {
  return priceLines([line], adjustments, taxes)[0] as PricedLine<Source>;
}

/** What a line comes to, of charges and credits alike. */
export function lineTotal({ amount, tax, discount }: { amount: bigint; tax: bigint; discount: bigint }): bigint {
  return amount + tax - discount;
}

/** The totals of lines that are priced, charges and credits alike. */
export function sumLines(lines: readonly { amount: bigint; tax: bigint; discount: bigint; total: bigint }[]): Totals {
  return {
    subtotal: sum(lines, ({ amount }) => amount),
    tax: sum(lines, ({ tax }) => tax),
    discount: sum(lines, ({ discount }) => discount),
    total: sum(lines, ({ total }) => total),
  };
}

/**
 * What each promotion took off, in the order in which they did; none that took nothing off.
 * @param of `amount`: their parts of a discount; `shown`: what they took off prices as they are shown, as their own amounts are
 */
export function takenByPromotions(
  taken: readonly { adjustment: Pick<Adjustment<never>, 'promotion'>; amount: bigint; shown: bigint }[],
  of: 'amount' | 'shown',
): PromotionDiscount[] {
  const sums = new Map<number, { promotion: AppliedPromotion; amount: bigint }>();

  for (const { adjustment, [of]: amount } of taken) {
    if (adjustment.promotion !== undefined && amount > 0n) {
      const { promotion } = adjustment;
      const before = sums.get(promotion.promotionId)?.amount ?? 0n;
      sums.set(promotion.promotionId, { promotion, amount: before + amount });
    }
  }

  return [...sums.values()].map(({ promotion: { promotionId, code }, amount }) => ({
    promotionId,
    code,
    amount: toSafeNumber(amount, 'discount'),
  }));
}

function draftOf<Source, Borne extends Tax<Source>>({
  source,
  amount,
  taxBehavior,
}: ChargeLine<Source>): Draft<Source, Borne> {
  const isInclusive = taxBehavior === 'inclusive';

  return {
    source,
    price: amount,
    isInclusive,
    amount,
    priceLeft: amount,
    taxLeft: 0n,
    tax: 0n,
    taxes: [],
    adjustments: [],
  };
}

/**
 * An order that follows from the lines and not from how they stand: the unit that a split has left over goes to the same
 * kind of line whichever came first, so that tax does not depend on it.
 */
function rank<Source, Borne extends Tax<Source>>(
  drafts: readonly Draft<Source, Borne>[],
  adjustments: readonly Adjustment<Source>[],
  taxes: readonly Borne[],
): Draft<Source, Borne>[] {
  const kindOf = ({ source, isInclusive }: Draft<Source, Borne>) =>
    `${scopesOf(source, [...taxes, ...adjustments])}${isInclusive ? '1' : '0'}`;
  const keyed = drafts.map((draft) => ({ draft, kind: kindOf(draft) }));

  return keyed
    .sort((a, b) => b.kind.localeCompare(a.kind, 'en') || Number(b.draft.amount - a.draft.amount))
    .map(({ draft }) => draft);
}

/** The unit-true sum is `most` when that is less; what the price cannot bear goes into the tax, where there is one yet. */
function take<Source>(drafts: readonly Draft<Source>[], adjustment: Adjustment<Source>): void {
  const eligible = drafts.filter(({ source }) => isFor(adjustment, source));
  const wanted = wantedOf(eligible, adjustment);
  const limit = smaller(
    wanted,
    adjustment.most ?? wanted,
    sum(eligible, ({ priceLeft, taxLeft }) => priceLeft + taxLeft),
  );
  const fromPrice = smaller(
    limit,
    sum(eligible, ({ priceLeft }) => priceLeft),
  );
  const isByLine = adjustment.kind === 'percent' && adjustment.basis === 'by_line' && fromPrice === wanted;
  const weightOf = ({ priceLeft }: Draft<Source>) =>
    isByLine ? roundHalfUp(applyRate(priceLeft, adjustment.ratePpm)) : priceLeft;
  const taken = new Map(eligible.map((draft) => [draft, 0n]));

  spread(eligible, fromPrice, weightOf, (draft, amount) => {
    draft.priceLeft -= amount;
    taken.set(draft, amount);
  });
  spread(
    eligible,
    limit - fromPrice,
    ({ taxLeft }) => taxLeft,
    (draft, amount) => {
      draft.taxLeft -= amount;
      taken.set(draft, (taken.get(draft) ?? 0n) + amount);
    },
  );
  taken.forEach((amount, draft) => draft.adjustments.push({ adjustment, amount, shown: amount }));
}

/** Minor units that an adjustment is worth before any limit. */
function wantedOf<Source>(eligible: readonly Draft<Source>[], adjustment: Adjustment<Source>): bigint {
  if (adjustment.kind === 'amount') {
    return adjustment.amount;
  }
  const discountOf = (price: bigint) => roundHalfUp(applyRate(price, adjustment.ratePpm));

  return adjustment.basis === 'by_line'
    ? sum(eligible, ({ priceLeft }) => discountOf(priceLeft))
    : discountOf(sum(eligible, ({ priceLeft }) => priceLeft));
}

function addTax<Source, Borne extends Tax<Source>>(drafts: readonly Draft<Source, Borne>[], tax: Borne): void {
  const bearing = tax.appliesTo === undefined ? drafts : drafts.filter(({ source }) => isFor(tax, source));
  const due = roundHalfUp(
    applyRate(
      sum(bearing, ({ priceLeft }) => priceLeft),
      tax.ratePpm,
    ),
  );

  spread(
    bearing,
    due,
    ({ priceLeft }) => priceLeft,
    (draft, amount) => {
      draft.tax += amount;
      draft.taxLeft += amount;
      draft.taxes.push({ tax, base: draft.priceLeft, amount });
    },
  );
}

/** Prices that hold tax, those with the same taxes together. */
function takeOutTaxes<Source, Borne extends Tax<Source>>(
  drafts: readonly Draft<Source, Borne>[],
  taxes: readonly Borne[],
): void {
  const kinds = new Set(drafts.map(({ source }) => scopesOf(source, taxes)));

  for (const kind of kinds) {
    const group = drafts.filter(({ source }) => scopesOf(source, taxes) === kind);
    const borne = taxes.filter((tax) => group.some(({ source }) => isFor(tax, source)));
    const lines = group.map(({ price, priceLeft }) => ({ full: price, left: priceLeft }));
    const without = takeTaxOut(
      lines,
      borne.map(({ ratePpm }) => ratePpm),
    );
    group.forEach((draft, index) => {
      const { taxes: amounts, net, discount } = without[index] as (typeof without)[number];
      draft.amount = net + discount;
      draft.tax = draft.priceLeft - net;
      draft.taxes.push(...borne.map((tax, nth) => ({ tax, base: net, amount: amounts[nth] as bigint })));
      draft.adjustments = splitOver(draft.adjustments, discount, ({ shown }) => shown).map(({ part, share }) => ({
        ...part,
        amount: share,
      }));
    });
  }
}

/** Splits an amount over lines by weight and hands each line its share. */
function spread<Line>(
  drafts: readonly Line[],
  amount: bigint,
  weightOf: (draft: Line) => bigint,
  give: (draft: Line, share: bigint) => void,
): void {
  splitOver(drafts, amount, weightOf).forEach(({ part, share }) => give(part, share));
}

/** Which of them hold for a line, as text. */
function scopesOf<Source>(source: Source, scopes: readonly { appliesTo?(source: Source): boolean }[]): string {
  return scopes.map((one) => (isFor(one, source) ? '1' : '0')).join('');
}

function isFor<Source>(scope: { appliesTo?(source: Source): boolean }, source: Source): boolean {
  return scope.appliesTo?.(source) ?? true;
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => bigint): bigint {
  return items.reduce((total, item) => total + pick(item), 0n);
}

function smaller(...amounts: [bigint, ...bigint[]]): bigint {
  return amounts.reduce((least, amount) => (amount < least ? amount : least));
}
