import {
  type BilledLine,
  creditAmount,
  type CreditLine,
  creditUnusedService,
  type LineParts,
} from './credit-line-rules';
import type { CreditNoteLineInput } from './credit-note-rules';
import type { CreditableLine } from './read-creditable-lines';
import { serviceAmount, serviceValue } from '../pricing/proration-rules';
import { addRatios, type Ratio, ratio, roundHalfUp, ZERO } from '../../money/ratio-rules';
import { datedSpan, type LineBasis, toServiceLine } from '../pricing/line-basis';
import { type InstantSpan } from '../../calendar/zoned-calendar';

/** A line for service, the range of the guard that it bills, and what that range was made from where days were granted. */
export interface BilledRange {
  billed: BilledLine;
  basis: LineBasis | null;
  range: InstantSpan;
  granted: LineBasis | null;
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
    return { service, credit: creditAmount(billed, serviceAmount({ ...toServiceLine(granted), service: unused })) };
  }

  return {
    service,
    credit: basis === null ? creditAmount(billed, 0n) : creditUnusedService(billed, toServiceLine(basis), unused),
  };
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
 * What ranges hold unused from an instant on, in minor units before tax: exact where nothing was rounded or taken back of it
 * before (`isRounded`: days that were granted carry a rounded amount).
 */
export function unusedValueOf(
  ranges: readonly BilledRange[],
  options: { from: number; timeZone: string },
): { value: Ratio; isRounded: boolean } {
  const value = ranges.map((range): Ratio => {
    const { service, credit } = creditFrom(range, options);
    const basis = range.granted ?? range.basis;
    const exact =
      basis === null ? ZERO : serviceValue({ ...toServiceLine(basis), service: datedSpan(service, options.timeZone) });

    return roundHalfUp(exact) === -credit.amount ? exact : ratio(-credit.amount);
  });

  return { value: value.reduce(addRatios, ZERO), isRounded: ranges.some(({ granted }) => granted !== null) };
}
