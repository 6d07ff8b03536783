import { fromVnpayDate } from '../../gateways/vnpay/vnpay-rules';
import { hasValidSignature, type VnpayParams } from '../../gateways/vnpay/vnpay-signature';

/** Codes of the page's own errors: 70 wrong signature, 72 unknown terminal, 03 format, 15 expired, 94 reference used before. */
export type PageErrorCode = '70' | '72' | '03' | '15' | '94';

export interface PayRequest {
  txnRef: string;
  amount: number;
  orderInfo: string;
  returnUrl: string;
  locale: string;
  createDate: string;
  expireDate: string;
}

export type PayRequestCheck =
  { isAccepted: true; request: PayRequest } | { isAccepted: false; code: PageErrorCode; field: string };

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['vnp_Version', /^2\.1\.0$/],
  ['vnp_Command', /^pay$/],
  ['vnp_CurrCode', /^VND$/],
  ['vnp_Amount', /^[1-9]\d{0,11}$/],
  ['vnp_TxnRef', /^[\x21-\x7e]{1,100}$/],
  // Vietnamese without accents: plain ASCII.
  ['vnp_OrderInfo', /^[\x20-\x7e]{1,255}$/],
  ['vnp_OrderType', /^.{1,100}$/],
  ['vnp_Locale', /^(?:vn|en)$/],
  ['vnp_IpAddr', /^[0-9A-Fa-f.:]{7,45}$/],
  ['vnp_ReturnUrl', /^https?:\/\/.{2,247}$/],
];

/**
 * Checks a payment address as strictly as the protocol is written, so that a merchant's mistake shows here first.
 * @param query all parameters as received; those that are not `vnp_*` are not looked at
 */
export function checkPayRequest(
  query: Readonly<Record<string, unknown>>,
  merchant: { tmnCode: string; hashSecret: string },
  now: Date,
): PayRequestCheck {
  const entries = Object.entries(query).filter(([name]) => name.startsWith('vnp_'));
  const repeated = entries.find(([, value]) => typeof value !== 'string');

  if (repeated !== undefined) {
    return refuse('03', repeated[0]);
  }
  const params = Object.fromEntries(entries) as VnpayParams;

  if (params.vnp_TmnCode !== merchant.tmnCode) {
    return refuse('72', 'vnp_TmnCode');
  }
  if (!hasValidSignature(params, merchant.hashSecret)) {
    return refuse('70', 'vnp_SecureHash');
  }
  // The hash type belongs to version 2.0; a merchant that sends it mixes two protocols.
  if (params.vnp_SecureHashType !== undefined) {
    return refuse('03', 'vnp_SecureHashType');
  }
  const misformed = FORMATS.find(([name, format]) => !format.test(params[name] ?? ''));

  return misformed === undefined ? checkDates(params, now) : refuse('03', misformed[0]);
}

function checkDates(params: VnpayParams, now: Date): PayRequestCheck {
  const { vnp_CreateDate: createDate = '', vnp_ExpireDate: expireDate = '' } = params;
  const expires = fromVnpayDate(expireDate);

  if (fromVnpayDate(createDate) === null) {
    return refuse('03', 'vnp_CreateDate');
  }
  if (expires === null || expireDate <= createDate) {
    return refuse('03', 'vnp_ExpireDate');
  }
  if (new Date(expires) <= now) {
    return refuse('15', 'vnp_ExpireDate');
  }

  return {
    isAccepted: true,
    request: {
      txnRef: params.vnp_TxnRef ?? '',
      amount: Number(params.vnp_Amount),
      orderInfo: params.vnp_OrderInfo ?? '',
      returnUrl: params.vnp_ReturnUrl ?? '',
      locale: params.vnp_Locale ?? 'vn',
      createDate,
      expireDate,
    },
  };
}

function refuse(code: PageErrorCode, field: string): PayRequestCheck {
  return { isAccepted: false, code, field };
}
