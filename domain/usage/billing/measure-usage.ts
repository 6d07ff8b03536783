import type { TenantSql } from '../../../platform/db/database';
import type { LineUsage, MeteredCharge } from '../../billing/invoices/metered-charge';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import { toSafeNumber } from '../../money/money-rules';
import { priceMeterUsage } from '../price-meter-usage';
import type { AgreedMeter } from '../prices/agreed-meter';
import { readMeterUsages } from '../read-usage';
import { viewUsageCharge } from '../view-usage-charge';
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
}

/** What an invoice bills of usage, and what is billed of each period with it. */
export interface MeasuredUsage {
  readonly charges: readonly MeteredCharge[];
  readonly periods: readonly BilledPeriod[];
}

/**
 * What stretches that are over cost, less what was billed of them early, and what came late to periods that were billed before.
 * A period is priced anew from all that is known of it, and what is billed is the difference: so the invoices of a period
 * come to the price of its usage, whatever the order in which events came. A period that costs less than was billed stays as
 * it is, and what comes late to it counts from there. Reads alone.
 */
export async function measureUsage(
  tx: TenantSql,
  { subscriptionId, customerId }: { subscriptionId: number; customerId: number },
  stretches: readonly MeteredSpan[],
): Promise<MeasuredUsage> {
  const late = await readPeriodsWithLateUsage(tx, subscriptionId);
  const begun = stretches.length === 0 ? [] : await readOpenPeriods(tx, subscriptionId);
  const periods = [...stretches.flatMap((stretch) => periodsOf(stretch, begun)), ...late.map(toLate)];
  const charges: MeteredCharge[] = [];
  const billed: BilledPeriod[] = [];

  for (const { isLate, ...period } of periods) {
    const { item, meterId, meterName, priceId, planId, addonId, startsAt, endsAt } = period;
    const usage = await measurePeriod(tx, customerId, period);
    const amount = Math.max(0, usage.amount - period.billedAmount);

    if (!isLate || amount > 0) {
      charges.push({
        item,
        owner: { planId, addonId },
        description: `${meterName}: ${usage.quantity}`,
        service: { startsAt: startsAt.getTime(), endsAt: endsAt.getTime() },
        amount,
        usage: { ...usage, billedBefore: period.billedAmount, isLate },
      });
      billed.push({
        item,
        meterId,
        priceId,
        startsAt,
        endsAt,
        isClosed: true,
        billedAmount: period.billedAmount + amount,
      });
    }
  }

  return { charges, periods: billed };
}

type ToMeasure = MeteredPeriodRow & { readonly isLate: boolean };

const toLate = (row: MeteredPeriodRow): ToMeasure => ({ ...row, isLate: true });

function periodsOf({ item, meters, service }: MeteredSpan, begun: readonly MeteredPeriodRow[]): ToMeasure[] {
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
    };
  });
}

/** What a meter measured of a period and what that costs now. @throws AppError amount_out_of_range */
async function measurePeriod(
  tx: TenantSql,
  customerId: number,
  {
    meterId,
    priceId,
    price,
    startsAt: from,
    endsAt: to,
  }: Pick<MeteredPeriodRow, 'meterId' | 'priceId' | 'price' | 'startsAt' | 'endsAt'>,
): Promise<Omit<LineUsage, 'billedBefore' | 'isLate'>> {
  const span = { customerId, from, to };
  const [usage] = await readMeterUsages(tx, span, [meterId]);

  if (usage === undefined) {
    throw new Error(`Meter ${meterId} is gone.`);
  }
  const { amount, charges } = await priceMeterUsage(tx, { ...span, price: { meterId, price }, usage });

  return {
    meter: usage.code,
    meterId,
    priceId,
    model: price.model,
    quantity: usage.quantity,
    events: usage.events,
    amount: toSafeNumber(amount),
    charges: charges.map(viewUsageCharge),
  };
}
