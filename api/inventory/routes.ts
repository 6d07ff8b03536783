import { z } from 'zod';

import { presentProduct, readProduct } from '../../domain/catalogue/products/read-product';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { isEmployee } from '../../domain/identity/principal';
import { adjustInventory } from '../../domain/inventory/adjust-inventory';
import { listInventory } from '../../domain/inventory/list-inventory';
import { listMovements, viewMovement } from '../../domain/inventory/list-movements';
import { readInventory } from '../../domain/inventory/read-inventory';
import { setInventory } from '../../domain/inventory/set-inventory';
import { viewAvailability, viewStock } from '../../domain/inventory/stock-view';
import type { ApiDependencies } from '../dependencies';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, employees, type Route } from '../http/pipeline/route';
import { withCompanyZone } from '../http/pipeline/with-company-zone';
import {
  AdjustInventoryRequest,
  AvailabilitySchema,
  ListInventoryQuery,
  ListMovementsQuery,
  MovementSchema,
  productParams,
  SetInventoryRequest,
  StockSchema,
} from './schemas';

const tag = 'Inventory';

/** Stock of products (S169, S176): employees set and adjust it, orders hold and take it. */
export function createInventoryRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/inventory',
      operationId: 'listInventory',
      summary: 'List stock by product',
      description: 'Products whose stock was ever set. `lowStock=true`: what to reorder, of products that are sold.',
      tag,
      access: employees,
      query: ListInventoryQuery,
      responses: { 200: pageOf(StockSchema) },
      async handler({ query: { limit, cursor, q, lowStock }, companyId }) {
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const filter = { q, lowStock: lowStock === undefined ? undefined : lowStock === 'true' };
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listInventory(tx, { filter, after, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.productId, view: (row) => viewStock(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/inventory/:productId',
      operationId: 'readInventory',
      summary: 'Read the stock of a product',
      description:
        'Employees see quantity, reserved and available; everybody else only what is available, of products that are sold. Zeros where nothing was set.',
      tag,
      access: 'public',
      params: productParams,
      responses: { 200: z.union([StockSchema, AvailabilitySchema]) },
      errors: ['not_found'],
      async handler({ params: { productId }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          if (isEmployee(principal)) {
            return viewStock(await readInventory(tx, productId), timeZone);
          }
          presentProduct(readableEntry(await readProduct(tx, productId), false));

          return viewAvailability(await readInventory(tx, productId));
        });

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/inventory/:productId',
      operationId: 'setInventory',
      summary: 'Set quantity, reorder level or both',
      description:
        'What is not sent stays. For goods that come and go use adjust: it is safe beside orders and others.',
      tag,
      access: employees,
      params: productParams,
      body: SetInventoryRequest,
      responses: { 200: StockSchema },
      errors: ['not_found', 'stock_below_reserved', 'bundle_without_stock'],
      async handler({ params: { productId }, body, principal, companyId, now }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewStock(await setInventory(tx, { productId, ...body, userId: principal?.userId ?? null, now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/inventory/:productId/adjust',
      operationId: 'adjustInventory',
      summary: 'Add units or take some away',
      description: 'With an Idempotency-Key a repeat counts once.',
      tag,
      access: employees,
      params: productParams,
      body: AdjustInventoryRequest,
      responses: { 200: StockSchema },
      errors: ['not_found', 'stock_below_reserved', 'bundle_without_stock'],
      async handler({ params: { productId }, body, principal, companyId, effectKey, now }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const userId = principal?.userId ?? null;

          return viewStock(await adjustInventory(tx, { productId, ...body, userId, effectKey, now }), timeZone);
        });

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/inventory/:productId/movements',
      operationId: 'listStockMovements',
      summary: "Read the ledger of a product's quantity, newest first",
      tag,
      access: employees,
      params: productParams,
      query: ListMovementsQuery,
      responses: { 200: pageOf(MovementSchema) },
      errors: ['not_found'],
      async handler({ params: { productId }, query: { limit, cursor }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          await readInventory(tx, productId);
          const rows = await listMovements(tx, { productId, before, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewMovement(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
  ];
}
