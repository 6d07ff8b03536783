import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { CatalogueStatus } from '../../catalogue/visibility-rules';
import { AppError } from '../../errors';
import { searchConditions } from '../../search/search-condition';
import { MeterRow, selectMeters } from './meter-row';

/** One meter of the company, active or not; null when there is none. */
export async function findMeter(tx: TenantSql, id: number): Promise<MeterRow | null> {
  const [row] = await tx.query(MeterRow, ofCompany(tx, Prisma.sql`m.id = ${id}::bigint`));

  return row ?? null;
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readMeter(tx: TenantSql, id: number): Promise<MeterRow> {
  return presentMeter(await findMeter(tx, id));
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockMeter(tx: TenantSql, id: number): Promise<MeterRow> {
  const [row] = await tx.query(MeterRow, ofCompany(tx, Prisma.sql`m.id = ${id}::bigint FOR NO KEY UPDATE`));

  return presentMeter(row ?? null);
}

/** The meter of that code, also an archived one: what was used of it can still be read. @throws AppError meter_not_found */
export async function readMeterByCode(tx: TenantSql, code: string, field: string): Promise<MeterRow> {
  const [row] = await tx.query(MeterRow, ofCompany(tx, Prisma.sql`m.code = ${code}`));

  if (row === undefined) {
    throw new AppError('meter_not_found', { field, detail: `There is no meter ${code}.` });
  }

  return row;
}

/** @throws AppError not_found for null */
export function presentMeter(row: MeterRow | null): MeterRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such meter.' });
  }

  return row;
}

export interface MeterFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  eventName?: string | undefined;
}

/** Up to `limit` meters in the order in which they were made, after an id. */
export function listMeters(
  tx: TenantSql,
  { filter, after, limit }: { filter: MeterFilter; after: number; limit: number },
): Promise<MeterRow[]> {
  const conditions = [
    Prisma.sql`m.id > ${after}::bigint`,
    Prisma.sql`m.status = ANY (${[...filter.statuses]}::text[])`,
    ...searchConditions(Prisma.sql`m.search_text`, filter.q),
    ...(filter.eventName === undefined ? [] : [Prisma.sql`m.event_name = ${filter.eventName}`]),
  ];

  return tx.query(
    MeterRow,
    ofCompany(tx, Prisma.sql`${Prisma.join(conditions, ' AND ')} ORDER BY m.id LIMIT ${limit}`),
  );
}

const ofCompany = (tx: TenantSql, rest: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${selectMeters} WHERE m.company_id = ${tx.companyId}::bigint AND ${rest}`;
