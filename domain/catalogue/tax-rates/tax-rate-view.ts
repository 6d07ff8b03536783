import { formatInstant } from '../../../platform/instant';
import type { TaxRateRow } from './tax-rate-row';

/** A tax rate as the API shows it. @param timeZone of the company */
export function viewTaxRate(row: TaxRateRow, timeZone: string) {
  return {
    ...row,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
