import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { productKinds } from './bundle-rules';
import { CurrencyPriceRow } from '../currency-price-row';
import { otherPrices } from './set-product-prices';

export const productStatuses = ['active', 'archived'] as const;

const BundleItemRow = z.object({
  productId: z.number().int(),
  sku: z.string(),
  name: z.string(),
  /** Units in one bundle. */
  quantity: z.number().int(),
  status: z.enum(productStatuses),
  /** Units of the part that can be ordered now. */
  available: z.number().int(),
});

export const ProductRow = z.object({
  id: dbInteger,
  sku: z.string(),
  kind: z.enum(productKinds),
  name: z.string(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  categoryId: dbInteger.nullable(),
  price: dbInteger,
  currency: z.string(),
  /** What tax rates are found by (`tax-rules.ts` of billing). */
  taxCategory: z.string(),
  /** Whether the price holds the tax; null: as the company has it (setting taxBehavior). */
  taxBehavior: z.enum(taxBehaviors).nullable(),
  /** In other currencies, by currency. */
  prices: z.array(CurrencyPriceRow),
  attributes: z.record(z.string(), z.unknown()),
  status: z.enum(productStatuses),
  /** Units that can be ordered now; 0 for a product without a stock record. Of a bundle: what its parts make up. */
  stock: dbInteger,
  /** The parts of a bundle, in its order; null for everything else. */
  bundleItems: z.array(BundleItemRow).nullable(),
  searchText: z.string(),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type ProductRow = z.output<typeof ProductRow>;

/** Price in minor units of the currency. */
export type ProductFields = Pick<
  ProductRow,
  | 'sku'
  | 'name'
  | 'description'
  | 'category'
  | 'price'
  | 'currency'
  | 'prices'
  | 'taxCategory'
  | 'taxBehavior'
  | 'attributes'
>;

const partsOfBundle = Prisma.sql`
  product.bundle_items b JOIN product.products part ON part.company_id = b.company_id AND part.id = b.product_id
  LEFT JOIN ordering.inventory s ON s.company_id = b.company_id AND s.product_id = b.product_id
  WHERE b.company_id = p.company_id AND b.bundle_id = p.id`;

/** Units of a product `p`, with its inventory `i`, that can be ordered now: of a bundle, the fewest that any of its parts makes up. */
export const availableUnits = Prisma.sql`
  CASE WHEN p.kind = 'bundle'
       THEN (SELECT coalesce(min(CASE WHEN part.status = 'active' THEN coalesce(s.available, 0) / b.quantity ELSE 0 END), 0) FROM ${partsOfBundle})
       ELSE coalesce(i.available, 0) END`;

/** Products with their stock: what every statement that reads a ProductRow begins with. */
export const selectProducts = Prisma.sql`
  SELECT p.id, p.sku, p.kind, p.name, p.description, p.category, p.category_id AS "categoryId", p.price, p.currency, ${otherPrices} AS prices, p.tax_category AS "taxCategory", p.tax_behavior AS "taxBehavior", p.attributes, p.status,
         ${availableUnits} AS stock,
         CASE WHEN p.kind = 'bundle'
              THEN (SELECT jsonb_agg(jsonb_build_object('productId', part.id, 'sku', part.sku, 'name', part.name, 'quantity', b.quantity,
                      'status', part.status, 'available', coalesce(s.available, 0)) ORDER BY b.position) FROM ${partsOfBundle}) END AS "bundleItems",
         p.search_text AS "searchText", p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM product.products p
    LEFT JOIN ordering.inventory i ON i.company_id = p.company_id AND i.product_id = p.id`;
