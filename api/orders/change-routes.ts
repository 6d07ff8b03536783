import { ownCustomer } from '../../domain/identity/principal';
import { orderCommands, PayOrderRequest } from '../../domain/orders/order-command-schema';
import { viewOrder } from '../../domain/orders/order-view';
import { createTokenSeal } from '../../domain/payments/token-seal';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { defineRoute, employees, type Route, signedIn } from '../http/pipeline/route';
import { OrderSchema, tag } from './schemas';
import { updateOrder } from './update-order';

/** What is done with an order that stands: each an update of its workflow. */
export function createOrderChangeRoutes(deps: ApiDependencies): Route[] {
  const { sealToken } = createTokenSeal(deps.config.JWT_SECRET);

  return [
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
        'currency_mismatch',
        'amount_out_of_range',
      ],
      reserves: 'payment',
      async handler({ params: { id }, body, companyId, principal, reservedId, effectKey, isRepeat, ip }) {
        const message = {
          paymentId: reservedId,
          ...body,
          paymentToken: body.paymentToken === null ? null : sealToken(body.paymentToken),
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
              isRepeat,
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
      body: orderCommands.cancelOrder,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, body, companyId, principal, effectKey, isRepeat }) {
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
              isRepeat,
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
      body: orderCommands.ship,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, body, companyId, effectKey, isRepeat }) {
        return {
          status: 200,
          body: viewOrder(
            await updateOrder(deps, { companyId, orderId: id, name: 'ship', message: body, effectKey, isRepeat }),
          ),
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
      body: orderCommands.deliver,
      responses: { 200: OrderSchema },
      errors: ['not_found', 'order_state'],
      async handler({ params: { id }, companyId, effectKey, isRepeat }) {
        return {
          status: 200,
          body: viewOrder(
            await updateOrder(deps, {
              companyId,
              orderId: id,
              name: 'deliver',
              message: undefined,
              effectKey,
              isRepeat,
            }),
          ),
        };
      },
    }),
  ];
}
