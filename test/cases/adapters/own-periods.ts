import { z } from 'zod';
import { BILLING_PERIODS, advance } from '../../../domain/calendar/billing-period-rules';
import { toSafeNumber } from '../../../domain/money/money-rules';
import { adapter, lengthAsked } from '../case-adapter';
import { type PaperLine, PaperSubscription } from '../paper-subscription';
import { amountIn, countIn, cycleIn, dateIn, readCycle, readMoney } from '../read-words';
import { text } from './field-schemas';

/** '599.95 once + 199.95 monthly from 2015-05-01, fixed term 12 months'. */
function readAddon(words: string) {
  const [, fee, price = ''] = /^(?:(.*) once \+)?(.*)$/.exec(words) ?? [];
  const [, periods = '', unit = ''] = /fixed term (\d+) (\w+?)s?$/.exec(words) ?? [];
  const cycle = cycleIn(price);

  if (readCycle(unit) !== cycle) {
    throw new Error(`A term is counted in periods of the add-on itself: ${words}`);
  }

  return {
    from: dateIn(price),
    cycle,
    amount: toSafeNumber(readMoney(amountIn(price))),
    setupFee: fee === undefined ? undefined : toSafeNumber(readMoney(amountIn(fee))),
    termPeriods: countIn(periods),
  };
}

const isOfAddon = ({ terms }: PaperLine): boolean => 'addonId' in terms;
const spanOf = ({ from, to }: PaperLine) => [from, to];

const ownPeriod = adapter(z.object({ base: text, addon: text }), ({ base, addon }, outline) => {
  const { from, cycle, amount, setupFee, termPeriods } = readAddon(addon);
  const life = new PaperSubscription({
    start: dateIn(base),
    price: readMoney(amountIn(base)),
    cycle: cycleIn(base),
    settings: { prorationConvention: 'by_day_exclusive_end' },
  })
    .until(from)
    .buyAddon({ amount, billingCycle: cycle, setupFee, termPeriods });
  const term = advance(from, BILLING_PERIODS[cycle], termPeriods);
  // A year more shows that nothing follows.
  const lines = life.until(advance(term, BILLING_PERIODS.yearly, 1)).charges;
  const periods = lines.filter(({ isSetup }) => isSetup !== true);

  return {
    base_periods: periods
      .filter((line) => !isOfAddon(line))
      .slice(0, lengthAsked(outline, 'base_periods'))
      .map(spanOf),
    addon_periods: periods.filter(isOfAddon).slice(0, lengthAsked(outline, 'addon_periods')).map(spanOf),
    addon_invoices: new Set(lines.filter(isOfAddon).map(({ invoiceId }) => invoiceId)).size,
  };
});

export const ownPeriodAdapters = { 'addon.own_period': ownPeriod };
