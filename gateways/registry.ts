import { type PaymentGateway, type PaymentGateways } from '../domain/payments/payment-gateway';
import { type CardLedger } from './card/card-ledger';
import { createCardGateway } from './card/create-card-gateway';
import { createCashGateway } from './cash/create-cash-gateway';
import { createVnpayGateway } from './vnpay/create-vnpay-gateway';
import { type VnpayConfig } from './vnpay/vnpay-config';

export interface GatewayRegistryConfig {
  /** See `paymentReference`. */
  referencePrefix: string;
  /** Null: this installation has no contract with VNPay. */
  vnpay: Omit<VnpayConfig, 'referencePrefix'> | null;
  /** Books of the simulated card. Null where nobody may pay with play money. */
  cardLedger: CardLedger | null;
  /** Told about errors of our own behind an answer to a provider. */
  onCallbackError?: (error: unknown) => void;
}

/** The payment methods of this installation. One line per provider. */
export function createGatewayRegistry(config: GatewayRegistryConfig): PaymentGateways {
  const { referencePrefix, vnpay, cardLedger, onCallbackError } = config;
  const gateways: (PaymentGateway | null)[] = [
    createCashGateway({ referencePrefix }),
    vnpay && createVnpayGateway({ ...vnpay, referencePrefix }, onCallbackError),
    cardLedger && createCardGateway({ ledger: cardLedger, referencePrefix }),
  ];

  return new Map(gateways.filter((gateway) => gateway !== null).map((gateway) => [gateway.method, gateway]));
}
