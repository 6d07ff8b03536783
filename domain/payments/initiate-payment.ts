import type { Settings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import type { Initiation, PaymentGateways, PaymentMethod } from './payment-gateway';
import { notOffered, requireFittingMethod } from './require-offered-method';

export interface PaymentToStart {
  method: PaymentMethod;
  token: string | null;
  /** A saved method is charged, whether customers may still choose it or not. */
  isOffSession?: boolean;
  /** Of a customer on a test clock. */
  isOnClock: boolean;
  paymentId: number;
  amount: number;
  currency: string;
  description: string;
  now: Date;
  /** When the order stops waiting; the provider's page closes earlier by the company's margin (D11). */
  payBy: Date | null;
  customerIp: string | null;
  locale: 'vi' | 'en';
}

/**
 * Asks the gateway what the customer needs in order to pay. Local and pure: it runs inside the placing transaction.
 * @throws AppError payment_method_unavailable, payment_token_required, currency_mismatch, amount_out_of_range
 */
export function initiatePayment(gateways: PaymentGateways, settings: Settings, payment: PaymentToStart): Initiation {
  const gateway = gateways.get(payment.method);

  const isOffered = payment.isOffSession === true || settings.paymentMethods.includes(payment.method);

  if (gateway === undefined || !isOffered) {
    throw notOffered(payment.method, { gateways, settings });
  }

  // Nothing to pay: no provider hears of it, and some refuse amounts of 0.
  if (payment.amount === 0) {
    return { paymentUrl: null, reference: `free/${payment.paymentId}`, expiresAt: null };
  }

  requireFittingMethod(gateway, payment);

  if (gateway.charge !== undefined && payment.token === null) {
    throw new AppError('payment_token_required', {
      detail: `Paying by ${payment.method} needs a paymentToken.`,
      field: '/paymentToken',
    });
  }

  return gateway.initiate({
    paymentId: payment.paymentId,
    amount: payment.amount,
    currency: payment.currency,
    description: payment.description,
    now: payment.now.toISOString(),
    payBy: payment.payBy && pageCloses(payment.now, payment.payBy, settings).toISOString(),
    customerIp: payment.customerIp,
    locale: payment.locale,
  });
}

/** A margin before the order stops waiting, but with a minute to pay in, should there be one. */
function pageCloses(now: Date, payBy: Date, settings: Settings): Date {
  const withMargin = payBy.getTime() - settings.paymentExpiryMarginSeconds * 1_000;

  return new Date(Math.min(payBy.getTime(), Math.max(now.getTime() + 60_000, withMargin)));
}

/** Whether a provider charges a token by itself, instead of waiting for the customer. */
export function isCharged(gateways: PaymentGateways, method: string): boolean {
  return gateways.get(method as PaymentMethod)?.charge !== undefined;
}
