import { priceUsage } from '../../billing/pricing/price-model-rules';
import type { ChargeLine } from '../../billing/pricing/pricer-rules';
import { ONE, ZERO } from '../../money/ratio-rules';
import { categoryOf, chargeOf } from '../../billing/taxes/tax-rules';
import type { TaxOfLine, TaxPoint } from '../../billing/taxes/tax-types';
import type { SubscriptionPolicy } from '../lifecycle/subscription-types';
import { billEarly, stretchesToBillEarly } from '../charges/usage-threshold-rules';
import type { Decision, EffectOf, MeteredStretch } from '../lifecycle/decision-types';
import type { Forecast, ForecastLine, UsageForecast } from './forecast-types';

/** What usage bills in a forecast: what is used so far and, once, what came late. What is billed of it early is billed no more. */

export const nothingUsed: UsageForecast = { running: new Map(), early: new Map(), late: [] };

/** Names the usage of a meter from an instant on. */
export const usageKey = (item: string, meterId: number, startsAt: number): string => `${item} ${meterId} ${startsAt}`;

export type SoldUsage = ChargeLine<
  Pick<ForecastLine, 'service' | 'denominator' | 'terms' | 'quantity' | 'unitPrice' | 'taxBehavior' | 'share'> & {
    taxes: readonly TaxOfLine[];
  }
>;

/**
 * The lines of usage of an invoice, what came late after those of its own periods, as `measureUsage` has them. Of a stretch that
 * nothing is known of nothing is used, and its price may have a least amount; one that runs bills what may be billed early.
 */
export function usedOf(
  { usage, taxation }: Forecast,
  { usage: stretches }: EffectOf<'issue'>,
  on: TaxPoint,
): SoldUsage[] {
  if (stretches === undefined) {
    return [];
  }
  const measured = stretches.flatMap((stretch) =>
    stretch.meters.flatMap(({ meterId, meterName, price, taxBehavior, planId, addonId }) => {
      const { item, service, isRunning = false } = stretch;
      const key = usageKey(item, meterId, service.startsAt);
      const amount = isRunning
        ? (usage.early.get(key) ?? 0n)
        : (usage.running.get(key) ?? priceUsage(price, { units: ZERO }).amount);

      return isRunning && amount === 0n
        ? []
        : [{ meterName, service, owner: { planId, addonId }, taxBehavior, amount }];
    }),
  );

  return [...measured, ...usage.late].map(({ meterName, service, owner, amount, taxBehavior = 'exclusive' }) => {
    const charge = chargeOf({ amount, taxCategory: categoryOf(taxation, owner), taxBehavior }, on);

    return {
      source: {
        service,
        denominator: service,
        terms: { meterName, billingCycle: null },
        quantity: 1,
        unitPrice: Number(amount),
        taxBehavior,
        share: ONE,
        taxes: charge.taxes,
      },
      ...charge,
    };
  });
}

/**
 * An invoice of what has come to its threshold while the period runs; null where it has not.
 * @param at epoch milliseconds
 */
export function earlyOn(
  { state, usage }: Forecast,
  policy: Pick<SubscriptionPolicy, 'usageThresholds' | 'invoiceDueDays'>,
  at: number,
): Decision | null {
  const keys = stretchesToBillEarly(state, policy).flatMap(keysOf);
  const unbilled = keys.reduce((sum, key) => sum + (usage.early.get(key) ?? 0n), 0n);

  return billEarly(state, Number(unbilled), policy, at);
}

/** What an invoice of usage leaves to the next: it has what came late, and of what runs all that can be billed early. */
export function withoutBilled(usage: UsageForecast, { usage: stretches }: EffectOf<'issue'>): UsageForecast {
  if (stretches === undefined) {
    return usage;
  }
  const keys = new Set(stretches.filter(({ isRunning = false }) => isRunning).flatMap(keysOf));
  const left = [...usage.running].map(([key, amount]): [string, bigint] => {
    const rest = keys.has(key) ? amount - (usage.early.get(key) ?? 0n) : amount;

    return [key, rest < 0n ? 0n : rest];
  });

  return {
    running: new Map(left),
    early: new Map([...usage.early].filter(([key]) => !keys.has(key))),
    late: [],
  };
}

const keysOf = ({ item, meters, service }: MeteredStretch): string[] =>
  meters.map(({ meterId }) => usageKey(item, meterId, service.startsAt));
