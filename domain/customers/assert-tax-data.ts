import { AppError } from '../errors';
import type { BuyerTaxData } from './buyer-tax-data';
import { faultOfTaxData } from './tax-code-rules';

/** @throws AppError validation_failed on /taxCode, /taxExemptReason */
export function assertTaxData(data: {
  taxStatus?: string;
  taxExemptReason?: BuyerTaxData['taxExemptReason'];
  taxCode?: BuyerTaxData['taxCode'];
  country?: BuyerTaxData['country'];
}): void {
  const { taxStatus = 'taxable', taxExemptReason = null, taxCode = null, country = null } = data;
  const fault = faultOfTaxData({ taxStatus, taxExemptReason, taxCode, country });

  if (fault !== null) {
    throw new AppError('validation_failed', fault);
  }
}
