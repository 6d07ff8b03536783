import { Prisma, type TenantSql } from '../../../platform/db/database';
import { priceIn } from '../currency-price-rules';
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
  /** Those that have a price in it, their own or another: that one is compared, and ordered by. */
  currency?: string | undefined;
  /** Minor units, inclusive; of its own price where no currency is named, as amounts of several do not compare. */
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

/** The position of a row in an order, by its price in the currency that is asked for. */
export function productPosition(row: ProductRow, sort: ProductSort, currency = row.currency): ProductPosition {
  switch (sort) {
    case 'newest':
      return { value: null, id: row.id };
    case 'price':
    case '-price':
      return { value: priceIn(row, currency)?.price ?? row.price, id: row.id };
    case 'name':
      return { value: row.searchText, id: row.id };
  }
}

interface Page {
  filter: ProductFilter;
  sort: ProductSort;
  after: ProductPosition | null;
  limit: number;
}

/** Up to `limit` products after a position. By name: as folded for search, so diacritics do not scatter the letters. */
export async function listProducts(tx: TenantSql, page: Page): Promise<ProductRow[]> {
  const { currency } = page.filter;
  const others = Prisma.sql`JOIN product.product_prices x ON x.company_id = p.company_id AND x.product_id = p.id`;
  // Whose own price is in it and who have it besides, each by its index.
  const found =
    currency === undefined
      ? pricedBy(Prisma.sql`p.price`, Prisma.empty)
      : Prisma.sql`(${pricedBy(Prisma.sql`p.price`, Prisma.empty, Prisma.sql`p.currency = ${currency}`)})
          UNION ALL (${pricedBy(Prisma.sql`x.price`, others, Prisma.sql`x.currency = ${currency}`)})`;

  return tx.query(
    ProductRow,
    Prisma.sql`${selectProducts} JOIN (${found}) f ON f.id = p.id WHERE p.company_id = ${tx.companyId}::bigint
                ORDER BY ${ordersBy(Prisma.sql`f.amount`)[page.sort]} LIMIT ${page.limit}`,
  );

  /** The ids of a page of those that a price is looked for in, with it. */
  function pricedBy(price: Prisma.Sql, prices: Prisma.Sql, condition = Prisma.sql`true`): Prisma.Sql {
    const conditions = [
      Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
      condition,
      ...filterConditions(page.filter, price),
      ...(page.after === null ? [] : [isAfter(page.sort, price, page.after)]),
    ];

    return Prisma.sql`
      SELECT p.id, ${price} AS amount FROM product.products p ${prices}
        LEFT JOIN ordering.inventory i ON i.company_id = p.company_id AND i.product_id = p.id
       WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${ordersBy(price)[page.sort]} LIMIT ${page.limit}`;
  }
}

const ordersBy = (price: Prisma.Sql): Readonly<Record<ProductSort, Prisma.Sql>> => ({
  newest: Prisma.sql`p.id DESC`,
  price: Prisma.sql`${price}, p.id`,
  '-price': Prisma.sql`${price} DESC, p.id DESC`,
  name: Prisma.sql`p.search_text COLLATE "C", p.id`,
});

function isAfter(sort: ProductSort, price: Prisma.Sql, { value, id }: ProductPosition): Prisma.Sql {
  switch (sort) {
    case 'newest':
      return Prisma.sql`p.id < ${id}::bigint`;
    case 'price':
      return Prisma.sql`(${price}, p.id) > (${value}::bigint, ${id}::bigint)`;
    case '-price':
      return Prisma.sql`(${price}, p.id) < (${value}::bigint, ${id}::bigint)`;
    case 'name':
      return Prisma.sql`(p.search_text COLLATE "C", p.id) > (${value}::text, ${id}::bigint)`;
  }
}

function filterConditions(filter: ProductFilter, price: Prisma.Sql): Prisma.Sql[] {
  const { statuses, sku, category, minPrice, maxPrice, inStock } = filter;

  return [
    Prisma.sql`p.status = ANY (${[...statuses]}::text[])`,
    ...searchConditions(Prisma.sql`p.search_text`, filter.q),
    ...(sku === undefined ? [] : [Prisma.sql`p.sku = ${sku}`]),
    ...(category === undefined ? [] : [Prisma.sql`p.category_text = ${foldForSearch(category)}`]),
    ...(minPrice === undefined ? [] : [Prisma.sql`${price} >= ${minPrice}::bigint`]),
    ...(maxPrice === undefined ? [] : [Prisma.sql`${price} <= ${maxPrice}::bigint`]),
    ...(inStock === undefined ? [] : [Prisma.sql`(${availableUnits} > 0) = ${inStock}::boolean`]),
  ];
}
