import { z } from 'zod';
import { advance, BILLING_PERIODS } from '../../../domain/calendar/billing-period-rules';
import { type LocalDate } from '../../../domain/calendar/calendar-rules';
import { adapter, lengthAsked, type Outline } from '../case-adapter';
import { matches } from '../compare';
import { type PaperLine, PaperSubscription } from '../paper-subscription';
import { amountIn, countIn, cycleIn, numbersIn, readMoney, writeMoney } from '../read-words';
import { count, date, money, text } from './field-schemas';

/** A day by which every line that a case lists has begun. */
const farBeyond = (start: LocalDate) => advance(start, BILLING_PERIODS.yearly, 2);

const trialThenWeekly = adapter(z.object({ start: date, trial: text, evergreen: text }), (inputs, outline) => {
  const subscription = new PaperSubscription({
    start: inputs.start,
    trialDays: countIn(inputs.trial),
    price: readMoney(amountIn(inputs.evergreen)),
    cycle: cycleIn(inputs.evergreen),
  });

  return linesAsked(subscription.until(farBeyond(inputs.start)).lines, outline);
});

const trialThenMonths = adapter(
  z.object({ start: date, anchor_day: count, trial_days: count, plan: text, change_end_of_term_to: money }),
  (inputs, outline) => {
    const cycle = cycleIn(inputs.plan);
    const price = readMoney(amountIn(inputs.plan));
    const { start, anchor_day: anchorDay, trial_days: trialDays } = inputs;
    const subscription = new PaperSubscription({ start, anchorDay, trialDays, price, cycle })
      .until(advance(start, BILLING_PERIODS.daily, trialDays))
      .changePlan(readMoney(inputs.change_end_of_term_to), cycle, false);

    return linesAsked(subscription.until(farBeyond(start)).lines, outline);
  },
);

const monthEnd31 = adapter(
  z.object({ start_of_paid: date, anchor_day: count, plan_from_first_renewal: money }),
  ({ start_of_paid: start, anchor_day: anchorDay, plan_from_first_renewal }, outline) => {
    const price = readMoney(plan_from_first_renewal);
    const { lines } = new PaperSubscription({ start, anchorDay, price, cycle: 'monthly' }).until(farBeyond(start));

    return linesAsked(
      lines.filter(({ service, denominator }) => service.startsAt === denominator.startsAt),
      outline,
    );
  },
);

/** `3 x 4.95`: a price for so many periods. */
const discountThenEvergreen = adapter(
  z.object({ start: date, anchor_day: count, discount_phase: text, evergreen: text }),
  ({ start, anchor_day: anchorDay, discount_phase, evergreen }, outline) => {
    const [periods, discounted] = numbersIn(discount_phase);
    const subscription = new PaperSubscription({
      start,
      anchorDay,
      price: readMoney(amountIn(evergreen)),
      cycle: cycleIn(evergreen),
      phases: [{ price: Number(readMoney(discounted ?? '')), periods: Number(periods) }],
    });

    return linesAsked(subscription.until(farBeyond(start)).lines, outline);
  },
);

/** One line a day, whichever zone the days are those of. */
const dailyBilling = adapter(
  z.object({ price: text, start: date, timezones: z.array(text) }),
  ({ price, start, timezones }, outline) => {
    const inZones = timezones.map((timeZone) => {
      const terms = { start, price: readMoney(amountIn(price)), cycle: cycleIn(price), timeZone };

      return linesAsked(new PaperSubscription(terms).until(farBeyond(start)).lines, outline);
    });
    const [first, ...others] = inZones;
    if (!others.every((lines) => matches(lines, first))) {
      throw new Error(`The days differ: ${JSON.stringify(inZones)}`);
    }

    return first;
  },
);

function linesAsked(lines: readonly PaperLine[], outline: Outline) {
  return {
    lines: lines.slice(0, lengthAsked(outline, 'lines')).map(({ from, to, amount }) => [from, to, writeMoney(amount)]),
  };
}

export const lineSequenceAdapters = {
  'trial.then_weekly': trialThenWeekly,
  'trial.zero_invoice_then_full_cycles': trialThenMonths,
  'month_end_31.sequence': monthEnd31,
  'plan_phases.discount_then_evergreen': discountThenEvergreen,
  daily_billing: dailyBilling,
};
