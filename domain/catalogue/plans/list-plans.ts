import { Prisma, type TenantSql } from '../../../platform/db/database';
import { PlanRow, selectPlans } from './plan-row';
import { searchConditions } from '../../search/search-condition';
import type { CatalogueStatus } from '../visibility-rules';

export interface PlanFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  billingCycle?: PlanRow['billingCycle'] | undefined;
  /** Those that have a price in it, their own or another. */
  currency?: string | undefined;
  trialEnabled?: boolean | undefined;
}

const hasPriceIn = (
  currency: string,
) => Prisma.sql`(p.currency = ${currency} OR EXISTS (SELECT FROM product.plan_prices x
  WHERE x.company_id = p.company_id AND x.plan_id = p.id AND x.currency = ${currency}))`;

/** Up to `limit` plans in the order in which they were made, after an id. */
export async function listPlans(
  tx: TenantSql,
  input: { filter: PlanFilter; after: number; limit: number },
): Promise<PlanRow[]> {
  const { filter, after, limit } = input;
  const { billingCycle, currency, trialEnabled } = filter;
  const conditions = [
    Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`p.id > ${after}::bigint`,
    Prisma.sql`p.status = ANY (${[...filter.statuses]}::text[])`,
    ...searchConditions(Prisma.sql`p.search_text`, filter.q),
    ...(billingCycle === undefined ? [] : [Prisma.sql`p.billing_cycle = ${billingCycle}`]),
    ...(currency === undefined ? [] : [hasPriceIn(currency)]),
    ...(trialEnabled === undefined ? [] : [Prisma.sql`p.trial_enabled = ${trialEnabled}::boolean`]),
  ];

  return tx.query(
    PlanRow,
    Prisma.sql`${selectPlans} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY p.id LIMIT ${limit}`,
  );
}
