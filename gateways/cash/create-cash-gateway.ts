import { type PaymentGateway } from '../../domain/payments/payment-gateway';
import { paymentReference } from '../payment-reference';

/**
 * Cash on delivery: nothing to visit, nothing to charge, nothing that expires (D11). Whoever delivers takes the money,
 * and a person gives it back, so there is no `refund`.
 */
export function createCashGateway(config: { referencePrefix: string }): PaymentGateway {
  return {
    method: 'cod',
    isSimulated: true,
    initiate: (request) => ({
      paymentUrl: null,
      reference: paymentReference(config.referencePrefix, request.paymentId),
      expiresAt: null,
    }),
  };
}
