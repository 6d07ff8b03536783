import { AppError } from '../errors';
import {
  advance,
  billingDate,
  billingDateIndex,
  type BillingPeriod,
  type DateSpan,
  firstBillingDate,
  nextBillingDateAfter,
} from './billing-period-rules';
import { type LocalDate } from './calendar-rules';
import { type ProrationSettings, type ServiceSpan, shareOfPeriod } from './proration-rules';
import { addRatios, ONE, type Ratio, ZERO } from './ratio-rules';

/** Service that recurs from a first day on, billed on an anchor day. */
export interface RecurringService {
  readonly start: LocalDate;
  /** First day without service; null when it goes on for ever. */
  readonly end: LocalDate | null;
  /** Anchor day of the month, 1 to 31; periods of days take no notice of it. */
  readonly anchorDay: number;
  readonly period: BillingPeriod;
}

export interface ScheduleLine extends DateSpan {
  readonly kind: 'leading_stub' | 'whole' | 'trailing_stub';
  /** The period whose length the line is measured by. */
  readonly denominator: DateSpan;
  /** Part of the price of one period. */
  readonly share: Ratio;
}

export interface ScheduleOptions {
  readonly proration: ProrationSettings;
  /** When a billing day begins, epoch milliseconds; needed by `by_second` only. */
  readonly instantOf?: (date: LocalDate) => number;
}

/**
 * The lines that billing in advance has made by a day: everything that begins on or before the target.
 *
 * 1. A service that starts before its first billing date begins with a stub up to it, measured by the period that ends
 *    there: one period back from that date, taken plainly and not put back on the anchor day.
 * 2. Whole periods follow from billing date to billing date.
 * 3. A service that ends inside a period ends with a stub, measured by the period it lies in.
 * 4. A service that ends before its first billing date is one stub, measured by the period that ends with it.
 *
 * @throws AppError invalid_date_sequence when the service ends before it starts, or the target lies before the start
 */
export function linesInAdvance(service: RecurringService, target: LocalDate, options: ScheduleOptions): ScheduleLine[] {
  const { start, end, anchorDay, period } = service;
  assertSequence(service, target);

  const first = firstBillingDate(start, anchorDay, period);
  const lines: ScheduleLine[] = [];
  if (start < first && start !== end) {
    const stubEnd = end !== null && end < first ? end : first;
    lines.push(
      toLine('leading_stub', { start, end: stubEnd }, { start: advance(stubEnd, period, -1), end: stubEnd }, options),
    );
  }

  for (let n = 0; ; n += 1) {
    const whole = {
      start: billingDate(first, anchorDay, period, n),
      end: billingDate(first, anchorDay, period, n + 1),
    };
    if (whole.start > target || (end !== null && whole.start >= end)) {
      return lines;
    }
    lines.push(
      end !== null && end < whole.end
        ? toLine('trailing_stub', { start: whole.start, end }, whole, options)
        : toLine('whole', whole, whole, options),
    );
  }
}

/** Cycles of all lines together: the sum of the lines' own shares. */
export function totalShare(lines: readonly ScheduleLine[]): Ratio {
  return lines.reduce((sum, line) => addRatios(sum, line.share), ZERO);
}

/**
 * The billing dates from the first one to the end of the last period that billing in advance has billed by a day, that
 * is to the first billing date after the target. A clamped date counts as the anchor day itself.
 */
export function billedDates(service: RecurringService, target: LocalDate): LocalDate[] {
  const { start, anchorDay, period } = service;
  const first = firstBillingDate(start, anchorDay, period);
  const lastIndex = Math.max(billingDateIndex(first, anchorDay, period, target) + 1, 0);

  return Array.from({ length: lastIndex + 1 }, (_, n) => billingDate(first, anchorDay, period, n));
}

/** Where the service is billed up to when everything that begins on or before the target is billed in advance. */
export function billedUpTo(service: RecurringService, target: LocalDate): LocalDate {
  const { start, anchorDay, period } = service;

  return nextBillingDateAfter(firstBillingDate(start, anchorDay, period), anchorDay, period, target);
}

/** Billing in arrears on a day: up to where (null when no period has ended yet), and when next. */
export interface ArrearsBilling {
  readonly billedUpTo: LocalDate | null;
  readonly nextBillingDate: LocalDate;
}

/** In arrears a period is billed on the day it ends: there is something to bill once a billing date after the start has come. */
export function billingInArrears(service: RecurringService, target: LocalDate): ArrearsBilling {
  const { start, anchorDay, period } = service;
  const first = firstBillingDate(start, anchorDay, period);
  const index = billingDateIndex(first, anchorDay, period, target);
  const lastDate = index < 0 ? null : billingDate(first, anchorDay, period, index);

  return {
    billedUpTo: lastDate !== null && lastDate > start ? lastDate : null,
    nextBillingDate: nextBillingDateAfter(first, anchorDay, period, target > start ? target : start),
  };
}

function toLine(
  kind: ScheduleLine['kind'],
  span: DateSpan,
  denominator: DateSpan,
  { proration, instantOf }: ScheduleOptions,
): ScheduleLine {
  const share =
    kind === 'whole'
      ? ONE
      : shareOfPeriod(withInstants(span, instantOf), withInstants(denominator, instantOf), proration);

  return { kind, ...span, denominator, share };
}

function withInstants(span: DateSpan, instantOf: ScheduleOptions['instantOf']): ServiceSpan {
  return instantOf ? { ...span, startsAt: instantOf(span.start), endsAt: instantOf(span.end) } : span;
}

function assertSequence({ start, end }: RecurringService, target: LocalDate): void {
  if (end !== null && end < start) {
    throw new AppError('invalid_date_sequence', { field: 'end', detail: 'Service cannot end before it starts.' });
  }
  if (target < start) {
    throw new AppError('invalid_date_sequence', { field: 'target', detail: 'Nothing can be billed before the start.' });
  }
}
