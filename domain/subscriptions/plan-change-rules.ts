import {
  advance,
  anniversaryPeriodContaining,
  billingDate,
  type DateSpan,
  firstBillingDate,
} from '../billing/billing-period-rules';
import { addDays, daysBetween, type LocalDate } from '../billing/calendar-rules';
import { type BilledLine, type CreditLine, creditUnusedService } from '../billing/credit-line-rules';
import { chargeAmount, type ServiceLine } from '../billing/invoice-line-rules';
import { prorate, type ServiceSpan, shareOfPeriod } from '../billing/proration-rules';
import { divideRatios, multiplyRatios, type Ratio, ratio, roundUp } from '../billing/ratio-rules';
import { AppError } from '../errors';
import { type PlanChangePolicy, type PlanTerms } from './plan-change-policy-rules';

export interface ChangeAmounts {
  /** Negative: the unused part of the old price. */
  readonly credit: bigint;
  /** The new price for the same part. */
  readonly charge: bigint;
  readonly net: bigint;
}

/** Both sides of a change for the share of the period that is left, each rounded half up once. */
export function amountsOfChange(oldPrice: bigint, newPrice: bigint, left: Ratio): ChangeAmounts {
  const credit = -prorate(oldPrice, left);
  const charge = prorate(newPrice, left);

  return { credit, charge, net: charge + credit };
}

/** What the next invoice comes to when the prorations of a change are collected with it. */
export function nextInvoiceAfterChange(newPrice: bigint, change: ChangeAmounts): bigint {
  return newPrice + change.net;
}

export interface PlanChangeInput {
  readonly from: PlanTerms;
  readonly to: PlanTerms;
  /** The period that is paid for, and the line it was paid with. */
  readonly current: ServiceSpan;
  readonly currentLine: BilledLine;
  /** What `currentLine` was made from, when that was not the price of the whole period. */
  readonly currentService?: ServiceLine;
  readonly changeOn: LocalDate;
  /** The instant of the change and when billing days begin, epoch milliseconds; needed by `by_second` only. */
  readonly changeAt?: number;
  readonly instantOf?: (date: LocalDate) => number;
  /** Anchor day of the month and first day of the subscription. */
  readonly anchorDay: number;
  readonly startedOn: LocalDate;
  readonly policy: PlanChangePolicy;
}

export interface PlanChange {
  /** The line for the unused part, or null when the policy gives nothing back. */
  readonly credit: CreditLine | null;
  /** The line of the new plan or of the difference, before discount and tax; null when nothing is charged now. */
  readonly charge: (ServiceLine & { readonly amount: bigint }) | null;
  /** Days of the new plan that the unused part buys; null unless the policy grants days. */
  readonly daysGranted: number | null;
  /** The period the subscription is in from the change on. */
  readonly period: DateSpan;
  /** The first day of the next period, which costs the price of the new plan. */
  readonly nextBillingDate: LocalDate;
  readonly nextAmount: bigint;
}

/**
 * A change of plan at once, inside a period that is paid for. The old line is never touched: a credit line takes back
 * its unused part, capped by what is left of it, and a line of its own charges the new plan (D20, D21).
 *
 * @throws AppError invalid_date_sequence when the change lies outside the current period
 */
export function changePlanAtOnce(input: PlanChangeInput): PlanChange {
  const { current, changeOn, policy, to } = input;
  if (changeOn < current.start || changeOn >= current.end) {
    throw new AppError('invalid_date_sequence', { field: 'changeOn', detail: 'A plan changes inside its period.' });
  }

  const nextAmount = to.price * (to.quantity ?? 1n);
  switch (policy.billing) {
    case 'prorate': {
      const { service, denominator } = periodOfNewPlan(input);
      const charge = { ...to, service, denominator, proration: policy.proration };
      return {
        credit: creditForUnused(input),
        charge: { ...charge, amount: chargeAmount(charge) },
        daysGranted: null,
        period: { start: service.start, end: service.end },
        nextBillingDate: service.end,
        nextAmount,
      };
    }
    case 'charge_difference': {
      const difference = nextAmount - input.from.price * (input.from.quantity ?? 1n);
      const charge = {
        price: difference,
        service: unusedSpan(input),
        denominator: current,
        proration: policy.proration,
      };
      return { ...unchangedPeriod(current, nextAmount), charge: { ...charge, amount: chargeAmount(charge) } };
    }
    case 'grant_days': {
      const daysGranted = daysBought(input);
      const end = addDays(changeOn, daysGranted);
      return {
        ...unchangedPeriod(current, nextAmount),
        daysGranted,
        period: { start: changeOn, end },
        nextBillingDate: end,
      };
    }
    case 'none':
      return unchangedPeriod(current, nextAmount);
  }
}

function unchangedPeriod(current: DateSpan, nextAmount: bigint): PlanChange {
  return {
    credit: null,
    charge: null,
    daysGranted: null,
    period: { start: current.start, end: current.end },
    nextBillingDate: current.end,
    nextAmount,
  };
}

/** The part of the current period that the old plan is not used for. */
function unusedSpan({
  current,
  changeOn,
  changeAt,
  instantOf,
  policy,
}: Pick<PlanChangeInput, 'current' | 'changeOn' | 'changeAt' | 'instantOf' | 'policy'>): ServiceSpan {
  const start = policy.dayOfChange === 'old_plan' ? addDays(changeOn, 1) : changeOn;
  const startsAt = changeAt ?? instantOf?.(start);

  return { start, end: current.end, startsAt, endsAt: current.endsAt };
}

function creditForUnused(input: PlanChangeInput): CreditLine {
  const { from, current, currentLine, policy } = input;
  const billed = input.currentService ?? {
    ...from,
    service: current,
    denominator: current,
    proration: policy.proration,
  };

  return creditUnusedService(currentLine, billed, unusedSpan(input));
}

/** The days the new plan's line is for, and the period that measures them. */
function periodOfNewPlan(input: PlanChangeInput): { service: ServiceSpan; denominator: ServiceSpan } {
  const { from, to, current, changeOn, anchorDay, startedOn, policy } = input;
  if (from.period.unit === to.period.unit && from.period.count === to.period.count) {
    return { service: unusedSpan(input), denominator: current };
  }

  switch (policy.otherCycle) {
    case 'reset_anchor': {
      const whole = stamped(input, { start: changeOn, end: advance(changeOn, to.period, 1) });
      return { service: whole, denominator: whole };
    }
    case 'keep_anchor_day': {
      const first = firstBillingDate(changeOn, anchorDay, to.period);
      if (first === changeOn) {
        const whole = stamped(input, { start: first, end: billingDate(first, anchorDay, to.period, 1) });
        return { service: whole, denominator: whole };
      }
      return {
        service: stamped(input, { start: changeOn, end: first }),
        denominator: stamped(input, { start: advance(first, to.period, -1), end: first }),
      };
    }
    case 'keep_anniversary': {
      const whole = anniversaryPeriodContaining(changeOn, startedOn, to.period);
      return {
        service: stamped(input, { start: changeOn, end: whole.end }),
        denominator: stamped(input, whole),
      };
    }
  }
}

/** Whole days of the new plan that the unused part of the old price pays for, rounded up in the customer's favour. */
export function daysBought(
  input: Pick<PlanChangeInput, 'from' | 'to' | 'current' | 'changeOn' | 'changeAt' | 'instantOf' | 'policy'>,
): number {
  const { from, to, current, changeOn, policy } = input;
  const unusedValue = multiplyRatios(
    ratio(from.price * (from.quantity ?? 1n)),
    shareOfPeriod(unusedSpan(input), current, policy.proration),
  );
  const days = daysBetween(changeOn, advance(changeOn, to.period, 1));
  const priceOfDay = ratio(to.price * (to.quantity ?? 1n), days);

  return priceOfDay.numerator === 0n
    ? daysBetween(changeOn, current.end)
    : Number(roundUp(divideRatios(unusedValue, priceOfDay)));
}

/** With the instants that proration by second needs; the change itself may lie inside its day. */
function stamped({ instantOf, changeOn, changeAt }: PlanChangeInput, span: DateSpan): ServiceSpan {
  if (!instantOf) {
    return span;
  }

  const startsAt = span.start === changeOn && changeAt !== undefined ? changeAt : instantOf(span.start);

  return { ...span, startsAt, endsAt: instantOf(span.end) };
}
