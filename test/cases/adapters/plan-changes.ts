import { z } from 'zod';
import {
  advance,
  alignToAnchorDay,
  anniversaryPeriodContaining,
  BILLING_PERIODS,
  calendarPeriodContaining,
  lastDayOf,
  nextBillingDateAfter,
  spanOfDays,
} from '../../../domain/billing/billing-period-rules';
import { addDays, daysBetween } from '../../../domain/billing/calendar-rules';
import { creditUnusedService } from '../../../domain/billing/credit-line-rules';
import { chargeAmount } from '../../../domain/billing/invoice-line-rules';
import { feeForPeriod } from '../../../domain/billing/period-fee-rules';
import { type ProrationSettings } from '../../../domain/billing/proration-rules';
import { localDateAt } from '../../../domain/billing/zoned-calendar';
import {
  DEFAULT_PLAN_CHANGE,
  directionOfChange,
  effectiveDateOfChange,
  type PlanTerms,
} from '../../../domain/subscriptions/plan-change-policy-rules';
import { adapter } from '../case-adapter';
import {
  amountIn,
  countIn,
  dateIn,
  periodIn,
  readDate,
  readDateAfter,
  readDateLongAgo,
  readMoney,
  writeMoney,
} from '../read-words';
import { cents, count, date, text } from './field-schemas';
import { toFullInstant } from './period-fees';
import { untaxedLine } from './invoice-lines';

const proration: ProrationSettings = { convention: 'by_day_inclusive' };

/** A quarter's price for the days from an upgrade to a termination. */
const upgradeProration = adapter(
  z.object({ new_amount_cents: cents, period: z.tuple([text, text]), upgraded: text, terminated: text }),
  ({ new_amount_cents: price, period: [first, last], upgraded, terminated }) => {
    const whole = spanOfDays(dateIn(first), dateIn(last));
    const dayBefore = addDays(whole.start, -1);
    const billed = spanOfDays(readDateAfter(upgraded, dayBefore), readDateAfter(terminated, dayBefore));

    return { amount_cents: feeForPeriod({ price, billed, whole, proration }) };
  },
);

/** The day of an upgrade belongs to the new plan. */
const upgradeCredit = adapter(
  z.object({ amount_cents: cents, period: z.tuple([text, text]), upgraded: text }),
  ({ amount_cents: price, period: [first, last], upgraded }) => {
    const service = spanOfDays(dateIn(first), dateIn(last));
    const start = upgraded.includes('T') ? localDateAt(toFullInstant(upgraded), 'UTC') : upgraded;
    const billed = { price, service, denominator: service, proration };
    const credit = creditUnusedService(untaxedLine(price), billed, { start, end: service.end });

    return { credit_note: -credit.amount, amount_cents: -credit.amount };
  },
);

const keepsAnchor = adapter(
  z.object({ amount_cents: cents, from_: date, anchor: text, year_days: count, days: count }),
  ({ amount_cents: price, from_: start, anchor, year_days, days }) => {
    const whole = anniversaryPeriodContaining(start, readDateLongAgo(anchor), BILLING_PERIODS.yearly);
    const billed = { start, end: whole.end };
    assertDays(daysBetween(whole.start, whole.end), year_days);
    assertDays(daysBetween(billed.start, billed.end), days);

    return { amount_cents: feeForPeriod({ price, billed, whole, proration }) };
  },
);

/** In arrears the old plan is charged up to the day before the upgrade. */
function feeUntilUpgrade(price: bigint, start: string, upgraded: string): bigint {
  const month = calendarPeriodContaining(upgraded, BILLING_PERIODS.monthly);

  return chargeAmount({ price, service: { start, end: upgraded }, denominator: month, proration });
}

const arrearsFinalFee = adapter(
  z.object({ amount_cents: cents, period: text, upgraded: text }),
  ({ amount_cents, upgraded: words }) => {
    const upgraded = readDate(words);
    const month = calendarPeriodContaining(upgraded, BILLING_PERIODS.monthly);

    return { amount_cents: feeUntilUpgrade(amount_cents, month.start, upgraded) };
  },
);

const docsExample = adapter(z.object({ plan_a: text, start: text, upgraded: text }), ({ plan_a, start, upgraded }) => ({
  plan_a_line: writeMoney(feeUntilUpgrade(readMoney(amountIn(plan_a)), readDate(start), readDate(upgraded))),
}));

/** A monthly plan gives way to a yearly one, which stays on the anniversary of the first start. */
const downgradeAtPeriodEnd = adapter(
  z.object({ old: text, new: text, requested: date, days: count, year_days: count }),
  (inputs) => {
    const [from, to] = [termsIn(inputs.old), termsIn(inputs.new)];
    const anchorDay = countIn(inputs.old.slice(inputs.old.indexOf('anniversary')));
    const rowStart = alignToAnchorDay(inputs.requested, anchorDay);
    const end = nextBillingDateAfter(advance(rowStart, from.period, -1), anchorDay, from.period, inputs.requested);
    const current = { start: rowStart, end };
    const effective = effectiveDateOfChange(
      directionOfChange(from, to),
      inputs.requested,
      current,
      DEFAULT_PLAN_CHANGE,
    );
    // The case gives the first start by the length of what is left of its year.
    const anniversary = addDays(effective, inputs.days);
    const whole = anniversaryPeriodContaining(effective, anniversary, to.period);
    const billed = { start: effective, end: whole.end };
    assertDays(daysBetween(whole.start, whole.end), inputs.year_days);

    return {
      effective,
      period: [billed.start, lastDayOf(billed)],
      amount_cents: feeForPeriod({ price: to.price, billed, whole, proration }),
    };
  },
);

/** 'monthly 12 900 in advance': cents a period. */
function termsIn(words: string): PlanTerms {
  return { price: BigInt(amountIn(words)), period: periodIn(words) };
}

function assertDays(counted: number, given: number): void {
  if (counted !== given) {
    throw new Error(`The product counts ${counted} days, the case ${given}.`);
  }
}

export const planChangeAdapters = {
  'upgrade.proration': upgradeProration,
  'upgrade.credit_note': upgradeCredit,
  'upgrade.new_yearly_keeps_anchor': keepsAnchor,
  'upgrade.arrears_final_fee': arrearsFinalFee,
  'upgrade.docs_example': docsExample,
  'downgrade.at_period_end': downgradeAtPeriodEnd,
};
