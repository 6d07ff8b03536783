import type { TenantSql } from '../../platform/db/database';
import { addRatios, type Ratio, ratio, subtractRatios } from '../money/ratio-rules';
import { drawnWithin, leftAt, type MeterDraws, readDraws } from '../usage/prepaid/read-draws';
import { readUsage } from '../usage/read-usage';
import { periodAt } from './entitlement-calendar';
import { type Allowance, allowanceOf, meteredAllowance } from './entitlement-rules';
import type { HeldFeature, ToppedUp } from './entitlement-types';
import { readHeldFeatures } from './read-held-features';

/** A feature, what gives it, and what that comes to. */
export interface Entitlement {
  feature: HeldFeature;
  allowance: Allowance;
}

/**
 * Features that a customer has at this instant, with how much of each; usage is counted by when it was used, up to now.
 * @param options.code one feature alone, also when the customer does not have it
 * @throws AppError not_found for a customer; feature_not_found
 */
export async function readEntitlements(
  tx: TenantSql,
  asked: { customerId: number; code: string | null; now: Date },
): Promise<{ entitlements: Entitlement[]; timeZone: string }> {
  const { features, timeZone, now } = await readHeldFeatures(tx, asked);
  const entitlements: Entitlement[] = [];

  for (const feature of features) {
    const allowance =
      feature.meterId === null || (feature.grants.length === 0 && !feature.isToppedUp)
        ? allowanceOf(feature)
        : await readAllowance(tx, { feature, meterId: feature.meterId, customerId: asked.customerId, now });
    entitlements.push({ feature, allowance });
  }

  return { entitlements, timeZone };
}

async function readAllowance(
  tx: TenantSql,
  { feature, meterId, customerId, now }: { feature: HeldFeature; meterId: number; customerId: number; now: Date },
): Promise<Allowance> {
  const placed = feature.grants.map((grant) => ({ grant, period: periodAt(grant.periods, now.getTime()) }));
  const starts = [...new Set(placed.map(({ period }) => period.startsAt))];
  const draws = feature.isToppedUp
    ? (
        await readDraws(tx, {
          customerId,
          meterIds: [meterId],
          since: Math.min(now.getTime(), ...starts),
          cuts: starts,
        })
      ).get(meterId)
    : undefined;
  const to = new Date(now.getTime() + 1);
  const usages = new Map<number, Ratio>();

  // One after the other: they share a connection.
  for (const from of starts) {
    const used = await readUsage(tx, { meterId, customerId, from: new Date(from), to });
    const drawn = draws && drawnWithin(draws, { startsAt: from, endsAt: to.getTime() });
    usages.set(from, drawn == null ? used : subtractRatios(used, drawn.covered));
  }

  return meteredAllowance(
    placed.map((one) => ({ ...one, used: usages.get(one.period.startsAt) ?? ratio(0n) })),
    draws === undefined ? null : toppedUpAt(draws, now.getTime()),
  );
}

function toppedUpAt(draws: MeterDraws, now: number): ToppedUp {
  const current = draws.topUps.filter(({ until }) => until === null || until > now);
  const sum = (values: readonly Ratio[]) => values.reduce(addRatios, ratio(0n));

  return {
    bought: sum(current.map(({ units }) => units)),
    left: sum(current.map((topUp) => leftAt(draws, topUp, now))),
  };
}
