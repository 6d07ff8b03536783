import type { Settings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import type { PaymentGateway, PaymentGateways, PaymentMethod } from './payment-gateway';

/** Whoever pays, as far as ways to pay ask. */
interface PayingAccount {
  currency: string;
  isOnClock: boolean;
}

/**
 * A way to pay that somebody chooses for what will be billed: offered here, simulated on a test clock (D26), and of the
 * account's currency, so that no invoice to come is refused by it. Null: they choose with each invoice.
 * @throws AppError payment_method_unavailable, currency_mismatch on /paymentMethod
 */
export function requireOfferedMethod(
  method: PaymentMethod | null,
  account: PayingAccount,
  { gateways, settings }: { gateways: PaymentGateways; settings: Settings },
): void {
  if (method === null) {
    return;
  }
  const gateway = gateways.get(method);

  if (gateway === undefined || !settings.paymentMethods.includes(method)) {
    throw notOffered(method, { gateways, settings });
  }

  requireFittingMethod(gateway, account);
}

/** The refusal of a way to pay, with those that can be used: a company may name some that this installation does not have. */
export function notOffered(
  method: PaymentMethod,
  { gateways, settings }: { gateways: PaymentGateways; settings: Settings },
): AppError {
  const offered = settings.paymentMethods.filter((one) => gateways.has(one));
  const instead =
    offered.length === 0
      ? 'nor is any other way to pay: see the setting paymentMethods.'
      : `use ${offered.join(', ')}.`;

  return new AppError('payment_method_unavailable', {
    detail: `${method} is not offered here, ${instead}`,
    field: '/paymentMethod',
    params: { paymentMethods: offered },
  });
}

/**
 * Whether a way to pay can take money of an account at all.
 * @throws AppError payment_method_unavailable, currency_mismatch on /paymentMethod
 */
export function requireFittingMethod(
  { method, isSimulated, currencies }: PaymentGateway,
  { currency, isOnClock }: PayingAccount,
): void {
  const field = '/paymentMethod';

  if (isOnClock && !isSimulated) {
    const detail = 'Customers on a test clock pay by simulated methods only.';

    throw new AppError('payment_method_unavailable', { field, detail });
  }

  if (currencies !== undefined && !currencies.includes(currency)) {
    throw new AppError('currency_mismatch', {
      field,
      detail: `${method} takes ${currencies.join(', ')}, not ${currency}.`,
    });
  }
}
