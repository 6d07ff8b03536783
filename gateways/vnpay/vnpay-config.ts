/** What a VNPay merchant connection needs. Read from the environment by `platform/config.ts`, never here. */
export interface VnpayConfig {
  /** Terminal code, 8 characters, and its secret: both come from VNPay. */
  tmnCode: string;
  hashSecret: string;
  /** The payment page, `https://…/paymentv2/vpcpay.html`. */
  payUrl: string;
  /** querydr and refund, `https://…/merchant_webapi/api/transaction`. */
  apiUrl: string;
  /** Where VNPay sends the customer's browser afterwards; 10 to 255 characters. */
  returnUrl: string;
  /** See `paymentReference`. */
  referencePrefix: string;
  /** Address of this server, told to VNPay with querydr and refund. */
  serverIp?: string;
  /** How long before `payBy` the page closes, so that an answer still arrives in time (D11). Default 60 s. */
  expiryMarginMs?: number;
  /** Life of a link that nothing waits for, such as that of an unpaid invoice. Default 24 h. */
  openLinkLifetimeMs?: number;
  /** Deadline of one querydr or refund call. Default 10 s. */
  requestTimeoutMs?: number;
}

export const VNPAY_VERSION = '2.1.0';
export const DEFAULT_EXPIRY_MARGIN_MS = 60_000;
export const DEFAULT_OPEN_LINK_LIFETIME_MS = 24 * 60 * 60_000;
export const DEFAULT_REQUEST_TIMEOUT_MS = 10_000;
export const DEFAULT_SERVER_IP = '127.0.0.1';
