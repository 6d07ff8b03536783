import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { pricesJson } from '../currency-price-row';
import type { CurrencyPrice } from '../currency-price-rules';

/** SQL of one value: what a product `p` costs in other currencies, as a JSON array; empty where there are none. */
export const otherPrices = pricesJson(
  Prisma.sql`FROM product.product_prices x WHERE x.company_id = p.company_id AND x.product_id = p.id`,
);

/** Makes a product hold exactly these prices beside its own; its row is locked, or was made by this transaction. */
export async function setProductPrices(
  tx: TenantTransaction,
  input: { productId: number; prices: readonly CurrencyPrice[] },
): Promise<void> {
  const { productId, prices } = input;
  const { companyId } = tx;
  await tx.orm.productPrice.deleteMany({ where: { companyId, productId } });
  await tx.orm.productPrice.createMany({ data: prices.map((price) => ({ companyId, productId, ...price })) });
}
