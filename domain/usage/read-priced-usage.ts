import type { TenantSql } from '../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../platform/instant';
import type { PricedUsage } from '../billing/pricing/price-model-rules';
import { localDateAt, startOfDay } from '../calendar/zoned-calendar';
import { AppError } from '../errors';
import { toSafeNumber } from '../money/money-rules';
import { formatExactDecimal } from '../money/ratio-rules';
import { readMeterByCode } from './meters/read-meters';
import { priceMeterUsage } from './price-meter-usage';
import type { MeterPriceRow } from './prices/meter-price-row';
import { findActivePrices } from './prices/meter-prices';
import { type MeterUsage, readMeterUsages, type UsageSpan } from './read-usage';
import { readUsageAccount } from './usage-account';
import { viewUsageCharge } from './view-usage-charge';

export interface PricedMeterUsage {
  readonly usage: MeterUsage;
  /** Null when the meter has no price in the currency of the customer's account. */
  readonly priced: { readonly price: MeterPriceRow; readonly result: PricedUsage } | null;
}

export interface PricedUsageQuestion {
  readonly customerId: number;
  /** The code of one meter; all active ones when absent. */
  readonly meter?: string | undefined;
  /** The beginning of the month that `to` lies in, in the account's zone, when absent. */
  readonly from?: Date | undefined;
  /** The customer's now when absent. */
  readonly to?: Date | undefined;
  readonly now: Date;
}

/**
 * A customer's usage of [from, to) with what it costs at the prices of now.
 * @throws AppError not_found for the customer, meter_not_found, invalid_date_sequence
 */
export async function readPricedUsage(tx: TenantSql, { customerId, meter, now, ...asked }: PricedUsageQuestion) {
  const account = await readUsageAccount(tx, customerId);
  const to = asked.to ?? account.clockNow ?? now;
  const span: UsageSpan = { customerId, from: asked.from ?? monthBegin(to, account.timeZone), to };

  if (span.to <= span.from) {
    throw new AppError('invalid_date_sequence', { field: 'to', detail: '`to` must be after `from`.' });
  }
  const meterIds = meter === undefined ? null : [(await readMeterByCode(tx, meter, 'meter')).id];
  const usages = await readMeterUsages(tx, span, meterIds);
  const prices = await findActivePrices(tx, {
    meterIds: usages.map(({ meterId }) => meterId),
    currency: account.currency,
  });
  const lines: PricedMeterUsage[] = [];

  for (const usage of usages) {
    const price = prices.get(usage.meterId);
    const priced = price && { price, result: await priceMeterUsage(tx, { ...span, price, usage }) };

    lines.push({ usage, priced: priced ?? null });
  }

  return { ...account, span, lines };
}

function monthBegin(instant: Date, timeZone: string): Date {
  const first = `${localDateAt(instant.getTime(), timeZone).slice(0, 8)}01`;

  return new Date(startOfDay(first, timeZone));
}

/** As the API shows it, in the account's zone. @throws AppError amount_out_of_range */
export function viewPricedUsage({
  currency,
  timeZone,
  span: { customerId, from, to },
  lines,
}: Awaited<ReturnType<typeof readPricedUsage>>) {
  return {
    customerId,
    from: formatInstant(from, timeZone),
    to: formatInstant(to, timeZone),
    currency,
    usage: lines.map(({ usage: { code, meterId, quantity, events, lateEvents, lastEventAt }, priced }) => ({
      meter: code,
      meterId,
      quantity,
      events,
      lateEvents,
      lastEventAt: formatOptionalInstant(lastEventAt, timeZone),
      price: priced && {
        priceId: priced.price.id,
        model: priced.price.price.model,
        amount: toSafeNumber(priced.result.amount),
        exactAmount: formatExactDecimal(priced.result.value),
        charges: priced.result.charges.map(viewUsageCharge),
      },
    })),
  };
}
