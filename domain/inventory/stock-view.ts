import { formatOptionalInstant } from '../../platform/instant';
import { isLowStock } from './low-stock-rules';
import type { StockRow } from './stock-row';

/** Stock as employees see it. @param timeZone of the company */
export function viewStock(row: StockRow, timeZone: string) {
  return {
    productId: row.productId,
    sku: row.sku,
    name: row.name,
    quantity: row.quantity,
    reserved: row.reserved,
    available: row.available,
    reorderLevel: row.reorderLevel,
    isLowStock: isLowStock(row),
    updatedAt: formatOptionalInstant(row.updatedAt, timeZone),
  };
}

/** Stock as everybody may see it: what can be ordered now, not what the company holds or sells. */
export function viewAvailability(row: StockRow) {
  return { productId: row.productId, available: row.available };
}
