import { isIP } from 'node:net';
import { AppError } from '../../domain/errors';
import { formatMoney } from '../../domain/money/currency-rules';

export const VNPAY_CURRENCIES = ['VND'] as const;
const VNPAY_AMOUNT_FACTOR = 100;
/** vnp_Amount has at most 12 digits. */
const MAX_VND = 9_999_999_999;
/** Vietnam keeps UTC+7 all year. A fixed offset also avoids the zone name Etc/GMT+7, which means UTC−7. */
const VIETNAM_OFFSET_MS = 7 * 60 * 60_000;
const ORDER_INFO_LENGTH = 255;

/**
 * vnp_Amount of an amount in VND: times 100, although VND has no minor unit. The only place that multiplies.
 * @throws AppError `currency_mismatch` for anything but VND, `amount_out_of_range` outside 1 … 9,999,999,999 VND.
 */
export function toVnpayAmount(amount: number, currency: string): string {
  if (currency !== 'VND') {
    throw new AppError('currency_mismatch', { detail: `VNPay takes VND, not ${currency}.`, field: 'currency' });
  }
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > MAX_VND) {
    throw new AppError('amount_out_of_range', {
      detail: `VNPay takes 1 to ${formatMoney(MAX_VND, 'VND')}, not ${amount}.`,
    });
  }

  return String(amount * VNPAY_AMOUNT_FACTOR);
}

/** VND of a received vnp_Amount; null when it is no whole number of VND. The only place that divides. */
export function fromVnpayAmount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,12}$/.test(text)) {
    return null;
  }
  const hundredths = Number(text);

  return hundredths % VNPAY_AMOUNT_FACTOR === 0 ? hundredths / VNPAY_AMOUNT_FACTOR : null;
}

/** yyyyMMddHHmmss in UTC+7; fractions of a second are dropped. `instant` is ISO 8601 or a Date. */
export function toVnpayDate(instant: string | Date): string {
  const shifted = new Date(new Date(instant).getTime() + VIETNAM_OFFSET_MS);

  return shifted.toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

/** The instant (ISO 8601, UTC) of yyyyMMddHHmmss in UTC+7; null when there is no such date. */
export function fromVnpayDate(text: string | undefined): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '');
  if (parts === null) {
    return null;
  }
  const [, year, month, day, hour, minute, second] = parts;
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(local.getTime())) {
    return null;
  }
  const instant = new Date(local.getTime() - VIETNAM_OFFSET_MS);

  // A parser that rolls 31 April over to 1 May would not give the same text back.
  return toVnpayDate(instant) === text ? instant.toISOString() : null;
}

/** The calendar day (yyyyMMdd) on which VNPay counts an instant; references and request ids are unique within it. */
export function vnpayDay(instant: string | Date): string {
  return toVnpayDate(instant).slice(0, 8);
}

/** Vietnamese without accents, no special characters, 1 to 255 long; `fallback` when nothing is left. */
export function toOrderInfo(text: string, fallback: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, ORDER_INFO_LENGTH)
    .trim();

  return plain === '' ? fallback : plain;
}

/** vnp_IpAddr, 7 to 45 characters: an IPv4 or full IPv6 address; `fallback` for what does not fit (`::1`). */
export function toIpAddress(address: string | null | undefined, fallback: string): string {
  const bare = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');

  return isIP(bare) !== 0 && bare.length >= 7 && bare.length <= 45 ? bare : fallback;
}
