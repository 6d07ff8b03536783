import { z } from 'zod';

import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { CurrencyPriceRow, pricesJson } from '../currency-price-row';
import type { AddonPrice } from './addon-price-rules';

/** A price of an add-on in another currency as it is read. */
export const AddonPriceRow = CurrencyPriceRow.extend({ setupFee: z.number().int().optional() });

/** SQL of one value: what an add-on `a` costs in other currencies, as a JSON array; empty where there are none. */
export const otherAddonPrices = pricesJson(
  Prisma.sql`FROM product.addon_prices x WHERE x.company_id = a.company_id AND x.addon_id = a.id`,
  Prisma.sql`, 'setupFee', x.setup_fee`,
);

/** Makes an add-on hold exactly these prices beside its own; its row is locked, or was made by this transaction. */
export async function setAddonPrices(
  tx: TenantTransaction,
  input: { addonId: number; prices: readonly AddonPrice[] },
): Promise<void> {
  const { addonId, prices } = input;
  const { companyId } = tx;
  await tx.orm.addonPrice.deleteMany({ where: { companyId, addonId } });
  await tx.orm.addonPrice.createMany({ data: prices.map((price) => ({ companyId, addonId, ...price })) });
}
