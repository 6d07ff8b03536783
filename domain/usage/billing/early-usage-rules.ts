import type { PriceModel } from '../../billing/pricing/price-model-types';
import type { Aggregation } from '../meters/meter-types';

/**
 * Whether more usage never makes a period cheaper, so that what is billed of it before it is over is never more than what it
 * comes to. The last value of a meter may fall, and more units may have a lower price by volume: these wait for the end.
 */
export function growsOnly(aggregation: Aggregation, { model }: Pick<PriceModel, 'model'>): boolean {
  return aggregation !== 'last' && model !== 'volume';
}

/** The price of what is used: the least that a period costs is asked for when it is over. */
export function withoutMinimum({ minimumAmount: _minimum, ...price }: PriceModel): PriceModel {
  return price as PriceModel;
}
