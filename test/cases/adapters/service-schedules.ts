import { z } from 'zod';
import { advance } from '../../../domain/calendar/billing-period-rules';
import { CYCLE_PLACES, type ProrationSettings, shareOfPeriod } from '../../../domain/billing/pricing/proration-rules';
import { formatDecimal } from '../../../domain/money/ratio-rules';
import { AppError } from '../../../domain/errors';
import { periodsBilled } from '../../../domain/subscriptions/paper/forecast-calendar';
import { adapter, keysAsked } from '../case-adapter';
import { PaperSubscription } from '../paper-subscription';
import { countIn, readCycle, readPeriod } from '../read-words';
import { count, date, text } from './field-schemas';

const proration: ProrationSettings = { convention: 'by_day_exclusive_end' };
const settings = { prorationConvention: 'by_day_exclusive_end' } as const;

/** Cycles are shares of a price; any will do. */
const ANY_PRICE = 100n;

const inAdvance = adapter(
  z.object({
    billing_period: text,
    billing_mode: z.literal('IN_ADVANCE'),
    service_start: date,
    service_end: date.nullable(),
    target_date: date,
    billing_cycle_day: count,
  }),
  (inputs) => {
    try {
      const billed = new PaperSubscription({
        start: inputs.service_start,
        end: inputs.service_end,
        anchorDay: inputs.billing_cycle_day,
        cycle: readCycle(inputs.billing_period),
        price: ANY_PRICE,
        settings,
      }).until(inputs.target_date);

      return {
        number_of_billing_cycles: formatDecimal(periodsBilled(billed.paper), CYCLE_PLACES),
        periods: billed.charges.map(({ from, to, share }) => ({
          start: from,
          end: to,
          cycles: formatDecimal(share, CYCLE_PLACES),
        })),
      };
    } catch (error) {
      if (error instanceof AppError && error.code === 'invalid_date_sequence') {
        return { error: 'InvalidDateSequence' };
      }
      throw error;
    }
  },
);

const afterLastBillingDate = adapter(
  z.object({ billing_period: text, from_: date, to: date }),
  ({ billing_period, from_, to }) => {
    const whole = { start: from_, end: advance(from_, readPeriod(billing_period), 1) };

    return { cycles: formatDecimal(shareOfPeriod({ start: from_, end: to }, whole, proration), CYCLE_PLACES) };
  },
);

const fixedDays = adapter(
  z.object({ billing_period: text, from_: date, to: date, setting: z.union([text, z.number()]) }),
  ({ billing_period, from_, to }, outline) => {
    const whole = { start: advance(to, readPeriod(billing_period), -1), end: to };
    const cyclesFor = (fixedDaysOfMonth: number) =>
      formatDecimal(shareOfPeriod({ start: from_, end: to }, whole, { ...proration, fixedDaysOfMonth }), CYCLE_PLACES);

    return Object.fromEntries(keysAsked(outline).map((setting) => [setting, cyclesFor(countIn(setting))]));
  },
);

const anchored = z.object({ start: date, billing_cycle_day: count, target: date, billing_period: text });

function billedUntilTarget(inputs: z.infer<typeof anchored>, timing: 'in_advance' | 'in_arrears') {
  return new PaperSubscription({
    start: inputs.start,
    anchorDay: inputs.billing_cycle_day,
    cycle: readCycle(inputs.billing_period),
    price: ANY_PRICE,
    timing,
    settings,
  }).until(inputs.target);
}

const effectiveEnd = adapter(anchored, (inputs) => ({
  effective_end: billedUntilTarget(inputs, 'in_advance').charges.at(-1)?.to,
}));

const wholePeriodsBilled = adapter(anchored, (inputs) => {
  const { charges } = billedUntilTarget(inputs, 'in_advance');
  const whole = charges.filter(({ service, denominator }) => service.startsAt === denominator.startsAt);

  return { whole_periods: whole.length, dates: [...whole.map(({ from }) => from), charges.at(-1)?.to] };
});

const inArrears = adapter(anchored, (inputs) => {
  const billed = billedUntilTarget(inputs, 'in_arrears');

  return {
    has_something_to_bill: billed.charges.length > 0,
    effective_end: billed.charges.at(-1)?.to ?? null,
    next_billing: billed.period?.to,
  };
});

export const serviceScheduleAdapters = {
  'proration.in_advance.number_of_cycles': inAdvance,
  'proration.after_last_bcd': afterLastBillingDate,
  'proration.fixed_days_setting': fixedDays,
  'billing_anchor.effective_end': effectiveEnd,
  'billing_anchor.whole_periods': wholePeriodsBilled,
  'in_arrear.next_billing': inArrears,
};
