import { priceModelSchema } from '../../domain/billing/pricing/price-model-schema';

/** A price model in answers, which share it as one component; bodies hold none. */
export const PriceModelComponent = priceModelSchema.meta({ id: 'PriceModel' });
