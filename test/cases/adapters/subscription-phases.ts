import { z } from 'zod';
import { advance, anchorDayOf, BILLING_PERIODS, type DateSpan } from '../../../domain/billing/billing-period-rules';
import { linesInAdvance } from '../../../domain/billing/billing-schedule-rules';
import { type LocalDate } from '../../../domain/billing/calendar-rules';
import { localDateAt, startOfDay, zonedPeriod } from '../../../domain/billing/zoned-calendar';
import { billPhases, type PhaseLine, type PricePhase } from '../../../domain/subscriptions/phase-schedule-rules';
import { adapter, lengthAsked, type Outline } from '../case-adapter';
import { matches } from '../compare';
import { amountIn, countIn, dateIn, numbersIn, periodIn, readMoney, writeMoney } from '../read-words';
import { count, date, money, text } from './field-schemas';

const options = { proration: { convention: 'by_day_exclusive_end' } } as const;

const discountThenEvergreen = adapter(
  z.object({ start: date, anchor_day: count, discount_phase: text, evergreen: text }),
  (inputs, outline) => {
    const [months = '', price = ''] = numbersIn(inputs.discount_phase);
    const phases: PricePhase[] = [
      { kind: 'recurring', price: readMoney(price), period: BILLING_PERIODS.monthly, periods: countIn(months) },
      evergreen(inputs.evergreen),
    ];

    return linesAsked(allLines(inputs.start, inputs.anchor_day, phases), outline);
  },
);

const trialThenWeekly = adapter(z.object({ start: date, trial: text, evergreen: text }), (inputs, outline) => {
  const phases: PricePhase[] = [{ kind: 'trial', days: countIn(inputs.trial) }, evergreen(inputs.evergreen)];

  return linesAsked(allLines(inputs.start, anchorDayOf(inputs.start), phases), outline);
});

const trialThenMonths = adapter(
  z.object({ start: date, anchor_day: count, trial_days: count, plan: text, change_end_of_term_to: money }),
  (inputs, outline) => {
    const period = periodIn(inputs.plan);
    const phases: PricePhase[] = [
      { kind: 'trial', days: inputs.trial_days },
      { kind: 'recurring', price: readMoney(amountIn(inputs.plan)), period, periods: 1 },
      { kind: 'recurring', price: readMoney(inputs.change_end_of_term_to), period, periods: null },
    ];

    return linesAsked(allLines(inputs.start, inputs.anchor_day, phases), outline);
  },
);

const monthEnd31 = adapter(
  z.object({ start_of_paid: date, anchor_day: count, plan_from_first_renewal: money }),
  (inputs, outline) => {
    const price = readMoney(inputs.plan_from_first_renewal);
    const phases: PricePhase[] = [{ kind: 'recurring', price, period: BILLING_PERIODS.monthly, periods: null }];
    const lines = allLines(inputs.start_of_paid, inputs.anchor_day, phases);

    return linesAsked(
      lines.filter((line) => line.kind === 'whole'),
      outline,
    );
  },
);

/** One line a day, whichever zone the days are those of. */
const dailyBilling = adapter(
  z.object({ price: text, start: date, timezones: z.array(text) }),
  ({ price, start, timezones }, outline) => {
    const period = periodIn(price);
    const lines = allLines(start, anchorDayOf(start), [evergreen(price)]).slice(0, lengthAsked(outline, 'lines'));
    for (const timeZone of timezones) {
      const row = { anchorAt: startOfDay(start, timeZone), timeZone, period };
      const inZone = lines.map((_, n) => {
        const { startsAt, endsAt } = zonedPeriod(row, n);
        return { start: localDateAt(startsAt, timeZone), end: localDateAt(endsAt, timeZone) };
      });
      if (!matches(lines, inZone)) {
        throw new Error(`The days differ in ${timeZone}: ${JSON.stringify(inZone)}`);
      }
    }

    return linesAsked(lines, outline);
  },
);

const addonOwnPeriod = adapter(z.object({ base: text, addon: text }), (inputs, outline) => {
  const term = countIn(inputs.addon.slice(inputs.addon.indexOf('fixed term')));
  const [baseStart, addonStart] = [dateIn(inputs.base), dateIn(inputs.addon)];
  const base = { start: baseStart, end: null, anchorDay: anchorDayOf(baseStart), period: periodIn(inputs.base) };
  const addon = {
    start: addonStart,
    end: advance(addonStart, BILLING_PERIODS.monthly, term),
    anchorDay: anchorDayOf(addonStart),
    period: periodIn(inputs.addon),
  };
  const baseLines = linesInAdvance(base, farBeyond(baseStart), options);
  const addonLines = linesInAdvance(addon, farBeyond(addonStart), options);

  return {
    base_periods: baseLines.slice(0, lengthAsked(outline, 'base_periods')).map(toPair),
    addon_periods: addonLines.slice(0, lengthAsked(outline, 'addon_periods')).map(toPair),
    addon_invoices: addonLines.length,
  };
});

function allLines(start: LocalDate, anchorDay: number, phases: readonly PricePhase[]): PhaseLine[] {
  return billPhases(start, anchorDay, phases, farBeyond(start), options);
}

/** A day by which every line that a case lists has begun. */
function farBeyond(start: LocalDate): LocalDate {
  return advance(start, BILLING_PERIODS.yearly, 5);
}

function evergreen(words: string): PricePhase {
  return { kind: 'recurring', price: readMoney(amountIn(words)), period: periodIn(words), periods: null };
}

function linesAsked(lines: readonly PhaseLine[], outline: Outline) {
  return {
    lines: lines
      .slice(0, lengthAsked(outline, 'lines'))
      .map(({ start, end, amount }) => [start, end, writeMoney(amount)]),
  };
}

function toPair({ start, end }: DateSpan): [LocalDate, LocalDate] {
  return [start, end];
}

export const subscriptionPhaseAdapters = {
  'plan_phases.discount_then_evergreen': discountThenEvergreen,
  'trial.then_weekly': trialThenWeekly,
  'trial.zero_invoice_then_full_cycles': trialThenMonths,
  'month_end_31.sequence': monthEnd31,
  daily_billing: dailyBilling,
  'addon.own_period': addonOwnPeriod,
};
