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
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { adapter } from '../case-adapter';
import { isRecord, matches } from '../compare';
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
  writeMonthDay,
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

/** Periods of 30 days, of which the day of the change belongs to the old plan: half of May is left after the 15th. */
const collectedOnNextInvoice = adapter(
  z.object({ old: text, new: text, proration_behavior: z.literal('create_prorations') }),
  (inputs) => {
    const [oldPrice, start] = splitWords(inputs.old, ' from ');
    const [newPrice, changed] = splitWords(inputs.new, ' on ');
    const from = readDateAfter(start, readDate('2025-01-01'));
    const settings: Partial<Settings> = { prorationConvention: 'thirty_360', planChangeDayOfChange: 'old_plan' };
    const subscription = new PaperSubscription({ start: from, ...soldAs(oldPrice), settings });
    const changedOn = readDateAfter(changed, from);
    changeForNextInvoice(subscription.until(changedOn), newPrice);
    const next = advance(from, BILLING_PERIODS.monthly, 1);

    return { [`invoice_${writeMonthDay(next)}`]: writeMoney(billedOn(subscription.until(next), next)) };
  },
  (actual, expected) => {
    const [due] = Object.values(isRecord(actual) ? actual : {});

    return isRecord(expected) && matches(due, expected.invoice_june_1);
  },
);

/** February has four weeks. */
const upgradeOnNextCharge = adapter(
  z.object({ old: text, new: text, changed: z.literal('one week in (1/4 of the month)') }),
  (inputs) => {
    const from = readDate('2025-02-01');
    const subscription = new PaperSubscription({ start: from, ...soldAs(inputs.old) });
    changeForNextInvoice(subscription.until(addDays(from, 7)), inputs.new);
    const next = advance(from, BILLING_PERIODS.monthly, 1);
    const later = subscription.until(next);
    const debit = later.charges.find(({ service, denominator }) => service.startsAt > denominator.startsAt);

    return {
      credit: writeMoney(-(later.credits[0]?.amount ?? 0n)),
      debit: writeMoney(debit?.amount ?? 0n),
      next_charge: writeMoney(billedOn(later, next)),
    };
  },
);

/** '100/month' */
const soldAs = (words: string) => ({ price: readMoney(amountIn(words)), cycle: cycleIn(words) });

function changeForNextInvoice(subscription: PaperSubscription, words: string): void {
  const { price, cycle } = soldAs(words);
  subscription.changePlan(price, cycle, true, 'next_invoice');

  if (subscription.effects.some(({ type }) => type === 'issue' || type === 'credit')) {
    throw new Error('Something is billed at the change.');
  }
}

/** What the invoice of a day asks for, less the credit that is given with it. */
function billedOn({ charges, credits }: PaperSubscription, day: string): bigint {
  return [...charges, ...credits].filter(({ on }) => on === day).reduce((sum, { amount }) => sum + amount, 0n);
}

function splitWords(words: string, at: string): [string, string] {
  const [left, right] = words.split(at);
  if (left === undefined || right === undefined) {
    throw new Error(`There is no${at}in ${words}.`);
  }

  return [left, right];
}

export const planChangeAdapters = {
  'proration.collected_on_next_invoice': collectedOnNextInvoice,
  'proration.upgrade_on_next_charge': upgradeOnNextCharge,
  'upgrade.proration': upgradeProration,
  'upgrade.credit_note': upgradeCredit,
  'upgrade.new_yearly_keeps_anchor': keepsAnchor,
  'upgrade.arrears_final_fee': arrearsFinalFee,
  'upgrade.docs_example': docsExample,
  'downgrade.at_period_end': downgradeAtPeriodEnd,
};
