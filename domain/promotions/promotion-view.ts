import { formatInstant, formatOptionalInstant } from '../../platform/instant';
import type { PromotionRow } from './promotion-row';

/** A promotion as the API shows it. @param timeZone of the company */
export function viewPromotion(row: PromotionRow, timeZone: string) {
  return {
    ...row,
    startsAt: formatOptionalInstant(row.startsAt, timeZone),
    endsAt: formatOptionalInstant(row.endsAt, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
