import {
  type BilledLine,
  creditAmount,
  type CreditLine,
  creditPrice,
  creditShare,
  creditUnusedService,
  type LineParts,
  priceLeft,
} from './credit-line-rules';
import { AppError } from '../../errors';
import type { CreditNoteLineInput } from './credit-note-rules';
import type { CreditableLine } from './read-creditable-lines';
import { serviceAmount, serviceValue } from '../pricing/proration-rules';
import { toSafeNumber } from '../../money/money-rules';
import { addRatios, multiplyRatios, type Ratio, ratio, roundHalfUp, ZERO } from '../../money/ratio-rules';
import { datedSpan, type LineBasis, toServiceLine } from '../pricing/line-basis';
import { type InstantSpan } from '../../calendar/zoned-calendar';

/** A line for service, the range of the guard that it bills, and what that range was made from where days were granted. */
export interface BilledRange {
  billed: BilledLine;
  basis: LineBasis | null;
  range: InstantSpan;
  granted: LineBasis | null;
  /** Its invoice is a draft, which no credit note is about; absent: it is not. */
  isDraft?: boolean;
}

/** @throws AppError collection_paused where a range is on a draft that is kept while collection is paused */
export function requireNoDraft(ranges: readonly Pick<BilledRange, 'isDraft'>[]): void {
  if (ranges.some(({ isDraft }) => isDraft === true)) {
    throw creditOfDraft();
  }
}

/** What refuses to give back a part of a draft. */
export function creditOfDraft(): AppError {
  return new AppError('collection_paused', {
    detail: 'Part of what this gives back is on a draft, which has to become an invoice first: resume collection.',
  });
}

/**
 * What a range of service gives back from an instant on (epoch milliseconds): the rest of its days, counted as they were
 * when it was billed or granted (D21).
 */
export function creditFrom(
  { billed, basis, range, granted }: BilledRange,
  { from, timeZone }: { from: number; timeZone: string },
): { service: InstantSpan; credit: CreditLine } {
  const service = { startsAt: Math.max(from, range.startsAt), endsAt: range.endsAt };
  const unused = datedSpan(service, timeZone);

  if (granted !== null) {
    const wanted = serviceAmount({ ...toServiceLine(granted), service: unused });

    return { service, credit: creditPrice(billed, { wanted, of: basis && toServiceLine(basis) }) };
  }

  return {
    service,
    credit: basis === null ? creditAmount(billed, 0n) : creditUnusedService(billed, toServiceLine(basis), unused),
  };
}

/** The granted stretch as a period of its own, whose price is what was unused of the old one. */
export function grantedBasis(
  line: Pick<BilledRange, 'billed' | 'basis' | 'range' | 'granted'>,
  span: InstantSpan,
  timeZone: string,
): LineBasis | null {
  if (line.basis === null) {
    return null;
  }
  const { credit } = creditFrom(line, { from: span.startsAt, timeZone });
  const service = datedSpan(span, timeZone);

  return { ...line.basis, price: Number(-credit.amount), quantity: 1, service, denominator: service };
}

/** What a credit gives back of a price, before discounts, as the price has it; minor units, 0 or less. */
export function pricedCredit({ taxBehavior }: BilledLine, { amount, tax }: CreditLine): bigint {
  return taxBehavior === 'inclusive' ? amount + tax : amount;
}

/** What a share of a line gives back that was sold once, 0 to 1: for no length of time, as its price was. */
export function creditOfShare({ billed, basis }: Pick<CreditableLine, 'billed' | 'basis'>, share: Ratio): CreditLine {
  if (basis === null) {
    return creditShare(billed, share);
  }
  const of = toServiceLine(basis);

  return creditPrice(billed, { wanted: roundHalfUp(multiplyRatios(ratio(serviceAmount(of)), share)), of, share });
}

/** The same of all its lines, before discounts and as the price has it: minor units, 0 or less. Null where there is none. */
export function valueOfShare(lines: readonly CreditableLine[], share: Ratio): number | null {
  return lines.length === 0
    ? null
    : toSafeNumber(lines.reduce((sum, line) => sum + pricedCredit(line.billed, creditOfShare(line, share)), 0n));
}

/** A credit of a line that is for no stretch of its service. */
export function creditOfLine(
  { lineId, description, taxesLeft, billed }: CreditableLine,
  credit: CreditLine,
): CreditNoteLineInput {
  const { discountTiming } = billed;

  return { lineId, description, credit, taxesLeft, discountTiming, startsAt: null, endsAt: null };
}

/** The same of several ranges, as lines of a credit note. Those of one line share what is left of it. */
export function creditsFrom(
  ranges: readonly (BilledRange & CreditableLine)[],
  options: { from: number; timeZone: string },
): CreditNoteLineInput[] {
  const taken = new Map<number, LineParts>();

  return ranges.map((range) => {
    const { lineId, description, billed, taxesLeft } = range;
    const credited = taken.get(lineId) ?? billed.credited;
    const { service, credit } = creditFrom({ ...range, billed: { ...billed, credited } }, options);
    taken.set(lineId, withCredit(credited, credit));

    return {
      lineId,
      description,
      credit,
      taxesLeft,
      discountTiming: billed.discountTiming,
      startsAt: new Date(service.startsAt),
      endsAt: new Date(service.endsAt),
    };
  });
}

/** What is taken back of a line, after one more credit. */
export function withCredit({ amount, discount, tax }: LineParts, credit: CreditLine): LineParts {
  return { amount: amount - credit.amount, discount: discount - credit.discount, tax: tax - credit.tax };
}

/**
 * What ranges hold unused from an instant on, in minor units as the price has it: exact where nothing was rounded or taken back
 * of it before (`isRounded`: days that were granted carry a rounded amount).
 */
export function unusedValueOf(
  ranges: readonly BilledRange[],
  options: { from: number; timeZone: string },
): { value: Ratio; isRounded: boolean } {
  const value = ranges.map((range): Ratio => {
    const startsAt = Math.max(options.from, range.range.startsAt);
    const service = datedSpan({ startsAt, endsAt: range.range.endsAt }, options.timeZone);
    const made = range.granted ?? range.basis;

    if (made === null || range.basis === null) {
      return ZERO;
    }
    const exact = serviceValue({ ...toServiceLine(made), service });
    const left = priceLeft(range.billed, toServiceLine(range.basis));

    return roundHalfUp(exact) <= roundHalfUp(left) ? exact : left;
  });

  return { value: value.reduce(addRatios, ZERO), isRounded: ranges.some(({ granted }) => granted !== null) };
}
