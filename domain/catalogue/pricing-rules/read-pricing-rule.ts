import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { searchConditions } from '../../search/search-condition';
import type { CatalogueStatus } from '../visibility-rules';
import { PricingRuleRow, selectPricingRules } from './pricing-rule-row';

/** One pricing rule of the company, archived or not; null when there is none. */
export async function findPricingRule(tx: TenantSql, id: number): Promise<PricingRuleRow | null> {
  const [row] = await tx.query(PricingRuleRow, Prisma.sql`${selectPricingRules} ${hasId(tx, id)}`);

  return row ?? null;
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readPricingRule(tx: TenantSql, id: number): Promise<PricingRuleRow> {
  return presentRule(await findPricingRule(tx, id));
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockPricingRule(tx: TenantSql, id: number): Promise<PricingRuleRow> {
  const [row] = await tx.query(PricingRuleRow, Prisma.sql`${selectPricingRules} ${hasId(tx, id)} FOR NO KEY UPDATE`);

  return presentRule(row ?? null);
}

export interface PricingRuleFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  /** Rules that name this product. */
  productId?: number | undefined;
  segment?: string | undefined;
}

/** Up to `limit` rules in the order in which they were made, after an id. */
export function listPricingRules(
  tx: TenantSql,
  input: { filter: PricingRuleFilter; after: number; limit: number },
): Promise<PricingRuleRow[]> {
  const { filter, after, limit } = input;
  const conditions = [
    Prisma.sql`r.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`r.id > ${after}::bigint`,
    Prisma.sql`r.status = ANY (${[...filter.statuses]}::text[])`,
    ...searchConditions(Prisma.sql`r.search_text`, filter.q),
    ...(filter.productId === undefined ? [] : [Prisma.sql`${filter.productId}::bigint = ANY (r.product_ids)`]),
    ...(filter.segment === undefined ? [] : [Prisma.sql`${filter.segment} = ANY (r.segments)`]),
  ];

  return tx.query(
    PricingRuleRow,
    Prisma.sql`${selectPricingRules} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY r.id LIMIT ${limit}`,
  );
}

const hasId = ({ companyId }: TenantSql, id: number) =>
  Prisma.sql`WHERE r.company_id = ${companyId}::bigint AND r.id = ${id}::bigint`;

function presentRule(row: PricingRuleRow | null): PricingRuleRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such pricing rule.' });
  }

  return row;
}
