import { z } from 'zod';

import { createProduct } from '../../domain/catalogue/products/create-product';
import { listProducts, productPosition } from '../../domain/catalogue/products/list-products';
import { viewProduct } from '../../domain/catalogue/products/product-view';
import { presentProduct, readProduct } from '../../domain/catalogue/products/read-product';
import { updateProduct } from '../../domain/catalogue/products/update-product';
import { readableEntry, shownStatuses } from '../../domain/catalogue/visibility-rules';
import { isEmployee } from '../../domain/identity/principal';
import { setInventory } from '../../domain/inventory/set-inventory';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { CreateProductRequest, ListProductsQuery, ProductSchema, UpdateProductRequest } from './schemas';

const tag = 'Products';

/** What is sold once, for anybody to read and for managers to write (S103). */
export function createProductsRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/products',
      operationId: 'createProduct',
      summary: 'Add a product',
      tag,
      access: managers,
      body: CreateProductRequest,
      responses: { 201: ProductSchema },
      errors: ['already_exists'],
      reserves: 'product',
      async handler({ body: { stock, ...fields }, companyId, reservedId, principal, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) => {
          const { product, isNew } = await createProduct(tx, { product: { ...fields, id: reservedId }, now });

          if (isNew && stock !== undefined) {
            await setInventory(tx, { productId: product.id, quantity: stock, userId: principal?.userId ?? null, now });
          }

          return viewProduct(await readProduct(tx, product.id), timeZone);
        });

        return { status: 201, body: view, headers: { location: `/api/v1/products/${view.id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/products',
      operationId: 'listProducts',
      summary: 'List and search products',
      description:
        'Active ones, unless an employee asks for another status. A search finds products in whose name, SKU and category every word occurs, with or without diacritics.',
      tag,
      access: 'public',
      query: ListProductsQuery,
      responses: { 200: pageOf(ProductSchema) },
      async handler({ query: { limit, cursor, sort, status, inStock, ...filter }, principal, companyId }) {
        const statuses = shownStatuses(status, isEmployee(principal));
        const after = decodeCursor(positions[sort], cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listProducts(tx, {
            filter: { ...filter, statuses, inStock: inStock === undefined ? undefined : inStock === 'true' },
            sort,
            after,
            limit: limit + 1,
          });

          return toPage(rows, {
            limit,
            positionOf: (row) => ({ sort, ...productPosition(row, sort) }),
            view: (row) => viewProduct(row, timeZone),
          });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/products/:id',
      operationId: 'readProduct',
      summary: 'Read a product',
      description: 'Archived ones are for employees; orders go on naming theirs.',
      tag,
      access: 'public',
      params: idParams,
      responses: { 200: ProductSchema },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewProduct(presentProduct(readableEntry(await readProduct(tx, id), isEmployee(principal))), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/products/:id',
      operationId: 'updateProduct',
      summary: 'Change, archive or bring back a product',
      description: 'Orders keep the name and price they were placed with.',
      tag,
      access: managers,
      params: idParams,
      body: UpdateProductRequest,
      responses: { 200: ProductSchema },
      errors: ['not_found', 'already_exists'],
      async handler({ params: { id }, body, companyId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewProduct(await updateProduct(tx, { id, changes: body, now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/products/:id',
      operationId: 'archiveProduct',
      summary: 'Archive a product',
      description: 'The same as status archived: nothing is deleted, and it can be brought back.',
      tag,
      access: managers,
      params: idParams,
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, now }) {
        await database.withTenant(companyId, (tx) => updateProduct(tx, { id, changes: { status: 'archived' }, now }));

        return { status: 204 };
      },
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
