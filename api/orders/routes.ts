import { z } from 'zod';

import { AppError } from '../../domain/errors';
import { ownCustomer, type Principal } from '../../domain/identity/principal';
import { viewOrder } from '../../domain/orders/order-view';
import { listOrders, type OrderFilter, readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/fields';
import { decodeCursor, pageOf, toPage } from '../http/page';
import { defineRoute, employees, type Reply, type Route, signedIn } from '../http/route';
import { placeOrderByWorkflow } from './place-order';
import { PlacementGate } from './placement-gate';
import {
  CancelOrderRequest,
  CreateOrderRequest,
  CustomerParams,
  DeliverOrderRequest,
  ListCustomerOrdersQuery,
  ListOrdersQuery,
  OrderAcceptedSchema,
  OrderSchema,
  PayOrderRequest,
  ShipOrderRequest,
} from './schemas';
import { updateOrder } from './update-order';

const tag = 'Orders';

/** Retail orders. Reads come from PostgreSQL; every change goes through the workflow `order/<id>`. */
export function createOrdersRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const gate = new PlacementGate(deps.config.MAX_PLACEMENTS, deps.metrics.placementsInFlight);
  const list = async (
    companyId: number,
    {
      limit,
      cursor,
      ...filter
    }: Omit<OrderFilter, 'before' | 'limit'> & { limit: number; cursor?: string | undefined },
  ) => {
    const before = decodeCursor(z.int(), cursor);
    const rows = await database.withTenantSql(companyId, (tx) =>
      listOrders(tx, { ...filter, before, limit: limit + 1 }),
    );

    return { status: 200, body: toPage(rows, { limit, positionOf: (row) => row.id, view: viewOrder }) };
  };

  return [
    defineRoute({
      method: 'post',
      path: '/orders',
      operationId: 'createOrder',
      summary: 'Place an order',
      description:
        'Prices are the server’s; a sent price that differs is refused. The answer comes when order, reservation, invoice and payment are committed. Send an Idempotency-Key, so that a repeat cannot order twice.',
      tag,
      access: signedIn,
      body: CreateOrderRequest,
      responses: { 201: OrderSchema, 202: OrderAcceptedSchema },
      errors: [
        'customer_required',
        'customer_not_found',
        'product_not_found',
        'product_archived',
        'price_mismatch',
        'currency_mismatch',
        'out_of_stock',
        'model_not_accepting',
        'payment_method_unavailable',
        'payment_token_required',
        'promotion_not_found',
        'amount_out_of_range',
        'strategy_mismatch',
      ],
      reserves: 'order',
      async handler({ body, companyId, principal, reservedId, ip, now }): Promise<Reply> {
        if (body.promotionCode != null) {
          throw new AppError('promotion_not_found', {
            detail: `There is no promotion ${body.promotionCode}.`,
            field: '/promotionCode',
          });
        }

        const { promotionCode: _none, ...wanted } = body;
        const placement = await placeOrderByWorkflow(
          deps,
          gate,
          {
            ...wanted,
            companyId,
            orderId: reservedId,
            customerId: buyerOf(principal, body.customerId),
            billingAddress: body.billingAddress ?? null,
            paymentToken: body.paymentToken ?? null,
            customerIp: ip,
            locale: 'vi',
          },
          now,
        );
        const order = await database.withTenantSql(companyId, (tx) => readOrder(tx, { orderId: reservedId }));
        const location = `/api/v1/orders/${reservedId}`;

        if (placement === null && order === null) {
          return {
            status: 202,
            body: { id: reservedId, status: 'accepted', location },
            headers: { Location: location, 'Retry-After': '2' },
          };
        }

        if (order === null) {
          throw new Error(`Order ${reservedId} was placed but cannot be read.`);
        }

        return { status: 201, body: viewOrder(order), headers: { Location: location } };
      },
    }),
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
        list(companyId, { ...query, customerId: ownCustomer(principal) ?? query.customerId }),
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
        const own = ownCustomer(principal);

        if (own !== undefined && own !== customerId) {
          throw new AppError('not_found', { detail: `There is no customer ${customerId}.` });
        }

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
    defineRoute({
      method: 'post',
      path: '/orders/:id/pay',
      operationId: 'payOrder',
      summary: 'Start another payment of a pending order',
      description: 'After a failure, or to pay another way. The payment under way is superseded.',
      tag,
      access: signedIn,
      params: idParams,
      body: PayOrderRequest,
      responses: { 200: OrderSchema },
      errors: [
        'not_found',
        'order_state',
        'order_already_paid',
        'payment_method_unavailable',
        'payment_token_required',
      ],
      reserves: 'payment',
      async handler({ params: { id }, body, companyId, principal, reservedId, effectKey, ip }) {
        const message = {
          paymentId: reservedId,
          paymentMethod: body.paymentMethod ?? null,
          paymentToken: body.paymentToken ?? null,
          customerIp: ip,
          locale: 'vi',
        };

        return {
          status: 200,
          body: viewOrder(
            await updateOrder(deps, {
              companyId,
              orderId: id,
              customerId: ownCustomer(principal),
              name: 'pay',
              message,
              effectKey,
            }),
          ),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/orders/:id/cancel',
      operationId: 'cancelOrder',
      summary: 'Cancel an order that is not shipped',
      description: 'Stock is given back, an unpaid invoice voided, received money refunded.',
      tag,
      access: signedIn,
      params: idParams,
      body: CancelOrderRequest,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, body, companyId, principal, effectKey }) {
        return {
          status: 200,
          body: viewOrder(
            await updateOrder(deps, {
              companyId,
              orderId: id,
              customerId: ownCustomer(principal),
              name: 'cancelOrder',
              message: body,
              effectKey,
            }),
          ),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/orders/:id/ship',
      operationId: 'shipOrder',
      summary: 'Hand a confirmed order to a carrier',
      tag,
      access: employees,
      params: idParams,
      body: ShipOrderRequest,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, body, companyId, effectKey }) {
        return {
          status: 200,
          body: viewOrder(await updateOrder(deps, { companyId, orderId: id, name: 'ship', message: body, effectKey })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/orders/:id/deliver',
      operationId: 'deliverOrder',
      summary: 'Mark a shipped order delivered',
      description: 'Cash on delivery is paid with it.',
      tag,
      access: employees,
      params: idParams,
      body: DeliverOrderRequest,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, companyId, effectKey }) {
        return {
          status: 200,
          body: viewOrder(
            await updateOrder(deps, { companyId, orderId: id, name: 'deliver', message: undefined, effectKey }),
          ),
        };
      },
    }),
  ];
}

/** @throws AppError customer_required, forbidden */
function buyerOf(principal: Principal | null, customerId: number | undefined): number {
  const own = ownCustomer(principal);

  if (own !== undefined && customerId !== undefined && customerId !== own) {
    throw new AppError('forbidden', { detail: 'A customer orders for themselves only.', field: '/customerId' });
  }

  const buyer = own ?? customerId;

  if (buyer === undefined) {
    throw new AppError('customer_required', { detail: 'Name the customer the order is for.', field: '/customerId' });
  }

  return buyer;
}
