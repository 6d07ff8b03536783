import { billingDate, type BillingPeriod, type DateSpan, firstBillingDate } from '../billing/billing-period-rules';
import { linesInAdvance, type ScheduleLine, type ScheduleOptions } from '../billing/billing-schedule-rules';
import { type LocalDate } from '../billing/calendar-rules';
import { trialEnd } from '../billing/period-fee-rules';
import { prorate } from '../billing/proration-rules';

/**
 * A subscription bills in phases: a trial, so many periods at a discount, then the plan's own price without an end. A
 * change that was put off to the end of the term is one phase more. The anchor day holds throughout.
 */
export type PricePhase =
  | { readonly kind: 'trial'; readonly days: number }
  | {
      readonly kind: 'recurring';
      /** minor units for a whole period */
      readonly price: bigint;
      readonly period: BillingPeriod;
      /** Whole periods of this phase; null: until the service ends. */
      readonly periods: number | null;
    };

export interface PhaseLine extends DateSpan {
  readonly kind: 'trial' | ScheduleLine['kind'];
  /** minor units */
  readonly amount: bigint;
}

/**
 * The lines of all phases that begin on or before the target, billed in advance. A trial is a line of nothing over its
 * days; a phase that does not begin on a billing date begins with a stub.
 */
export function billPhases(
  start: LocalDate,
  anchorDay: number,
  phases: readonly PricePhase[],
  target: LocalDate,
  options: ScheduleOptions,
): PhaseLine[] {
  const lines: PhaseLine[] = [];
  let phaseStart = start;

  for (const phase of phases) {
    if (phaseStart > target) {
      break;
    }
    const phaseEnd = endOfPhase(phaseStart, anchorDay, phase);
    if (phase.kind === 'trial') {
      lines.push({ kind: 'trial', start: phaseStart, end: phaseEnd ?? phaseStart, amount: 0n });
    } else {
      const service = { start: phaseStart, end: phaseEnd, anchorDay, period: phase.period };
      lines.push(...linesInAdvance(service, target, options).map((line) => toPhaseLine(line, phase.price)));
    }
    if (phaseEnd === null) {
      break;
    }
    phaseStart = phaseEnd;
  }

  return lines;
}

/** First day after a phase: after its trial days, or after so many whole periods from its first billing date. */
export function endOfPhase(phaseStart: LocalDate, anchorDay: number, phase: PricePhase): LocalDate | null {
  if (phase.kind === 'trial') {
    return trialEnd(phaseStart, phase.days);
  }
  if (phase.periods === null) {
    return null;
  }

  const first = firstBillingDate(phaseStart, anchorDay, phase.period);

  return billingDate(first, anchorDay, phase.period, phase.periods);
}

function toPhaseLine(line: ScheduleLine, price: bigint): PhaseLine {
  return { kind: line.kind, start: line.start, end: line.end, amount: prorate(price, line.share) };
}
