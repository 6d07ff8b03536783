import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AddonRow, selectAddons } from './addon-row';
import { searchConditions } from '../../search/search-condition';
import type { CatalogueStatus } from '../visibility-rules';

export interface AddonFilter {
  /** `archived` are those that are not active; an add-on has no draft. */
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  billingPeriod?: AddonRow['billingPeriod'] | undefined;
  /** Those that have a price in it, their own or another. */
  currency?: string | undefined;
}

const hasPriceIn = (
  currency: string,
) => Prisma.sql`(a.currency = ${currency} OR EXISTS (SELECT FROM product.addon_prices x
  WHERE x.company_id = a.company_id AND x.addon_id = a.id AND x.currency = ${currency}))`;

/** Up to `limit` add-ons in the order in which they were made, after an id. */
export async function listAddons(
  tx: TenantSql,
  input: { filter: AddonFilter; after: number; limit: number },
): Promise<AddonRow[]> {
  const { filter, after, limit } = input;
  const { statuses, billingPeriod, currency } = filter;
  const conditions = [
    Prisma.sql`a.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`a.id > ${after}::bigint`,
    Prisma.sql`CASE WHEN a.is_active THEN 'active' ELSE 'archived' END = ANY (${[...statuses]}::text[])`,
    ...searchConditions(Prisma.sql`a.search_text`, filter.q),
    ...(billingPeriod === undefined ? [] : [Prisma.sql`a.billing_period = ${billingPeriod}`]),
    ...(currency === undefined ? [] : [hasPriceIn(currency)]),
  ];

  return tx.query(
    AddonRow,
    Prisma.sql`${selectAddons} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY a.id LIMIT ${limit}`,
  );
}
