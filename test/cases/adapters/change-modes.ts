import { z } from 'zod';
import { accountBalance } from '../../../domain/billing/account/account-credit-rules';
import { advance, anchorDayOf, BILLING_PERIODS } from '../../../domain/calendar/billing-period-rules';
import { creditShare, totalCredit } from '../../../domain/billing/credit-notes/credit-line-rules';
import { prorate, type ProrationConvention } from '../../../domain/billing/pricing/proration-rules';
import { ONE, type Ratio, ratio } from '../../../domain/money/ratio-rules';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { adapter } from '../case-adapter';
import { isRecord, matches, matchesAsSet } from '../compare';
import { PaperSubscription } from '../paper-subscription';
import {
  amountIn,
  countIn,
  cycleIn,
  numbersIn,
  readCycle,
  readDate,
  readDateAfter,
  readMoney,
  writeMoney,
  writeMonthDay,
} from '../read-words';
import { untaxedLine } from './invoice-lines';
import { cents, money, text } from './field-schemas';

/** Both sides of a change for the share of the period that is left. */
function bothSides(oldPrice: bigint, newPrice: bigint, left: Ratio) {
  const credit = creditShare(untaxedLine(oldPrice), left);

  return { credit: credit.amount, given: totalCredit([credit]), debit: prorate(newPrice, left) };
}

const halfwayUpgrade = adapter(z.object({ old: money, new: money, share_left: text }), (inputs) => {
  const { credit, given, debit } = bothSides(
    readMoney(inputs.old),
    readMoney(inputs.new),
    fractionIn(inputs.share_left),
  );

  return { credit: writeMoney(credit), debit: writeMoney(debit), net: writeMoney(accountBalance([debit], given)) };
});

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
    const invoicesFor = (behaviour: string) => {
      const prorationConvention = CONVENTION_OF_BEHAVIOUR[behaviour];
      if (!prorationConvention) {
        throw new Error(`No proration convention for ${behaviour}.`);
      }
      const terms = { start, anchorDay, price: readMoney(ANY_PRICE), cycle: readCycle(inputs.interval) };
      return new PaperSubscription({ ...terms, settings: { prorationConvention } })
        .until(readDateAfter(inputs.start, start))
        .charges.slice(0, 4)
        .map(({ from, to, amount }) => ({ from: writeMonthDay(from), to: writeMonthDay(to), amount }));
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
    const { credit, given, debit } = bothSides(old_cents, new_cents, ONE);

    return { lines: [credit, debit], total: accountBalance([debit], given) };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected).every(([key, value]) =>
      key === 'lines' ? matchesAsSet(actual.lines, value) : matches(actual[key], value),
    ),
);

const SETTINGS_OF_MODE: Readonly<Record<string, Partial<Settings>>> = {
  INSTANT_PRORATED_DATE: { planChangeBilling: 'grant_days' },
  INSTANT_PRORATED_CHARGE: { planChangeBilling: 'charge_difference' },
  INSTANT_NO_PRORATION: { planChangeBilling: 'none' },
  DEFERRED: { planChangeUpgrade: 'at_period_end' },
};

const upgradeModes = adapter(
  z.object({ old: text, new: text, period: z.tuple([text, text]), changed: text, mode: text }),
  (inputs) => {
    const mode = SETTINGS_OF_MODE[inputs.mode];
    if (!mode) {
      throw new Error(`No setting of plan changes for ${inputs.mode}.`);
    }
    const start = readDate(inputs.period[0]);
    const changed = inputs.changed === inputs.period[0] ? start : readDateAfter(inputs.changed, start);
    const subscription = new PaperSubscription({
      start,
      price: readMoney(amountIn(inputs.old)),
      cycle: cycleIn(inputs.old),
      settings: { ...mode, planChangeDayOfChange: 'old_plan' },
    });
    subscription.until(changed).changePlan(readMoney(amountIn(inputs.new)), cycleIn(inputs.new));
    const moved = subscription.effects.find((effect) => effect.type === 'move_end');
    const isDeferred = subscription.paper.state.waitingChanges.length > 0;
    const later = subscription.until(advance(changed, BILLING_PERIODS.yearly, 1)).charges.slice(1);
    const now = later.find(({ on }) => on === changed);
    const next = later.find(({ on }) => on !== changed);

    return {
      days_granted: moved?.days,
      charge_now: writeMoney(now?.amount ?? 0n),
      switch: writeMonthDay(isDeferred && next ? next.on : changed),
      next_charge: next && `${writeMonthDay(next.on)}, ${writeMoney(next.amount)}`,
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
  'proration.billing_cycle_anchor': billingCycleAnchor,
  'proration.immediate_upgrade': immediateUpgrade,
  'upgrade.modes': upgradeModes,
};
