import { creditFrom, creditOfShare, grantedBasis } from '../../billing/credit-notes/credit-from';
import { datedSpan, toServiceLine } from '../../billing/pricing/line-basis';
import { shareOfPeriod } from '../../billing/pricing/proration-rules';
import { ZERO } from '../../money/ratio-rules';
import type { BilledStretch, EffectOf } from '../lifecycle/decision-types';
import type { ItemKey } from '../lifecycle/subscription-types';
import type { Charge, Forecast, ForecastLine } from './forecast-types';

/** What becomes on paper of what is billed: the guard of a forecast (D22). */

/** What is billed of an item after an instant. */
export function billedOn({ charges }: Forecast, item: ItemKey, from: number): BilledStretch[] {
  return charges.filter((one) => one.item === item && one.endsAt > from).map(stretchOf);
}

function stretchOf({ startsAt, endsAt, granted = null, billed, basis, layer, price }: Charge): BilledStretch {
  return { range: { startsAt, endsAt }, granted, billed, basis, layer, price };
}

const endedAt = (one: Charge, at: number): Charge => ({ ...one, endsAt: Math.max(one.startsAt, at) });

export function creditOn(forecast: Forecast, effect: EffectOf<'credit'>, at: number): Forecast {
  const { timeZone } = forecast.state;

  return forecast.charges.reduce((seen, one) => creditOf(seen, one, effect, { timeZone, at }), forecast);
}

/** What is paid for ends at another instant; see `moveServiceEnd`. */
export function moveEndOn(forecast: Forecast, { item, at, from, to }: EffectOf<'move_end'>): Forecast {
  const isMoved = (one: Charge) => one.item === item && one.endsAt === from && one.endsAt > at;
  const { timeZone } = forecast.state;
  const granted = forecast.charges
    .filter((one) => isMoved(one) && at < to)
    .flatMap((one): Charge[] => {
      const basis = grantedBasis(stretchOf(one), { startsAt: at, endsAt: to }, timeZone);

      return basis === null ? [] : [{ ...one, startsAt: at, endsAt: to, granted: basis }];
    });
  const ended = forecast.charges.map((one) => (isMoved(one) ? endedAt(one, at) : one));

  return { ...forecast, charges: [...ended, ...granted] };
}

/** An invoice is taken back that nobody was asked for yet: nothing of it is billed. */
export function reverseOn(forecast: Forecast, invoiceId: number): Forecast {
  return {
    ...forecast,
    lines: forecast.lines.filter((line) => line.invoiceId !== invoiceId),
    charges: forecast.charges.filter((one) => one.invoiceId !== invoiceId),
  };
}

/** Gives back what a charge holds of an item's service from an instant on; nothing of it is given back twice. */
function creditOf(
  forecast: Forecast,
  one: Charge,
  { item, from, isOfUnits }: EffectOf<'credit'>,
  { timeZone, at }: { timeZone: string; at: number },
): Forecast {
  const returned = forecast.unitsReturned.get(item) ?? ZERO;

  if (one.item !== item || (isOfUnits === true ? returned.numerator === 0n : one.endsAt <= from)) {
    return forecast;
  }
  const range = { startsAt: one.startsAt, endsAt: one.endsAt };
  const { service, credit: given } =
    isOfUnits === true
      ? { service: range, credit: creditOfShare(one, returned) }
      : creditFrom(stretchOf(one), { from, timeZone });
  const line: ForecastLine = {
    ...one.source,
    kind: 'credit',
    at,
    dueAt: null,
    service,
    share:
      isOfUnits === true
        ? returned
        : shareOfPeriod(datedSpan(service, timeZone), one.basis.denominator, toServiceLine(one.basis).proration),
    amount: given.amount,
    discount: given.discount,
    tax: given.tax,
    uncollected: null,
    invoiceId: null,
    isIssued: true,
  };

  return {
    ...forecast,
    lines: [...forecast.lines, line],
    charges: forecast.charges.map((other) => (other === one && isOfUnits !== true ? endedAt(one, from) : other)),
  };
}
