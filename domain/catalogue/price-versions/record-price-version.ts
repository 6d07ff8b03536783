import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { ofPriced, type Priced } from './price-version-row';

export interface NewPrice {
  /** minor units for one period, or once */
  price: number;
  currency: string;
  /** Whether it holds the tax; null: as the company has it. */
  taxBehavior: TaxBehavior | null;
  /** Of an add-on its billing period. */
  billingCycle: string;
}

/**
 * Keeps what a plan or an add-on costs from now on; whoever changes the price holds its row. Subscribers keep the price that
 * they agreed on (D20).
 * @param input.userId who set it; null: the installation itself
 */
export async function recordPriceVersion(
  tx: TenantSql,
  input: { of: Priced; price: NewPrice; userId: number | null; now: Date },
): Promise<void> {
  const { of, price, userId, now } = input;
  const [planId, addonId] = 'planId' in of ? [of.planId, null] : [null, of.addonId];
  await tx.write(Prisma.sql`
      INSERT INTO product.price_versions (company_id, plan_id, addon_id, version, price, currency, tax_behavior, billing_cycle, valid_from, user_id)
      SELECT ${tx.companyId}::bigint, ${planId}::bigint, ${addonId}::bigint, coalesce(max(v.version), 0) + 1, ${price.price}::bigint,
             ${price.currency}, ${price.taxBehavior}, ${price.billingCycle}, greatest(${now}::timestamptz, max(v.valid_from)), ${userId}::bigint
        FROM product.price_versions v WHERE v.company_id = ${tx.companyId}::bigint AND ${ofPriced(of)}`);
}

/** Whether two of them are the same to who agrees on them. */
export function isSamePrice(one: NewPrice, other: NewPrice): boolean {
  return (
    one.price === other.price &&
    one.currency === other.currency &&
    one.taxBehavior === other.taxBehavior &&
    one.billingCycle === other.billingCycle
  );
}
