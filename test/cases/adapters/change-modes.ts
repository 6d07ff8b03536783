import { z } from 'zod';
import { anchorDayOf } from '../../../domain/billing/billing-period-rules';
import { linesInAdvance } from '../../../domain/billing/billing-schedule-rules';
import { prorate, type ProrationConvention, shareLeft } from '../../../domain/billing/proration-rules';
import { ratio, ZERO } from '../../../domain/billing/ratio-rules';
import { startOfDay } from '../../../domain/billing/zoned-calendar';
import {
  DEFAULT_PLAN_CHANGE,
  effectiveDateOfChange,
  type PlanChangePolicy,
} from '../../../domain/subscriptions/plan-change-policy-rules';
import {
  amountsOfChange,
  changePlanAtOnce,
  nextInvoiceAfterChange,
} from '../../../domain/subscriptions/plan-change-rules';
import { adapter } from '../case-adapter';
import { isRecord, matches, matchesAsSet } from '../compare';
import {
  amountIn,
  countIn,
  numbersIn,
  periodIn,
  readDate,
  readDateAfter,
  readMoney,
  readPeriod,
  writeMoney,
  writeMonthDay,
} from '../read-words';
import { untaxedLine } from './invoice-lines';
import { cents, money, text } from './field-schemas';

const halfwayUpgrade = adapter(z.object({ old: money, new: money, share_left: text }), (inputs) => {
  const change = amountsOfChange(readMoney(inputs.old), readMoney(inputs.new), fractionIn(inputs.share_left));

  return { credit: writeMoney(change.credit), debit: writeMoney(change.charge), net: writeMoney(change.net) };
});

/** The published text takes a change on the 15th of May as exactly half of the month. */
const HALF = ratio(1, 2);

const collectedOnNextInvoice = adapter(
  z.object({ old: text, new: text, proration_behavior: z.literal('create_prorations') }),
  (inputs) => {
    const [oldPrice, newPrice] = [readMoney(amountIn(inputs.old)), readMoney(amountIn(inputs.new))];

    return { invoice_june_1: writeMoney(nextInvoiceAfterChange(newPrice, amountsOfChange(oldPrice, newPrice, HALF))) };
  },
);

const CONVENTION_OF_BEHAVIOUR: Readonly<Record<string, ProrationConvention>> = {
  create_prorations: 'by_second',
  none: 'none',
};

/** The case names no price; any does. */
const ANY_PRICE = '100.00';

const billingCycleAnchor = adapter(
  z.object({ start: text, anchor: text, interval: text, proration_behavior: z.array(text) }),
  (inputs) => {
    const start = readDate(inputs.start);
    const anchorDay = anchorDayOf(readDateAfter(inputs.anchor, start));
    const service = { start, end: null, anchorDay, period: readPeriod(inputs.interval) };
    const invoicesFor = (behaviour: string) => {
      const convention = CONVENTION_OF_BEHAVIOUR[behaviour];
      if (!convention) {
        throw new Error(`No proration convention for ${behaviour}.`);
      }
      const options = { proration: { convention }, instantOf: (day: string) => startOfDay(day, 'UTC') };
      const farOff = readDateAfter(inputs.start, start);
      return linesInAdvance(service, farOff, options)
        .slice(0, 4)
        .map((line) => ({
          from: writeMonthDay(line.start),
          to: writeMonthDay(line.end),
          amount: prorate(readMoney(ANY_PRICE), line.share),
        }));
    };

    return { invoices: inputs.proration_behavior.map(invoicesFor) };
  },
  (actual, expected) => {
    if (!isRecord(actual) || !isRecord(expected)) {
      return false;
    }
    const firsts = expected.first_invoice as string[];
    const day = countIn(String(expected.then));
    const price = readMoney(ANY_PRICE);

    const invoices = actual.invoices as InvoiceStub[][];

    return (
      invoices.length === firsts.length &&
      invoices.every(([first, ...following], index) => {
        const words = firsts[index] ?? '';
        const [from = '', to = ''] = words.replace('prorated ', '').split('..');
        const isFirstRight =
          first !== undefined &&
          (words.startsWith('prorated')
            ? first.from === sameStyle(from) && first.to === sameStyle(to) && first.amount > 0n && first.amount < price
            : matches(writeMoney(first.amount), words));

        return isFirstRight && following.length === 3 && following.every((next) => countIn(next.from) === day);
      })
    );
  },
);

interface InvoiceStub {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

const immediateUpgrade = adapter(
  z.object({ old_cents: cents, new_cents: cents, changed: z.literal('at once after creation') }),
  ({ old_cents, new_cents }) => {
    const change = amountsOfChange(old_cents, new_cents, shareLeft(ZERO));

    return { lines: [change.credit, change.charge], total: change.net };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected).every(([key, value]) =>
      key === 'lines' ? matchesAsSet(actual.lines, value) : matches(actual[key], value),
    ),
);

const upgradeOnNextCharge = adapter(z.object({ old: text, new: text, changed: text }), (inputs) => {
  const [oldPrice, newPrice] = [readMoney(amountIn(inputs.old)), readMoney(amountIn(inputs.new))];
  const change = amountsOfChange(oldPrice, newPrice, shareLeft(fractionIn(inputs.changed)));

  return {
    credit: writeMoney(-change.credit),
    debit: writeMoney(change.charge),
    next_charge: writeMoney(nextInvoiceAfterChange(newPrice, change)),
  };
});

const POLICY_OF_MODE: Readonly<Record<string, Partial<PlanChangePolicy>>> = {
  INSTANT_PRORATED_DATE: { billing: 'grant_days' },
  INSTANT_PRORATED_CHARGE: { billing: 'charge_difference' },
  INSTANT_NO_PRORATION: { billing: 'none' },
  DEFERRED: { upgrade: 'at_period_end', downgrade: 'at_period_end' },
};

const upgradeModes = adapter(
  z.object({ old: text, new: text, period: z.tuple([text, text]), changed: text, mode: text }),
  (inputs) => {
    const mode = POLICY_OF_MODE[inputs.mode];
    if (!mode) {
      throw new Error(`No plan change policy for ${inputs.mode}.`);
    }
    const policy: PlanChangePolicy = { ...DEFAULT_PLAN_CHANGE, dayOfChange: 'old_plan', ...mode };
    const start = readDate(inputs.period[0]);
    const current = { start, end: readDateAfter(inputs.period[1], start) };
    const changed = inputs.changed === inputs.period[0] ? start : readDateAfter(inputs.changed, start);
    const from = { price: readMoney(amountIn(inputs.old)), period: periodIn(inputs.old) };
    const to = { price: readMoney(amountIn(inputs.new)), period: periodIn(inputs.new) };
    const effective = effectiveDateOfChange('upgrade', changed, current, policy);
    if (effective === current.end) {
      return { charge_now: '0', switch: writeMonthDay(effective), next_charge: writeCharge(effective, to.price) };
    }

    const change = changePlanAtOnce({
      from,
      to,
      current,
      currentLine: untaxedLine(from.price),
      changeOn: effective,
      anchorDay: anchorDayOf(start),
      startedOn: start,
      policy,
    });

    return {
      days_granted: change.daysGranted,
      charge_now: writeMoney(change.charge?.amount ?? 0n),
      switch: writeMonthDay(effective),
      next_charge: writeCharge(change.nextBillingDate, change.nextAmount),
    };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected).every(([key, value]) =>
      key === 'next_charge' || key === 'switch'
        ? matches(String(actual[key]).split(', '), String(value).split(', '))
        : matches(actual[key], value),
    ),
);

function writeCharge(day: string, amount: bigint): string {
  return `${writeMonthDay(day)}, ${writeMoney(amount)}`;
}

/** 'June 1' as 'Jun 1'. */
function sameStyle(words: string): string {
  return writeMonthDay(readDate(words));
}

function fractionIn(words: string) {
  const match = /(\d+)\/(\d+)/.exec(words);
  const [numerator = '', denominator = ''] = match ? [match[1], match[2]] : numbersIn(words);

  return ratio(BigInt(numerator), BigInt(denominator || '1'));
}

export const changeModeAdapters = {
  'proration.halfway_upgrade': halfwayUpgrade,
  'proration.collected_on_next_invoice': collectedOnNextInvoice,
  'proration.billing_cycle_anchor': billingCycleAnchor,
  'proration.immediate_upgrade': immediateUpgrade,
  'proration.upgrade_on_next_charge': upgradeOnNextCharge,
  'upgrade.modes': upgradeModes,
};
