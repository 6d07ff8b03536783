import type { Settings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import type { PaymentGateways, PaymentMethod } from './payment-gateway';

/**
 * A way to pay that somebody chooses for what will be billed: offered here, simulated on a test clock (D26), and of the
 * account's currency, so that no invoice to come is refused by it. Null: they choose with each invoice.
 * @throws AppError payment_method_unavailable, currency_mismatch on /paymentMethod
 */
export function requireOfferedMethod(
  method: PaymentMethod | null,
  { currency, isOnClock }: { currency: string; isOnClock: boolean },
  { gateways, settings }: { gateways: PaymentGateways; settings: Settings },
): void {
  if (method === null) {
    return;
  }
  const field = '/paymentMethod';
  const gateway = gateways.get(method);

  if (gateway === undefined || !settings.paymentMethods.includes(method)) {
    const detail = `${method} is not offered here. Use ${settings.paymentMethods.join(', ')}.`;

    throw new AppError('payment_method_unavailable', { field, detail });
  }

  if (isOnClock && !gateway.isSimulated) {
    const detail = 'Customers on a test clock pay by simulated methods only.';

    throw new AppError('payment_method_unavailable', { field, detail });
  }

  if (gateway.currencies !== undefined && !gateway.currencies.includes(currency)) {
    throw new AppError('currency_mismatch', {
      field,
      detail: `${method} takes ${gateway.currencies.join(', ')}, not ${currency}.`,
    });
  }
}
