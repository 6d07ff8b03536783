import { Prisma, type TenantSql } from '../../../platform/db/database';
import { availableUnits, ProductRow, selectProducts } from './product-row';
import { searchConditions } from '../../search/search-condition';
import { foldForSearch } from '../../search/search-rules';
import type { CatalogueStatus } from '../visibility-rules';

export const productSorts = ['newest', 'price', '-price', 'name'] as const;
export type ProductSort = (typeof productSorts)[number];

export interface ProductFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  sku?: string | undefined;
  /** In any case, with or without diacritics. */
  category?: string | undefined;
  currency?: string | undefined;
  /** Minor units, inclusive. Amounts of several currencies do not compare; name the currency where there is more than one. */
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  /** True: something can be ordered now. False: sold out. */
  inStock?: boolean | undefined;
}

/** Where a page ends: the value that its order goes by, and the id that settles ties. */
export interface ProductPosition {
  value: string | number | null;
  id: number;
}

/** The position of a row in an order. */
export function productPosition(row: ProductRow, sort: ProductSort): ProductPosition {
  switch (sort) {
    case 'newest':
      return { value: null, id: row.id };
    case 'price':
    case '-price':
      return { value: row.price, id: row.id };
    case 'name':
      return { value: row.searchText, id: row.id };
  }
}

/** Up to `limit` products after a position. By name: as folded for search, so diacritics do not scatter the letters. */
export async function listProducts(
  tx: TenantSql,
  input: { filter: ProductFilter; sort: ProductSort; after: ProductPosition | null; limit: number },
): Promise<ProductRow[]> {
  const conditions = [
    Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
    ...filterConditions(input.filter),
    ...(input.after === null ? [] : [isAfter(input.sort, input.after)]),
  ];

  return tx.query(
    ProductRow,
    Prisma.sql`${selectProducts} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${orders[input.sort]} LIMIT ${input.limit}`,
  );
}

const orders: Readonly<Record<ProductSort, Prisma.Sql>> = {
  newest: Prisma.sql`p.id DESC`,
  price: Prisma.sql`p.price, p.id`,
  '-price': Prisma.sql`p.price DESC, p.id DESC`,
  name: Prisma.sql`p.search_text COLLATE "C", p.id`,
};

function isAfter(sort: ProductSort, { value, id }: ProductPosition): Prisma.Sql {
  switch (sort) {
    case 'newest':
      return Prisma.sql`p.id < ${id}::bigint`;
    case 'price':
      return Prisma.sql`(p.price, p.id) > (${value}::bigint, ${id}::bigint)`;
    case '-price':
      return Prisma.sql`(p.price, p.id) < (${value}::bigint, ${id}::bigint)`;
    case 'name':
      return Prisma.sql`(p.search_text COLLATE "C", p.id) > (${value}::text, ${id}::bigint)`;
  }
}

function filterConditions(filter: ProductFilter): Prisma.Sql[] {
  const { statuses, sku, category, currency, minPrice, maxPrice, inStock } = filter;

  return [
    Prisma.sql`p.status = ANY (${[...statuses]}::text[])`,
    ...searchConditions(Prisma.sql`p.search_text`, filter.q),
    ...(sku === undefined ? [] : [Prisma.sql`p.sku = ${sku}`]),
    ...(category === undefined ? [] : [Prisma.sql`p.category_text = ${foldForSearch(category)}`]),
    ...(currency === undefined ? [] : [Prisma.sql`p.currency = ${currency}`]),
    ...(minPrice === undefined ? [] : [Prisma.sql`p.price >= ${minPrice}::bigint`]),
    ...(maxPrice === undefined ? [] : [Prisma.sql`p.price <= ${maxPrice}::bigint`]),
    ...(inStock === undefined ? [] : [Prisma.sql`(${availableUnits} > 0) = ${inStock}::boolean`]),
  ];
}
