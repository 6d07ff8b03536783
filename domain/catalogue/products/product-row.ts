import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const productStatuses = ['active', 'archived'] as const;

export const ProductRow = z.object({
  id: dbInteger,
  sku: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  price: dbInteger,
  currency: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  status: z.enum(productStatuses),
  /** Units that can be ordered now; 0 for a product without a stock record. */
  stock: dbInteger,
  searchText: z.string(),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type ProductRow = z.output<typeof ProductRow>;

/** Price in minor units of the currency. */
export type ProductFields = Pick<
  ProductRow,
  'sku' | 'name' | 'description' | 'category' | 'price' | 'currency' | 'attributes'
>;

/** Products with their stock: what every statement that reads a ProductRow begins with. */
export const selectProducts = Prisma.sql`
  SELECT p.id, p.sku, p.name, p.description, p.category, p.price, p.currency, p.attributes, p.status,
         coalesce(i.available, 0) AS stock, p.search_text AS "searchText", p.created_at AS "createdAt", p.updated_at AS "updatedAt"
    FROM product.products p
    LEFT JOIN ordering.inventory i ON i.company_id = p.company_id AND i.product_id = p.id`;
