import { z } from 'zod';

import { AppError } from '../../domain/errors';
import { assertMaySee, namedCustomer, ownCustomer } from '../../domain/identity/principal';
import { viewOrder } from '../../domain/orders/order-view';
import { listOrders, type OrderFilter, readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { createdWithin } from '../http/pipeline/created-within';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { CustomerParams, ListCustomerOrdersQuery, ListOrdersQuery, OrderSchema, tag } from './schemas';

/** Orders as PostgreSQL has them. */
export function createOrderReadRoutes({ database }: ApiDependencies): Route[] {
  const list = async (
    companyId: number,
    {
      limit,
      cursor,
      from,
      to,
      ...filter
    }: Omit<OrderFilter, 'before'> & {
      cursor?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
    },
  ) => {
    const before = decodeCursor(z.int(), cursor);
    const created = await createdWithin(database, companyId, { from, to });
    const rows = await database.withTenantSql(companyId, (tx) =>
      listOrders(tx, { ...filter, ...created, before, limit: limit + 1 }),
    );

    return { status: 200, body: toPage(rows, { limit, positionOf: (row) => row.id, view: viewOrder }) };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/orders',
      operationId: 'listOrders',
      summary: 'List orders, newest first',
      description: 'Customers see their own.',
      tag,
      access: signedIn,
      query: ListOrdersQuery,
      responses: { 200: pageOf(OrderSchema) },
      handler: ({ query, companyId, principal }) =>
        list(companyId, { ...query, customerId: namedCustomer(principal, query.customerId) }),
    }),
    defineRoute({
      method: 'get',
      path: '/orders/customer/:customerId',
      operationId: 'listCustomerOrders',
      summary: "List a customer's orders, newest first",
      tag,
      access: signedIn,
      params: CustomerParams,
      query: ListCustomerOrdersQuery,
      responses: { 200: pageOf(OrderSchema) },
      errors: ['not_found'],
      async handler({ params: { customerId }, query, companyId, principal }) {
        assertMaySee(principal, customerId);

        return list(companyId, { ...query, customerId });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/orders/:id',
      operationId: 'readOrder',
      summary: 'Read an order with its items, invoice and payments',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: OrderSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal }) {
        const order = await database.withTenantSql(companyId, (tx) =>
          readOrder(tx, { orderId: id, customerId: ownCustomer(principal) }),
        );

        if (order === null) {
          throw new AppError('not_found', { detail: `There is no order ${id}.` });
        }

        return { status: 200, body: viewOrder(order) };
      },
    }),
  ];
}
