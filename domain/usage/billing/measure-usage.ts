import type { TenantSql } from '../../../platform/db/database';
import type { LineUsage, MeteredCharge } from '../../billing/invoices/metered-charge';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import { toSafeNumber } from '../../money/money-rules';
import { formatExactDecimal, parseDecimal, subtractRatios } from '../../money/ratio-rules';
import type { Aggregation } from '../meters/meter-types';
import { drawnWithin, type MeterDraws, readDraws } from '../prepaid/read-draws';
import { priceMeterUsage } from '../price-meter-usage';
import type { AgreedMeter } from '../prices/agreed-meter';
import { readMeterUsages } from '../read-usage';
import { viewUsageCharge } from '../view-usage-charge';
import { growsOnly, withoutMinimum } from './early-usage-rules';
import {
  type BilledPeriod,
  type MeteredPeriodRow,
  readOpenPeriods,
  readPeriodsWithLateUsage,
} from './metered-period-row';

/** A stretch of an item's service with the meters that it bills. */
export interface MeteredSpan {
  readonly item: string;
  readonly meters: readonly AgreedMeter[];
  readonly service: InstantSpan;
  /** It goes on: what is used so far is billed early, as far as that can only grow, and the rest when it is over. */
  readonly isRunning?: boolean;
}

/** What an invoice bills of usage, and what is billed of each period with it. */
export interface MeasuredUsage {
  readonly charges: readonly MeteredCharge[];
  readonly periods: readonly BilledPeriod[];
}

/**
 * What stretches cost, less what was billed of them early, and what came late to periods that were billed before.
 * A period is priced anew from all that is known of it, and what is billed is the difference: so the invoices of a period
 * come to the price of its usage, whatever the order in which events came. A period that costs less than was billed stays as
 * it is, and what comes late to it counts from there. What top-ups cover costs nothing. Reads alone.
 */
export async function measureUsage(
  tx: TenantSql,
  { subscriptionId, customerId }: { subscriptionId: number; customerId: number },
  stretches: readonly MeteredSpan[],
): Promise<MeasuredUsage> {
  const late = await readPeriodsWithLateUsage(tx, subscriptionId);
  const begun = stretches.length === 0 ? [] : await readOpenPeriods(tx, subscriptionId);
  const periods = [...stretches.flatMap((stretch) => periodsOf(stretch, begun)), ...late.map(toLate)];
  const draws = await readDrawsOf(tx, { subscriptionId, customerId }, periods);
  const charges: MeteredCharge[] = [];
  const billed: BilledPeriod[] = [];

  for (const { isLate, isRunning, ...period } of periods) {
    const { item, meterId, meterName, priceId, planId, addonId, taxBehavior, startsAt, endsAt } = period;
    const price = isRunning ? withoutMinimum(period.price) : period.price;
    const { usage, aggregation } = await measurePeriod(
      tx,
      { customerId, draws: draws.get(meterId) },
      { ...period, price },
    );
    const amount = Math.max(0, usage.amount - period.billedAmount);

    if (isRunning && !growsOnly(aggregation, price)) {
      continue;
    }

    if ((!isLate && !isRunning) || amount > 0) {
      charges.push({
        item,
        owner: { planId, addonId },
        meterName,
        description: describeUsage(meterName, usage),
        service: { startsAt: startsAt.getTime(), endsAt: endsAt.getTime() },
        amount,
        taxBehavior,
        usage: { ...usage, billedBefore: period.billedAmount, isLate, ...(isRunning ? { isEarly: true } : {}) },
      });
      billed.push({
        item,
        meterId,
        priceId,
        startsAt,
        endsAt,
        isClosed: !isRunning,
        billedAmount: period.billedAmount + amount,
      });
    }
  }

  return { charges, periods: billed };
}

type ToMeasure = MeteredPeriodRow & { readonly isLate: boolean; readonly isRunning: boolean };

const toLate = (row: MeteredPeriodRow): ToMeasure => ({ ...row, isLate: true, isRunning: false });

function periodsOf(
  { item, meters, service, isRunning = false }: MeteredSpan,
  begun: readonly MeteredPeriodRow[],
): ToMeasure[] {
  const startsAt = new Date(service.startsAt);
  const endsAt = new Date(service.endsAt);

  return meters.map((meter) => {
    const { meterId } = meter;
    const early = begun.find(
      (row) => row.item === item && row.meterId === meterId && row.startsAt.getTime() === service.startsAt,
    );

    return {
      ...meter,
      item,
      startsAt,
      endsAt,
      billedAmount: early?.billedAmount ?? 0,
      isLate: false,
      isRunning,
    };
  });
}

function describeUsage(
  meterName: string,
  { quantity, prepaidQuantity }: Pick<LineUsage, 'quantity' | 'prepaidQuantity'>,
) {
  return prepaidQuantity === undefined
    ? `${meterName}: ${quantity}`
    : `${meterName}: ${quantity}, of which ${prepaidQuantity} prepaid`;
}

function readDrawsOf(
  tx: TenantSql,
  { subscriptionId, customerId }: { subscriptionId: number; customerId: number },
  periods: readonly ToMeasure[],
): Promise<Map<number, MeterDraws>> {
  return readDraws(tx, {
    customerId,
    meterIds: [...new Set(periods.map(({ meterId }) => meterId))],
    since: Math.min(...periods.map(({ startsAt }) => startsAt.getTime())),
    stretches: periods.map(({ item, meterId, price, startsAt, endsAt }) => ({
      item,
      subscriptionId,
      meterId,
      price,
      service: { startsAt: startsAt.getTime(), endsAt: endsAt.getTime() },
    })),
  });
}

/**
 * What a meter measured of a period and what that costs now, but for what top-ups cover.
 * @throws AppError amount_out_of_range
 */
async function measurePeriod(
  tx: TenantSql,
  { customerId, draws }: { customerId: number; draws: MeterDraws | undefined },
  {
    meterId,
    priceId,
    price,
    startsAt: from,
    endsAt: to,
  }: Pick<MeteredPeriodRow, 'meterId' | 'priceId' | 'price' | 'startsAt' | 'endsAt'>,
): Promise<{ usage: Omit<LineUsage, 'billedBefore' | 'isLate' | 'isEarly'>; aggregation: Aggregation }> {
  const span = { customerId, from, to };
  const [usage] = await readMeterUsages(tx, span, [meterId]);

  if (usage === undefined) {
    throw new Error(`Meter ${meterId} is gone.`);
  }
  const drawn = draws && drawnWithin(draws, { startsAt: from.getTime(), endsAt: to.getTime() });
  const isCovered = drawn != null && drawn.covered.numerator !== 0n;
  // What is covered and what is not are of one moment, so that no event between two statements is billed by mistake.
  const quantity = isCovered ? drawn.used : parseDecimal(usage.quantity);
  const units = isCovered ? subtractRatios(drawn.used, drawn.covered) : quantity;
  const { amount, charges } = await priceMeterUsage(tx, { ...span, price: { meterId, price }, usage, units });

  return {
    usage: {
      meter: usage.code,
      meterId,
      priceId,
      model: price.model,
      quantity: formatExactDecimal(quantity),
      ...(isCovered ? { prepaidQuantity: formatExactDecimal(drawn.covered) } : {}),
      events: usage.events,
      amount: toSafeNumber(amount),
      charges: charges.map(viewUsageCharge),
    },
    aggregation: usage.aggregation,
  };
}
