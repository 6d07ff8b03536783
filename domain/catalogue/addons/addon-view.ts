import { formatInstant } from '../../../platform/instant';
import type { AddonRow } from './addon-row';

/** An add-on as the API shows it. @param timeZone of the company */
export function viewAddon(row: AddonRow, timeZone: string) {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    description: row.description,
    price: row.price,
    setupFee: row.setupFee,
    currency: row.currency,
    taxCategory: row.taxCategory,
    taxBehavior: row.taxBehavior,
    prices: row.prices,
    billingPeriod: row.billingPeriod,
    termPeriods: row.termPeriods,
    prepaid: row.prepaid,
    isActive: row.isActive,
    features: row.features,
    grants: row.grants,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
