import { z } from 'zod';
import {
  advance,
  alignToAnchorDay,
  BILLING_PERIODS,
  calendarPeriodContaining,
  type DateSpan,
  lastDayOf,
  nextBillingDateAfter,
} from '../../../domain/calendar/billing-period-rules';
import { addDays, daysBetween, type LocalDate } from '../../../domain/calendar/calendar-rules';
import { creditUnusedService } from '../../../domain/billing/credit-notes/credit-line-rules';
import { serviceAmount } from '../../../domain/billing/pricing/proration-rules';
import { localDateAt } from '../../../domain/calendar/zoned-calendar';
import { adapter } from '../case-adapter';
import { PaperSubscription } from '../paper-subscription';
import {
  amountIn,
  countIn,
  cycleIn,
  dateIn,
  readDate,
  readDateAfter,
  readDateLongAgo,
  readMoney,
  toFullInstant,
  writeMoney,
} from '../read-words';
import { cents, count, date, text } from './field-schemas';
import { untaxedLine } from './invoice-lines';

const proration = { convention: 'by_day_inclusive' } as const;
const settings = { prorationConvention: 'by_day_inclusive' } as const;

/** Of the plan that a case says nothing about. */
const ANOTHER_PRICE = 1n;

/** The span from a first to a last day, both of which belong to it. */
function spanOfDays(first: LocalDate, last: LocalDate): DateSpan {
  return { start: first, end: advance(last, BILLING_PERIODS.daily, 1) };
}

/** A quarter's price for the days from an upgrade to a termination. */
const upgradeProration = adapter(
  z.object({ new_amount_cents: cents, period: z.tuple([text, text]), upgraded: text, terminated: text }),
  ({ new_amount_cents: price, period: [first, last], upgraded, terminated }) => {
    const denominator = spanOfDays(dateIn(first), dateIn(last));
    const dayBefore = addDays(denominator.start, -1);
    const service = spanOfDays(readDateAfter(upgraded, dayBefore), readDateAfter(terminated, dayBefore));

    return { amount_cents: serviceAmount({ price, service, denominator, proration }) };
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

/** A new yearly plan stays on the anniversary of the subscription that it changes. */
const keepsAnchor = adapter(
  z.object({ amount_cents: cents, from_: date, anchor: text, year_days: count, days: count }),
  ({ amount_cents: price, from_, anchor, year_days, days }) => {
    const subscription = new PaperSubscription({
      start: readDateLongAgo(anchor),
      price: ANOTHER_PRICE,
      cycle: 'monthly',
      settings: { ...settings, planChangeOtherCycle: 'keep_anniversary' },
    });
    const charge = subscription.until(from_).changePlan(price, 'yearly', true).charges.at(-1);
    assertDays(charge?.denominator, year_days);
    assertDays(charge?.service, days);

    return { amount_cents: charge?.amount };
  },
);

/** In arrears the old plan is charged up to the day before the upgrade. */
function feeUntilUpgrade(price: bigint, start: LocalDate, upgraded: LocalDate): bigint | undefined {
  const subscription = new PaperSubscription({
    start,
    price,
    cycle: 'monthly',
    timing: 'in_arrears',
    settings: { ...settings, billingTime: 'calendar' },
  });

  return subscription.until(upgraded).changePlan(ANOTHER_PRICE, 'monthly', true).charges.at(-1)?.amount;
}

const arrearsFinalFee = adapter(
  z.object({ amount_cents: cents, period: text, upgraded: text }),
  ({ amount_cents, upgraded: words }) => {
    const upgraded = readDate(words);
    const { start } = calendarPeriodContaining(upgraded, BILLING_PERIODS.monthly);

    return { amount_cents: feeUntilUpgrade(amount_cents, start, upgraded) };
  },
);

const docsExample = adapter(z.object({ plan_a: text, start: text, upgraded: text }), ({ plan_a, start, upgraded }) => {
  const fee = feeUntilUpgrade(readMoney(amountIn(plan_a)), readDate(start), readDate(upgraded));

  return { plan_a_line: fee === undefined ? null : writeMoney(fee) };
});

/** A monthly plan gives way to a yearly one, which stays on the anniversary of the first start. */
const downgradeAtPeriodEnd = adapter(
  z.object({ old: text, new: text, requested: date, days: count, year_days: count }),
  (inputs) => {
    const { requested, year_days } = inputs;
    const subscription = new PaperSubscription({
      start: firstStartOf(inputs),
      price: centsIn(inputs.old),
      cycle: cycleIn(inputs.old),
      settings: { ...settings, planChangeOtherCycle: 'keep_anniversary' },
    });
    const toYear = [centsIn(inputs.new), cycleIn(inputs.new)] as const;
    const nextYear = advance(requested, BILLING_PERIODS.yearly, 1);
    const { charges } = subscription
      .until(requested)
      .changePlan(...toYear)
      .until(nextYear);
    const charge = charges.find(({ terms }) => terms.billingCycle === toYear[1]);
    assertDays(charge?.denominator, year_days);

    return {
      effective: charge?.on,
      period: charge && [charge.from, lastDayOf({ start: charge.from, end: charge.to })],
      amount_cents: charge?.amount,
    };
  },
);

/** The case gives the first start by the length of what is left of its year when the change takes effect. */
function firstStartOf({ old, requested, days }: { old: string; requested: LocalDate; days: number }): LocalDate {
  const anchorDay = countIn(old.slice(old.indexOf('anniversary')));
  const period = BILLING_PERIODS[cycleIn(old)];
  const rowStart = advance(alignToAnchorDay(requested, anchorDay), period, -1);
  const effective = nextBillingDateAfter(rowStart, anchorDay, period, requested);

  return advance(addDays(effective, days), BILLING_PERIODS.yearly, -1);
}

/** 'monthly 12 900 in advance' */
function centsIn(words: string): bigint {
  return BigInt(amountIn(words));
}

function assertDays(span: { startsAt: number; endsAt: number } | undefined, given: number): void {
  const counted = span && daysBetween(localDateAt(span.startsAt, 'UTC'), localDateAt(span.endsAt, 'UTC'));
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
