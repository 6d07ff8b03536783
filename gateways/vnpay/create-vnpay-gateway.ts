import {
  type InitiateRequest,
  type Initiation,
  type PaymentGateway,
  type ReturnReading,
} from '../../domain/payments/payment-gateway';
import { paymentReference } from '../payment-reference';
import { answerIpn } from './answer-ipn';
import { queryVnpayPayment } from './query-payment';
import { failureReasonOf, verifyVnpayCallback } from './read-callback';
import { refundVnpayPayment } from './refund-payment';
import {
  DEFAULT_EXPIRY_MARGIN_MS,
  DEFAULT_OPEN_LINK_LIFETIME_MS,
  DEFAULT_SERVER_IP,
  VNPAY_VERSION,
  type VnpayConfig,
} from './vnpay-config';
import { fromVnpayDate, toIpAddress, toOrderInfo, toVnpayAmount, toVnpayDate, VNPAY_CURRENCIES } from './vnpay-rules';
import { signedUrl } from './vnpay-signature';

const ORDER_TYPE = 'other';

/**
 * VNPay's payment page, protocol 2.1.0. It has no `charge`: the product `pay` cannot charge a saved card, so a renewal
 * paid by VNPay is an invoice with a link (D16).
 *
 * @param onError told about errors of our own behind an IPN answer 99
 */
export function createVnpayGateway(config: VnpayConfig, onError?: (error: unknown) => void): PaymentGateway {
  return {
    method: 'vnpay',
    isSimulated: false,
    currencies: VNPAY_CURRENCIES,
    initiate: (request) => initiateVnpayPayment(config, request),
    query: (request) => queryVnpayPayment(config, request),
    refund: (request) => refundVnpayPayment(config, request),
    answerCallback: async (callback, store) => ({
      status: 200,
      body: await answerIpn(callback.query, config, store, onError),
    }),
    readReturn: (query) => readVnpayReturn(query, config),
  };
}

/** The signed payment address. `vnp_TxnRef` never repeats, because it holds the payment's id. */
export function initiateVnpayPayment(config: VnpayConfig, request: InitiateRequest): Initiation {
  const reference = paymentReference(config.referencePrefix, request.paymentId);
  const expiry = toVnpayDate(pageCloses(config, request));
  const paymentUrl = signedUrl(
    config.payUrl,
    {
      vnp_Version: VNPAY_VERSION,
      vnp_Command: 'pay',
      vnp_TmnCode: config.tmnCode,
      vnp_Amount: toVnpayAmount(request.amount, request.currency),
      vnp_CurrCode: 'VND',
      vnp_TxnRef: reference,
      vnp_OrderInfo: toOrderInfo(request.description, `Thanh toan ${reference}`),
      vnp_OrderType: ORDER_TYPE,
      vnp_Locale: request.locale === 'en' ? 'en' : 'vn',
      vnp_ReturnUrl: config.returnUrl,
      vnp_IpAddr: toIpAddress(request.customerIp, DEFAULT_SERVER_IP),
      vnp_CreateDate: toVnpayDate(request.now),
      vnp_ExpireDate: expiry,
    },
    config.hashSecret,
  );

  return { paymentUrl, reference, expiresAt: fromVnpayDate(expiry) };
}

/** The page closes a margin before we stop waiting (D11), but never takes more than half of a short window. */
function pageCloses(config: VnpayConfig, request: InitiateRequest): Date {
  const now = new Date(request.now).getTime();

  if (request.payBy === null) {
    return new Date(now + (config.openLinkLifetimeMs ?? DEFAULT_OPEN_LINK_LIFETIME_MS));
  }
  const payBy = new Date(request.payBy).getTime();
  const margin = Math.min(config.expiryMarginMs ?? DEFAULT_EXPIRY_MARGIN_MS, (payBy - now) / 2);

  return new Date(payBy - Math.max(0, margin));
}

function readVnpayReturn(query: Readonly<Record<string, unknown>>, config: VnpayConfig): ReturnReading {
  const reading = verifyVnpayCallback(query, config);

  if (!reading.isValid) {
    return { isAuthentic: false };
  }
  const { callback } = reading;

  return {
    isAuthentic: true,
    reference: callback.reference,
    outcome: callback.isPaid ? 'success' : 'failed',
    needsReview: callback.needsReview,
    failureReason: callback.isPaid ? null : failureReasonOf(callback),
  };
}
