import type { PaymentGateway, PaymentGateways } from '../domain/payments/payment-gateway';
import type { TokenSeal } from '../domain/payments/token-seal';

/** The same methods, charging tokens that come sealed out of a workflow as well as saved ones. */
export function openSealedTokens(
  gateways: PaymentGateways,
  { openToken }: Pick<TokenSeal, 'openToken'>,
): PaymentGateways {
  const opening = (gateway: PaymentGateway): PaymentGateway => {
    const charge = gateway.charge?.bind(gateway);

    return charge === undefined
      ? gateway
      : { ...gateway, charge: async (request) => charge({ ...request, token: openToken(request.token) }) };
  };

  return new Map([...gateways].map(([method, gateway]) => [method, opening(gateway)]));
}
