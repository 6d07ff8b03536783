import { z } from 'zod';
import { advance } from '../../../domain/billing/billing-period-rules';
import {
  billedDates,
  billedUpTo,
  billingInArrears,
  linesInAdvance,
  type RecurringService,
  totalShare,
} from '../../../domain/billing/billing-schedule-rules';
import { CYCLE_PLACES, type ProrationSettings, shareOfPeriod } from '../../../domain/billing/proration-rules';
import { formatDecimal } from '../../../domain/billing/ratio-rules';
import { AppError } from '../../../domain/errors';
import { adapter, keysAsked } from '../case-adapter';
import { countIn, readPeriod } from '../read-words';
import { count, date, text } from './field-schemas';

const proration: ProrationSettings = { convention: 'by_day_exclusive_end' };

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
    const service: RecurringService = {
      start: inputs.service_start,
      end: inputs.service_end,
      anchorDay: inputs.billing_cycle_day,
      period: readPeriod(inputs.billing_period),
    };

    try {
      const lines = linesInAdvance(service, inputs.target_date, { proration });
      return {
        number_of_billing_cycles: formatDecimal(totalShare(lines), CYCLE_PLACES),
        periods: lines.map(({ start, end, share }) => ({ start, end, cycles: formatDecimal(share, CYCLE_PLACES) })),
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

function endlessService(inputs: z.infer<typeof anchored>): RecurringService {
  return {
    start: inputs.start,
    end: null,
    anchorDay: inputs.billing_cycle_day,
    period: readPeriod(inputs.billing_period),
  };
}

const effectiveEnd = adapter(anchored, (inputs) => ({
  effective_end: billedUpTo(endlessService(inputs), inputs.target),
}));

const wholePeriodsBilled = adapter(anchored, (inputs) => {
  const service = endlessService(inputs);
  const lines = linesInAdvance(service, inputs.target, { proration });

  return {
    whole_periods: lines.filter((line) => line.kind === 'whole').length,
    dates: billedDates(service, inputs.target),
  };
});

const inArrears = adapter(anchored, (inputs) => {
  const billing = billingInArrears(endlessService(inputs), inputs.target);

  return {
    has_something_to_bill: billing.billedUpTo !== null,
    effective_end: billing.billedUpTo,
    next_billing: billing.nextBillingDate,
  };
});

export const billingScheduleAdapters = {
  'proration.in_advance.number_of_cycles': inAdvance,
  'proration.after_last_bcd': afterLastBillingDate,
  'proration.fixed_days_setting': fixedDays,
  'billing_anchor.effective_end': effectiveEnd,
  'billing_anchor.whole_periods': wholePeriodsBilled,
  'in_arrear.next_billing': inArrears,
};
