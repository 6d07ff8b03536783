import { actingFor } from '../../domain/identity/principal';
import { viewOrder } from '../../domain/orders/order-view';
import { readOrder } from '../../domain/orders/read-orders';
import { createTokenSeal } from '../../domain/payments/token-seal';
import type { ApiDependencies } from '../dependencies';
import { promotionErrors } from '../promotions/promotion-errors';
import { defineRoute, type Reply, type Route, signedIn } from '../http/pipeline/route';
import { placeOrderByWorkflow } from './place-order';
import { PlacementGate } from './placement-gate';
import { CreateOrderRequest, OrderAcceptedSchema, OrderSchema, tag } from './schemas';

/** `POST /orders`: one gate for all placements of this process (D13). */
export function createOrderRoute(deps: ApiDependencies): Route {
  const { database } = deps;
  const { sealToken } = createTokenSeal(deps.config.JWT_SECRET);
  const gate = new PlacementGate(deps.config.MAX_PLACEMENTS, deps.metrics.placementsInFlight);

  return defineRoute({
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
      'price_not_in_currency',
      'out_of_stock',
      'model_not_accepting',
      'payment_method_unavailable',
      'payment_token_required',
      ...promotionErrors,
      'amount_out_of_range',
      'strategy_mismatch',
    ],
    reserves: 'order',
    door: 'orders',
    async handler({ body, companyId, principal, reservedId, isRepeat, ip, now }): Promise<Reply> {
      const { promotionCode, promotionCodes, currency, ...wanted } = body;
      const placement = await placeOrderByWorkflow(
        deps,
        gate,
        {
          ...wanted,
          companyId,
          orderId: reservedId,
          customerId: actingFor(principal, body.customerId),
          billingAddress: body.billingAddress ?? null,
          paymentToken: body.paymentToken == null ? null : sealToken(body.paymentToken),
          customerIp: ip,
          locale: 'vi',
          ...(currency === undefined ? {} : { currency }),
          ...(promotionCode == null ? {} : { promotionCode }),
          ...(promotionCodes === undefined ? {} : { promotionCodes }),
        },
        { now, isRepeat },
      );
      const order = await readOrder(database.eachAlone(companyId), { orderId: reservedId });
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
  });
}
