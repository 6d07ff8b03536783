import type { UsageCharge } from '../billing/pricing/price-model-rules';
import { formatExactDecimal } from '../money/ratio-rules';

/** A part of what usage costs, in exact decimal texts. */
export const viewUsageCharge = ({ kind, quantity, unitPrice, flatAmount, value }: UsageCharge) => ({
  kind,
  quantity: formatExactDecimal(quantity),
  unitPrice: formatExactDecimal(unitPrice),
  flatAmount: formatExactDecimal(flatAmount),
  exactAmount: formatExactDecimal(value),
});
