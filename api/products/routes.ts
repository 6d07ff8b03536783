import { z } from 'zod';

import { createProduct } from '../../domain/catalogue/products/create-product';
import { listProducts, type ProductPosition, productPosition } from '../../domain/catalogue/products/list-products';
import { viewProduct } from '../../domain/catalogue/products/product-view';
import { presentProduct, readProduct } from '../../domain/catalogue/products/read-product';
import { updateProduct } from '../../domain/catalogue/products/update-product';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { setInventory } from '../../domain/inventory/set-inventory';
import { resourceRoutes } from '../catalogue/resource-routes';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { createPriceRoute } from './price-route';
import { CreateProductRequest, ListProductsQuery, ProductSchema, UpdateProductRequest } from './schemas';

const bundleErrors = ['product_not_found', 'product_archived', 'bundle_nested', 'tax_category_not_found'] as const;

/** What is sold once (S103), bundles of it, too (S116). */
export function createProductsRoutes(deps: ApiDependencies): Route[] {
  return [
    createPriceRoute(deps),
    ...resourceRoutes(deps, {
      path: 'products',
      tag: 'Products',
      name: 'Product',
      called: ['a product', 'products'],
      reserves: 'product',
      schemas: {
        query: ListProductsQuery,
        create: CreateProductRequest,
        update: UpdateProductRequest,
        answer: ProductSchema,
      },
      texts: {
        list: 'Active ones, unless an employee asks for another status. A search finds products in whose name, SKU and category every word occurs, with or without diacritics.',
        read: 'Archived ones are for employees; orders go on naming theirs.',
        update: ['Change, archive or bring back a product', 'Orders keep the name and price they were placed with.'],
        archive: ['Archive a product', 'The same as status archived: nothing is deleted, and it can be brought back.'],
      },
      updateErrors: ['already_exists', ...bundleErrors],
      createErrors: bundleErrors,
      paging: {
        cursorOf: ({ sort }) => positions[sort],
        positionAfter: (row, { sort, currency }) => ({ sort, ...productPosition(row, sort, currency) }),
      },
      async create(tx, { body: { stock, kind: _said, ...fields }, id, userId, now }) {
        const { product, isNew } = await createProduct(tx, { product: { ...fields, id }, now });

        if (isNew && stock !== undefined) {
          await setInventory(tx, { productId: product.id, quantity: stock, userId, now });
        }

        return readProduct(tx, product.id);
      },
      list: (tx, { query: { sort, inStock, ...filter }, statuses, after, limit }) =>
        listProducts(tx, {
          filter: { ...filter, statuses, inStock: inStock === undefined ? undefined : inStock === 'true' },
          sort,
          after: after as ProductPosition | null,
          limit,
        }),
      read: async (tx, id, isEmployee) => presentProduct(readableEntry(await readProduct(tx, id), isEmployee)),
      update: updateProduct,
      archived: { status: 'archived' },
      view: viewProduct,
    }),
  ];
}

/** A cursor belongs to the order that gave it. */
const positions = {
  newest: z.strictObject({ sort: z.literal('newest'), value: z.null(), id: z.int() }),
  price: z.strictObject({ sort: z.literal('price'), value: z.int(), id: z.int() }),
  '-price': z.strictObject({ sort: z.literal('-price'), value: z.int(), id: z.int() }),
  name: z.strictObject({ sort: z.literal('name'), value: z.string(), id: z.int() }),
};
