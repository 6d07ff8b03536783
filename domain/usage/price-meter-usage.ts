import type { TenantSql } from '../../platform/db/database';
import { type PricedUsage, priceUsage } from '../billing/pricing/price-model-rules';
import { parseDecimal, type Ratio } from '../money/ratio-rules';
import type { MeterPriceRow } from './prices/meter-price-row';
import { type MeterUsage, readRunningSums, type UsageSpan } from './read-usage';

/**
 * What a customer's usage of [from, to) costs at a price, at this moment: what is read is the usage, what is billed later is
 * this. Before tax, in minor units of the price's currency.
 * @param input.usage what the meter measured of that span
 * @param input.units as many as are to be priced; all of them when absent
 */
export async function priceMeterUsage(
  tx: TenantSql,
  input: UsageSpan & { price: Pick<MeterPriceRow, 'meterId' | 'price'>; usage: MeterUsage; units?: Ratio },
): Promise<PricedUsage> {
  const { price, usage, customerId, from, to, units = parseDecimal(usage.quantity) } = input;
  const { meterId, price: model } = price;
  const span = { customerId, from, to };
  const first = model.model === 'percentage' && model.eventPrice !== undefined ? (model.freeEvents ?? 0) : 0;

  return priceUsage(model, {
    units,
    events: usage.events,
    runningSums: first === 0 ? [] : await readRunningSums(tx, { ...span, meterId, first }),
  });
}
